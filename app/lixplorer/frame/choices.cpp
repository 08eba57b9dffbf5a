#include "frame/choices.h"

#include <QFileDialog>
#include <QKeyEvent>
#include <QWheelEvent>
#include <algorithm>

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

CheckpointBox::CheckpointBox(Desk& desk, QWidget* parent) : ElidingBox(parent), desk_(desk) {
  shape(*this);
  setAccessibleName(tr("Checkpoint"));
  setToolTip(tr("The checkpoint to use; its last entry opens a folder."));
  connect(&desk.checkpoints(), &CheckpointShelf::changed, this, &CheckpointBox::refill);
  connect(&desk.checkpoints(), &CheckpointShelf::added, this, [this](const QString& folder) {
    if (folder == pending_) {
      pending_.clear();
      setFolder(folder.toStdString());
    }
  });
  connect(this, &QComboBox::currentIndexChanged, this, [this] {
    if (!filling_ && currentIndex() >= 0 && currentData().toString() != kOpen && currentData().toString() != wanted_) {
      wanted_ = currentData().toString();
      Q_EMIT chosen();
    }
  });
  connect(this, &QComboBox::activated, this, [this] {
    if (currentData().toString() == kOpen) {
      askForFolder();
    }
  });
  refill();
}

void CheckpointBox::askForFolder() {
  filling_ = true;
  choose(*this, wanted_, wanted_);
  filling_ = false;
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a checkpoint folder"));
  if (!folder.isEmpty()) {
    pending_ = folder;
    desk_.checkpoints().add(folder.toStdString());
  }
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
  looked_ = false;
  settle();
  if (currentIndex() >= 0 && currentData().toString() != before) {
    Q_EMIT chosen();
  }
}

int CheckpointBox::lastCheckpoint() const {
  int last = count() - 1;
  while (last >= 0 && (itemData(last).toString() == kOpen || itemText(last).isEmpty())) {
    --last;
  }
  return last;
}

void CheckpointBox::settle() {
  filling_ = true;
  const int found = findData(wanted_);
  if (found >= 0 || wanted_.isEmpty() || desk_.checkpoints().entries().empty()) {
    choose(*this, wanted_, QString());
  } else if (!looked_) {  // a run may have saved it a moment ago
    looked_ = true;
    setCurrentIndex(-1);
    desk_.checkpoints().refresh();
  } else {
    choose(*this, QString(), QString());
    desk_.say(widgets::Severity::Warning, tr("There is no checkpoint at %1 that can be used here, so %2 is.").arg(wanted_, currentText()));
    wanted_ = currentData().toString();
  }
  filling_ = false;
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
  filling_ = false;
  settle();
  if (currentIndex() >= 0 && currentData().toString() != before) {
    if (wanted_.isEmpty()) {
      wanted_ = currentData().toString();
    }
    Q_EMIT chosen();
  }
}

void CheckpointBox::keyPressEvent(QKeyEvent* event) {
  const bool down = event->key() == Qt::Key_Down || event->key() == Qt::Key_PageDown || event->key() == Qt::Key_End;
  if (down && !(event->modifiers() & Qt::AltModifier)) {  // keys walk the checkpoints and open no dialog
    setCurrentIndex(event->key() == Qt::Key_Down ? std::min(currentIndex() + 1, lastCheckpoint()) : lastCheckpoint());
    return;
  }
  ElidingBox::keyPressEvent(event);
}

void CheckpointBox::wheelEvent(QWheelEvent* event) { event->ignore(); }  // a page that scrolls changes no model

DatasetBox::DatasetBox(Desk& desk, QWidget* parent) : ElidingBox(parent), desk_(desk) {
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
