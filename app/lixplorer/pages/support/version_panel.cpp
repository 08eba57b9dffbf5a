#include "pages/support/version_panel.h"

#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "frame/page_parts.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastList = 76;
constexpr long long kNothing = -1;  // no comparison

/// The database's UTC moment as people here read it.
QString momentText(const std::string& utc) {
  const QDateTime moment = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODateWithMs).toLocalTime();
  return moment.isValid() ? QLocale().toString(moment, QLocale::ShortFormat) : QString::fromStdString(utc);
}

}  // namespace

VersionPanel::VersionPanel(Desk& desk, SupportBook& book, LiveScores& scores, const PredictionRun& predictions,
                           QWidget* parent)
    : SupportPanel(parent),
      book_(book),
      note_(new QLineEdit),
      list_(new QListWidget),
      save_(new QPushButton(widgets::icon("save"), tr("Save version"))),
      back_(new QPushButton(tr("Go back to it"))),
      rename_(new QToolButton),
      remove_(new QToolButton),
      other_(new QComboBox),
      hint_(new QLabel(tr("A version keeps the set as it stands now: save one, go on, and compare both or go back."))),
      comparison_(new VersionComparison(desk, book, scores, predictions)) {
  note_->setObjectName("support.note");
  note_->setPlaceholderText(tr("note, optional"));
  note_->setAccessibleName(tr("Note"));
  note_->setToolTip(tr("What is worth remembering of this version; Return saves it."));
  save_->setObjectName("support.saveVersion");
  save_->setToolTip(tr("Keeps the set as it stands as a version that never changes (Ctrl+S)."));
  hint_->setProperty("muted", true);
  hint_->setWordWrap(true);
  buildList();
  auto* first = new QHBoxLayout;
  first->setSpacing(6);
  first->addWidget(note_, 1);
  first->addWidget(save_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 6, 8, 0);
  column->setSpacing(6);
  column->addLayout(first);
  column->addWidget(hint_);
  column->addWidget(list_, 2);
  column->addWidget(buildActions());
  column->addWidget(comparison_, 3);
  connectAll();
  // Predictions' adapter is compared, which follows the one that all panels speak of.
  connect(&scores.shown(), &ShownAdapter::chosen, this, &VersionPanel::refresh, Qt::QueuedConnection);
  showVersions();
}

void VersionPanel::buildList() {
  list_->setObjectName("support.versions");
  list_->setAccessibleName(tr("Versions"));
  list_->setToolTip(tr("Saved versions, the newest first; Return goes back to one, F2 changes its note."));
  list_->setWordWrap(true);
  list_->setMinimumHeight(kLeastList);
}

QWidget* VersionPanel::buildActions() {
  back_->setObjectName("support.goBack");
  back_->setToolTip(tr("Makes the chosen version the set again; Ctrl+Z takes that back."));
  rename_->setObjectName("support.renameVersion");
  rename_->setIcon(widgets::icon("tag"));
  rename_->setAccessibleName(tr("Change the note"));
  rename_->setToolTip(tr("Gives the chosen version another note (F2 in the list)."));
  remove_->setObjectName("support.removeVersion");
  remove_->setIcon(widgets::icon("trash"));
  remove_->setAccessibleName(tr("Delete the version"));
  remove_->setToolTip(tr("Deletes the chosen version; that cannot be undone."));
  remove_->setPopupMode(QToolButton::InstantPopup);
  remove_->setStyleSheet("QToolButton::menu-indicator { image: none; }");
  remove_->setMenu(new QMenu(remove_));  // so that one slip of the mouse deletes nothing
  auto* confirm = remove_->menu()->addAction(tr("Delete this version"), this, [this] {
    if (chosen() > 0) {
      book_.removeVersion(chosen());
    }
  });
  confirm->setObjectName("support.confirmRemoveVersion");
  other_->setObjectName("support.compareWith");
  other_->setAccessibleName(tr("Compare the chosen version with"));
  other_->setToolTip(tr("Shows what differs between the chosen version and this: classes, pictures, accuracies."));
  other_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  other_->setMinimumContentsLength(6);
  auto* actions = new QWidget;
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  row->addWidget(back_);
  row->addStretch(1);
  row->addWidget(rename_);
  row->addWidget(remove_);
  auto* rows = new QVBoxLayout(actions);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(6);
  rows->addLayout(row);
  rows->addWidget(other_);
  return actions;
}

