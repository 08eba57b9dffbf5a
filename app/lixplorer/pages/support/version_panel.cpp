#include "pages/support/version_panel.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "frame/page_parts.h"
#include "pages/support/words.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

/// The database's UTC moment as people here read it.
QString momentText(const std::string& utc) {
  const QDateTime moment = QDateTime::fromString(QString::fromStdString(utc), Qt::ISODateWithMs).toLocalTime();
  return moment.isValid() ? QLocale().toString(moment, QLocale::ShortFormat) : QString::fromStdString(utc);
}

}  // namespace

VersionPanel::VersionPanel(SupportBook& book, QWidget* parent)
    : SupportPanel(parent),
      book_(book),
      note_(new QLineEdit),
      list_(new QListWidget),
      save_(new QPushButton(widgets::icon("save"), tr("Save version"))),
      back_(new QPushButton(tr("Go back to it"))) {
  note_->setObjectName("support.note");
  note_->setPlaceholderText(tr("optional"));
  note_->setToolTip(tr("What is worth remembering of this version; Return saves it."));
  save_->setObjectName("support.saveVersion");
  save_->setToolTip(tr("Keeps the set as it stands as a version that never changes (Ctrl+S)."));
  list_->setObjectName("support.versions");
  list_->setAccessibleName(tr("Versions"));
  list_->setToolTip(tr("Saved versions, the newest first; Return goes back to one."));
  list_->setWordWrap(true);
  back_->setObjectName("support.goBack");
  back_->setToolTip(tr("Makes the chosen version the set again; Ctrl+Z takes that back."));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 8, 0, 0);
  column->setSpacing(8);
  column->addWidget(labelled(tr("Note"), note_));
  column->addWidget(save_);
  column->addWidget(list_, 1);
  column->addWidget(back_);
  connect(note_, &QLineEdit::returnPressed, this, &VersionPanel::save);
  connect(save_, &QPushButton::clicked, this, &VersionPanel::save);
  const auto goBack = [this] {
    if (const auto* item = list_->currentItem(); item != nullptr && !book_.isReadOnly()) {
      book_.goBack(item->data(Qt::UserRole).toLongLong());
    }
  };
  connect(back_, &QPushButton::clicked, this, goBack);
  connect(list_, &QListWidget::itemActivated, this, goBack);
  connect(list_, &QListWidget::currentRowChanged, this,
          [this](int row) { back_->setEnabled(row >= 0 && !book_.isReadOnly()); });
  connect(&book_, &SupportBook::versionsChanged, this, &VersionPanel::showVersions);
  connect(&book_, &SupportBook::opened, this, &VersionPanel::showVersions);
  showVersions();
}

void VersionPanel::save() {
  book_.saveVersion(note_->text());
  note_->clear();
}

void VersionPanel::showVersions() {
  const bool canEdit = book_.isOpen() && !book_.isReadOnly();
  note_->setEnabled(canEdit);
  save_->setEnabled(canEdit);
  const int before = list_->currentRow();
  list_->clear();
  for (const store::SupportVersionRow& version : book_.versions()) {
    QString text =
        tr("Version %1, %2").arg(version.version).arg(pictureCount(static_cast<std::size_t>(version.pictures))) + "\n" +
        momentText(version.savedAt);
    if (!version.note.empty()) {
      text += "\n" + QString::fromStdString(version.note);
    }
    auto* item = new QListWidgetItem(text, list_);
    item->setData(Qt::UserRole, version.version);
  }
  list_->setCurrentRow(before < list_->count() ? before : -1);
  back_->setEnabled(list_->currentRow() >= 0 && canEdit);
}

}  // namespace lix::app
