#include "pages/data/dataset_panel.h"

#include <QContextMenuEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include "pages/data/two_text_delegate.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kIndent = 16;  // of a selection below its dataset
constexpr int kNameRole = Qt::UserRole + 1;
constexpr int kRemovableRole = Qt::UserRole + 2;
constexpr int kSelectionRole = Qt::UserRole + 3;

QString selectionOf(const QListWidgetItem* item) { return item != nullptr ? item->data(kSelectionRole).toString() : QString(); }

}  // namespace

DatasetPanel::DatasetPanel(QWidget* parent) : QWidget(parent), list_(new DatasetList), undo_(new QFrame), undoText_(new QLabel) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  auto* heading = new QLabel(tr("Datasets"));
  heading->setProperty("heading", "section");
  heading->setBuddy(list_);
  list_->setObjectName("data.datasets");
  list_->setAccessibleName(tr("Datasets"));
  list_->setToolTip(tr("Datasets of this workspace and those that come with the program, each with its kept selections. "
                       "Arrows choose, Delete takes one out of the workspace (pictures stay where they are), F2 renames a "
                       "selection; selections can be dragged to other pages."));
  list_->setDragEnabled(true);
  list_->setDragDropMode(QAbstractItemView::DragOnly);
  list_->setItemDelegate(new TwoTextDelegate(TwoTextDelegate::Place::Below, list_));
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setUniformItemSizes(true);
  list_->setAcceptDrops(false);
  list_->installEventFilter(this);
  connect(list_, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item != nullptr && !filling_) {
      const QString name = item->data(kNameRole).toString(), selection = selectionOf(item);
      selection.isEmpty() ? Q_EMIT chosen(name) : Q_EMIT selectionChosen(name, selection);
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
  undo->setAccessibleName(tr("Undo what this note says"));
  undo->setToolTip(tr("Takes back what this note says (Alt+U)."));
  auto* dismiss = new QToolButton;
  dismiss->setIcon(widgets::icon("cancel"));
  dismiss->setAccessibleName(tr("Close this note"));
  dismiss->setToolTip(tr("Closes this note; nothing is taken back (Space while it has the focus)."));
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
  const QString currentSelection = selectionOf(before);
  const bool hadCurrent = before != nullptr;
  list_->clear();
  for (const DatasetLine& line : lines) {
    auto* item = new QListWidgetItem(line.title);
    item->setData(kNameRole, line.name);
    item->setData(kRemovableRole, line.removable);
    item->setData(kSelectionRole, line.selection);
    item->setData(TwoTextDelegate::kIndentRole, line.selection.isEmpty() ? 0 : kIndent);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | (line.selection.isEmpty() ? Qt::NoItemFlags : Qt::ItemIsDragEnabled));
    item->setData(TwoTextDelegate::kSecondRole, line.detail);
    item->setData(Qt::AccessibleTextRole, line.title + ", " + line.detail);
    item->setToolTip(line.tip);
    list_->addItem(item);
    if (hadCurrent && line.name == current && line.selection == currentSelection) {
      list_->setCurrentItem(item);
    }
  }
}

void DatasetPanel::setCurrent(const QString& name, bool isLoose, const QString& selection) {
  const QScopedValueRollback guard(filling_, true);
  for (int row = 0; row < list_->count(); ++row) {
    const QString at = list_->item(row)->data(kNameRole).toString();
    if (at == name && at.isEmpty() == isLoose && selectionOf(list_->item(row)) == selection) {
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
    const QString name = item->data(kNameRole).toString(), selection = selectionOf(item);
    selection.isEmpty() ? Q_EMIT removeAsked(name) : Q_EMIT selectionRemoveAsked(name, selection);
  }
}

void DatasetPanel::askRenaming() {
  const QListWidgetItem* item = list_->currentItem();
  if (const QString selection = selectionOf(item); !selection.isEmpty()) {
    Q_EMIT selectionRenameAsked(item->data(kNameRole).toString(), selection);
  }
}

void DatasetPanel::showMenu(const QPoint& at) {
  const QListWidgetItem* item = list_->currentItem();
  const bool selection = !selectionOf(item).isEmpty();
  QMenu menu;
  QAction* rename = selection ? menu.addAction(tr("Rename...")) : nullptr;
  QAction* remove = menu.addAction(widgets::icon("trash"), selection ? tr("Remove selection") : tr("Remove from the workspace"));
  remove->setEnabled(item != nullptr && item->data(kRemovableRole).toBool());
  const QAction* chosen = menu.exec(at);
  if (chosen == remove) {
    askRemoval();
  } else if (chosen != nullptr && chosen == rename) {
    askRenaming();
  }
}

QMimeData* DatasetList::mimeData(const QList<QListWidgetItem*>& items) const {
  return items.isEmpty() || !payload ? nullptr
                                     : payload(items.front()->data(kNameRole).toString(), selectionOf(items.front()));
}

bool DatasetPanel::eventFilter(QObject* object, QEvent* event) {
  if (object == list_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
    askRemoval();
    return true;
  }
  if (object == list_ && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_F2) {
    askRenaming();
    return true;
  }
  if (object == list_ && event->type() == QEvent::ContextMenu) {
    showMenu(static_cast<QContextMenuEvent*>(event)->globalPos());
    return true;
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace lix::app