void VersionPanel::connectAll() {
  connect(note_, &QLineEdit::returnPressed, this, &VersionPanel::save);
  connect(save_, &QPushButton::clicked, this, &VersionPanel::save);
  const auto goBack = [this] {
    if (chosen() > 0 && !book_.isReadOnly()) {
      book_.goBack(chosen());
    }
  };
  connect(back_, &QPushButton::clicked, this, goBack);
  connect(list_, &QListWidget::itemActivated, this, goBack);
  connect(list_, &QListWidget::currentRowChanged, this, [this] { showOthers(); });
  connect(other_, &QComboBox::currentIndexChanged, this, &VersionPanel::compare);
  connect(rename_, &QToolButton::clicked, this, &VersionPanel::askNote);
  list_->installEventFilter(this);
  connect(&book_, &SupportBook::versionKept, this, [this] {
    if (note_->text() == saved_) {
      note_->clear();  // not before: a version that could not be kept is tried again with its note
    }
  });
  connect(&book_, &SupportBook::versionsChanged, this, &VersionPanel::showVersions);
  connect(&book_, &SupportBook::opened, this, [this] {
    comparison_->clear();
    showVersions();
  });
}

/// F2 renames the set elsewhere; in the list it is the version's.
bool VersionPanel::eventFilter(QObject* object, QEvent* event) {
  const bool isKey = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
  if (isKey && static_cast<QKeyEvent*>(event)->key() == Qt::Key_F2 && chosen() > 0) {
    event->accept();  // keeps the shortcut from being taken, so that the key comes here
    if (event->type() == QEvent::KeyPress) {
      askNote();
      return true;
    }
  }
  return SupportPanel::eventFilter(object, event);
}

void VersionPanel::setActive(bool active) {
  active_ = active;
  refresh();
}

void VersionPanel::refresh() {
  if (active_) {
    comparison_->refresh();
  }
}

long long VersionPanel::chosen() const {
  const auto* item = list_->currentItem();
  return item == nullptr ? 0 : item->data(Qt::UserRole).toLongLong();
}

void VersionPanel::save() {
  saved_ = note_->text();
  book_.saveVersion(saved_);
}

void VersionPanel::askNote() {
  const auto row = std::ranges::find(book_.versions(), chosen(), &store::SupportVersionRow::version);
  if (row == book_.versions().end() || book_.isReadOnly()) {
    return;
  }
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("support.versionNote");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Note of version %1").arg(row->version));
  dialog->setLabelText(tr("What is worth remembering of it"));
  dialog->setTextValue(QString::fromStdString(row->note));
  connect(dialog, &QInputDialog::textValueSelected, this,
          [this, version = row->version](const QString& note) { book_.renameVersion(version, note); });
  dialog->open();
}

void VersionPanel::showVersions() {
  const bool canEdit = book_.isOpen() && !book_.isReadOnly();
  note_->setEnabled(canEdit);
  save_->setEnabled(canEdit);
  const long long before = chosen();
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const store::SupportVersionRow& version : book_.versions()) {
      QString text =
          tr("Version %1, %2").arg(version.version).arg(pictureCount(static_cast<std::size_t>(version.pictures))) +
          "\n" + momentText(version.savedAt);
      if (!version.note.empty()) {
        text += "\n" + QString::fromStdString(version.note);
      }
      auto* item = new QListWidgetItem(text, list_);
      item->setData(Qt::UserRole, version.version);
      if (version.version == before) {
        list_->setCurrentItem(item);
      }
    }
  }
  hint_->setVisible(list_->count() == 0);
  showOthers();
}

/// What the chosen version can be compared with.
void VersionPanel::showOthers() {
  const bool canEdit = book_.isOpen() && !book_.isReadOnly();
  back_->setEnabled(chosen() > 0 && canEdit);
  rename_->setEnabled(chosen() > 0 && canEdit);
  remove_->setEnabled(chosen() > 0 && canEdit);
  other_->setEnabled(chosen() > 0);
  const QVariant before = other_->currentData();
  {
    const QSignalBlocker quiet(other_);
    other_->clear();
    other_->addItem(tr("Compare with..."), kNothing);
    other_->addItem(tr("As it stands"), VersionComparison::kAsItStands);
    for (const store::SupportVersionRow& version : book_.versions()) {
      if (version.version != chosen()) {
        other_->addItem(tr("Version %1").arg(version.version), version.version);
      }
    }
    other_->setCurrentIndex(std::max(0, chosen() > 0 ? other_->findData(before) : 0));
  }
  compare();
}

void VersionPanel::compare() {
  const long long with = other_->currentData().toLongLong();
  if (chosen() <= 0 || with == kNothing) {
    comparison_->clear();
    return;
  }
  // From the older to the newer one; the set as it stands is the newest.
  const bool isNewer = with == VersionComparison::kAsItStands || with > chosen();
  comparison_->compare(isNewer ? chosen() : with, isNewer ? with : chosen());
}

}  // namespace lix::app
