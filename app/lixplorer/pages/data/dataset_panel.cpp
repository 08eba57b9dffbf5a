#include "pages/data/dataset_panel.h"

#include <QContextMenuEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include "pages/data/two_text_delegate.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kNameRole = Qt::UserRole + 1;
constexpr int kRemovableRole = Qt::UserRole + 2;

}  // namespace

DatasetPanel::DatasetPanel(QWidget* parent) : QWidget(parent), list_(new QListWidget), undo_(new QFrame), undoText_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* heading = new QLabel(tr("Datasets"));
  heading->setProperty("heading", "section");
  heading->setBuddy(list_);
  list_->setObjectName("data.datasets");
  list_->setAccessibleName(tr("Datasets"));
  list_->setToolTip(tr("Datasets of this workspace and those that come with the program. Arrows choose, Delete takes "
                       "one out of the workspace (its pictures stay where they are)."));
  list_->setItemDelegate(new TwoTextDelegate(TwoTextDelegate::Place::Below, list_));
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setUniformItemSizes(true);
  list_->setAcceptDrops(false);
  list_->installEventFilter(this);
  connect(list_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr && !filling_) {
      Q_EMIT chosen(item->data(kNameRole).toString());
    }
  });

  buildUndo();
  column->addWidget(heading);
  column->addWidget(list_, 1);
  column->addWidget(undo_);
}

void DatasetPanel::buildUndo() {
  undo_->setProperty("card", true);
  undo_->setObjectName("data.undoBar");
  auto* bar = new QVBoxLayout(undo_);
  bar->setContentsMargins(8, 6, 6, 6);
  bar->setSpacing(4);
  undoText_->setWordWrap(true);
  auto* buttons = new QHBoxLayout;
  auto* undo = new QPushButton(tr("&Undo"));
  undo->setObjectName("data.undo");
  undo->setAccessibleName(tr("Undo the removal"));
  undo->setToolTip(tr("Puts the dataset back into the workspace (Alt+U)."));
  auto* dismiss = new QToolButton;
  dismiss->setIcon(widgets::icon("cancel"));
  dismiss->setAccessibleName(tr("Close this note"));
  dismiss->setToolTip(tr("Closes this note; the dataset stays removed (Space while it has the focus)."));
  buttons->addWidget(undo);
  buttons->addStretch();
  buttons->addWidget(dismiss);
  bar->addWidget(undoText_);
  bar->addLayout(buttons);
  undo_->hide();
  connect(undo, &QPushButton::clicked, this, [this] {
    undo_->hide();
    list_->setFocus();
    Q_EMIT undoAsked();
  });
  connect(dismiss, &QToolButton::clicked, this, [this] {
    undo_->hide();
    list_->setFocus();
  });
}

void DatasetPanel::setLines(const std::vector<DatasetLine>& lines) {
  const QScopedValueRollback guard(filling_, true);
  const QListWidgetItem* before = list_->currentItem();
  const QString current = before != nullptr ? before->data(kNameRole).toString() : QString();
  const bool hadCurrent = before != nullptr;
  list_->clear();
  for (const DatasetLine& line : lines) {
    auto* item = new QListWidgetItem(line.title);
    item->setData(kNameRole, line.name);
    item->setData(kRemovableRole, line.removable);
    item->setData(TwoTextDelegate::kSecondRole, line.detail);
    item->setData(Qt::AccessibleTextRole, line.title + ", " + line.detail);
    item->setToolTip(line.tip);
    list_->addItem(item);
    if (hadCurrent && line.name == current) {
      list_->setCurrentItem(item);
    }
  }
}

void DatasetPanel::setCurrent(const QString& name, bool isLoose) {
  const QScopedValueRollback guard(filling_, true);
  for (int row = 0; row < list_->count(); ++row) {
    const QString at = list_->item(row)->data(kNameRole).toString();
    if (at == name && at.isEmpty() == isLoose) {
      list_->setCurrentRow(row);
      return;
    }
  }
  list_->setCurrentItem(nullptr);
}

void DatasetPanel::offerUndo(const QString& sentence) {
  undoText_->setText(sentence);
  undo_->show();
}

void DatasetPanel::askRemoval() {
  const QListWidgetItem* item = list_->currentItem();
  if (item != nullptr && item->data(kRemovableRole).toBool()) {
    Q_EMIT removeAsked(item->data(kNameRole).toString());
  }
}

bool DatasetPanel::eventFilter(QObject* object, QEvent* event) {
  if (object == list_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
    askRemoval();
    return true;
  }
  if (object == list_ && event->type() == QEvent::ContextMenu) {
    const QListWidgetItem* item = list_->currentItem();
    QMenu menu;
    QAction* remove = menu.addAction(widgets::icon("trash"), tr("Remove from the workspace"));
    remove->setEnabled(item != nullptr && item->data(kRemovableRole).toBool());
    if (menu.exec(static_cast<QContextMenuEvent*>(event)->globalPos()) == remove) {
      askRemoval();
    }
    return true;
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace lix::app
