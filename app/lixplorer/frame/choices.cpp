#include "frame/choices.h"

#include <QFileDialog>
#include <QSignalBlocker>

#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "desk/desk.h"

namespace lix::app {
namespace {

constexpr int kLeastCharacters = 14;
const QString kOpen = QStringLiteral("\x01open");  // data of the entry that opens a folder

void shape(QComboBox& box) {
  box.setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box.setMinimumContentsLength(kLeastCharacters);
  box.setMaxVisibleItems(20);
}

/// Chooses the wanted entry, else the first; says whether the choice differs from before.
bool choose(QComboBox& box, const QString& wanted, const QString& before) {
  const int found = box.findData(wanted);
  box.setCurrentIndex(found >= 0 ? found : (box.count() > 0 && box.itemData(0).toString() != kOpen ? 0 : -1));
  return box.currentData().toString() != before;
}

}  // namespace

CheckpointBox::CheckpointBox(Desk& desk, QWidget* parent) : QComboBox(parent), desk_(desk) {
  shape(*this);
  setAccessibleName(tr("Checkpoint"));
  setToolTip(tr("The checkpoint to use; its last entry opens a folder."));
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &CheckpointBox::refill);
  connect(this, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_ && currentData().toString() != kOpen && currentData().toString() != wanted_) {
      wanted_ = currentData().toString();
      Q_EMIT chosen();
    }
  });
  connect(this, &QComboBox::activated, this, [this] {
    if (currentData().toString() != kOpen) {
      return;
    }
    const QSignalBlocker quiet(this);
    choose(*this, wanted_, wanted_);
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a checkpoint folder"));
    if (!folder.isEmpty()) {
      wanted_ = folder;
      desk_.checkpoints().add(folder.toStdString());
    }
  });
  refill();
}

void CheckpointBox::setFilter(std::function<bool(const std::string&)> filter) {
  filter_ = std::move(filter);
  refill();
}

void CheckpointBox::setNoneText(const QString& text) {
  noneText_ = text;
  refill();
}

std::filesystem::path CheckpointBox::folder() const {
  const QString data = currentData().toString();
  return data == kOpen ? std::filesystem::path() : std::filesystem::path(data.toStdString());
}

void CheckpointBox::setFolder(const std::filesystem::path& folder) {
  const QString before = currentData().toString();
  wanted_ = QString::fromStdString(folder.string());
  filling_ = true;
  const bool differs = choose(*this, wanted_, before);
  filling_ = false;
  if (differs) {
    Q_EMIT chosen();
  }
}

void CheckpointBox::refill() {
  const QString before = currentData().toString();
  filling_ = true;
  clear();
  if (!noneText_.isEmpty()) {
    addItem(noneText_, QString());
  }
  for (const CheckpointShelf::Entry& entry : desk_.checkpoints().entries()) {
    if (filter_ && !filter_(entry.recipe)) {
      continue;
    }
    const QString folder = QString::fromStdString(entry.folder.string());
    addItem(QString::fromStdString(entry.label), folder);
    setItemData(count() - 1, tr("%1, step %2, %3").arg(QString::fromStdString(entry.recipe)).arg(entry.step).arg(folder), Qt::ToolTipRole);
  }
  insertSeparator(count());
  addItem(tr("Open a folder..."), kOpen);
  const bool differs = choose(*this, wanted_, before);
  filling_ = false;
  if (differs) {
    if (wanted_.isEmpty()) {
      wanted_ = currentData().toString();
    }
    Q_EMIT chosen();
  }
}

DatasetBox::DatasetBox(Desk& desk, QWidget* parent) : QComboBox(parent), desk_(desk) {
  shape(*this);
  setAccessibleName(tr("Dataset"));
  setToolTip(tr("The dataset to use; add yours on the Data page."));
  connect(&desk.datasets(), &DatasetShelf::changed, this, &DatasetBox::refill);
  connect(this, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_ && currentData().toString() != wanted_) {
      wanted_ = currentData().toString();
      Q_EMIT chosen();
    }
  });
  refill();
}

void DatasetBox::setNoneText(const QString& text) {
  noneText_ = text;
  refill();
}

std::string DatasetBox::name() const { return currentData().toString().toStdString(); }

void DatasetBox::setName(const std::string& name) {
  const QString before = currentData().toString();
  wanted_ = QString::fromStdString(name);
  filling_ = true;
  const bool differs = choose(*this, wanted_, before);
  filling_ = false;
  if (differs) {
    Q_EMIT chosen();
  }
}

void DatasetBox::refill() {
  const QString before = currentData().toString();
  filling_ = true;
  clear();
  if (!noneText_.isEmpty()) {
    addItem(noneText_, QString());
  }
  for (const DatasetShelf::Entry& entry : desk_.datasets().entries()) {
    addItem(QString::fromStdString(entry.name), QString::fromStdString(entry.name));
    setItemData(count() - 1, entry.builtIn ? tr("comes with the program") : QString::fromStdString(entry.spec.path), Qt::ToolTipRole);
  }
  const bool differs = choose(*this, wanted_, before);
  filling_ = false;
  if (differs) {
    if (wanted_.isEmpty()) {
      wanted_ = currentData().toString();
    }
    Q_EMIT chosen();
  }
}

}  // namespace lix::app
