#include "pages/support/support_board.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTimer>
#include <algorithm>

#include "frame/picture_model.h"
#include "image_grid/image_grid.h"
#include "pages/support/duplicates.h"
#include "pages/support/new_class_zone.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

/// The digit 1..9 of a key press, 0 for none. With Shift a layout gives other symbols: then the place on the keyboard
/// counts, whose codes (evdev + 8) are 10 to 18.
int digitOf(int key, quint32 scanCode) {
  if (key >= Qt::Key_1 && key <= Qt::Key_9) {
    return key - Qt::Key_1 + 1;
  }
  return scanCode >= 10 && scanCode <= 18 ? static_cast<int>(scanCode) - 9 : 0;
}

/// Where pictures go with these keys held: Shift makes a new class, Ctrl+Shift means the class used last.
int targetOf(Qt::KeyboardModifiers modifiers, int otherwise) {
  if (!modifiers.testFlag(Qt::ShiftModifier)) {
    return otherwise;
  }
  return modifiers.testFlag(Qt::ControlModifier) ? SupportBoard::kLastUsed : SupportBoard::kNewClass;
}

}  // namespace

SupportBoard::SupportBoard(Desk& desk, SupportColumn::Access access, QWidget* parent)
    : QScrollArea(parent), desk_(desk), access_(access) {
  setObjectName("support.board");
  setToolTip(tr("The classes of the set, a column each; number keys move the chosen pictures to a class."));
  setAccessibleName(tr("Classes"));
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setAcceptDrops(access == SupportColumn::Access::Edit);
  auto* inside = new QWidget;
  row_ = new QHBoxLayout(inside);
  row_->setContentsMargins(0, 0, 0, 0);
  row_->setSpacing(8);
  tray_ = new SupportColumn(desk, SupportColumn::Kind::Tray, access);
  connect(tray_, &SupportColumn::dropped, this, [this](const Payload& payload, Qt::KeyboardModifiers modifiers) {
    Q_EMIT dropped(payload, targetOf(modifiers, kTray));
  });
  listenTo(tray_->grid(), tray_->model());
  row_->addWidget(tray_, 1);
  add_ = new QPushButton(widgets::icon("add"), tr("Add class"));
  add_->setObjectName("support.addClass");
  add_->setToolTip(
      tr("Adds an empty class (Ctrl+Shift+N). Pictures dropped here or beside the columns make a class, too."));
  add_->setEnabled(access == SupportColumn::Access::Edit);
  connect(add_, &QPushButton::clicked, this, &SupportBoard::addAsked);
  row_->addStretch(0);
  setWidget(inside);
  if (access == SupportColumn::Access::Edit) {
    zone_ = new NewClassZone(viewport(), add_, [this] {
      const QWidget* last = columns_.empty() ? tray_ : columns_.back();
      return last->mapTo(viewport(), QPoint(last->width(), 0)).x();
    });
    connect(zone_, &NewClassZone::dropped, this, [this](const Payload& payload, Qt::KeyboardModifiers modifiers) {
      Q_EMIT dropped(payload, targetOf(modifiers, kNewClass));
    });
    watchDrags(tray_);
  }
}

/// Drags over a column tell the zone, too, that pictures are on their way.
void SupportBoard::watchDrags(SupportColumn* column) {
  if (zone_ != nullptr) {
    zone_->watch(column);
    zone_->watch(column->grid()->viewport());
  }
}

void SupportBoard::listenTo(widgets::ImageGrid* grid, PictureModel* model) {
  heard_.push_back({grid, model});
  grid->installEventFilter(this);
  connect(grid, &widgets::ImageGrid::previewAsked, this,
          [this, grid, model](const QModelIndex& index) { Q_EMIT previewAsked(grid, model, index.row()); });
}

SupportColumn* SupportBoard::addColumn() {
  auto* column = new SupportColumn(desk_, SupportColumn::Kind::Class, access_);
  const auto index = [this, column] {
    return static_cast<int>(std::ranges::find(columns_, column) - columns_.begin());
  };
  connect(column, &SupportColumn::dropped, this,
          [this, index](const Payload& payload, Qt::KeyboardModifiers modifiers) {
            Q_EMIT dropped(payload, targetOf(modifiers, index()));
          });
  connect(column, &SupportColumn::renamed, this,
          [this, index](const QString& name) { Q_EMIT renameAsked(index(), name); });
  // Queued: the button that asks goes with its column.
  connect(
      column, &SupportColumn::removeAsked, this, [this, index] { Q_EMIT removeAsked(index()); }, Qt::QueuedConnection);
  listenTo(column->grid(), column->model());
  row_->insertWidget(1 + static_cast<int>(columns_.size()), column, 1);
  columns_.push_back(column);
  watchDrags(column);
  return column;
}

void SupportBoard::setDocument(const SupportDocument& document) {
  const auto& classes = document.set.classes;
  while (columns_.size() > classes.size()) {
    SupportColumn* last = columns_.back();
    columns_.pop_back();
    std::erase_if(heard_, [last](const Heard& heard) { return heard.grid == last->grid(); });
    disconnect(last, nullptr, this, nullptr);  // a name that is being typed in it goes, too
    row_->removeWidget(last);
    last->hide();
    last->deleteLater();
  }
  while (columns_.size() < classes.size()) {
    SupportColumn* column = addColumn();
    column->setPlace(static_cast<int>(columns_.size()) - 1);
    column->setDuplicates(duplicates_);
    column->setNames(names_);
  }
  tray_->setContent({}, document.unsorted, afterwards_);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    columns_[i]->setContent(QString::fromStdString(classes[i].name), classes[i].pictures, afterwards_);
  }
}

void SupportBoard::setNames(const QStringList& names) {
  names_ = names;
  for (SupportColumn* column : columns_) {
    column->setNames(names);
  }
}

/// Columns that were added have their places only once the layout was asked, which else comes later.
void SupportBoard::layOut() {
  widget()->layout()->activate();
  QEvent request(QEvent::LayoutRequest);
  event(&request);
  widget()->layout()->activate();
}

void SupportBoard::setDuplicates(const std::shared_ptr<const Duplicates>& duplicates) {
  duplicates_ = duplicates;
  for (SupportColumn* column : columns_) {
    column->setDuplicates(duplicates);
  }
}

void SupportBoard::select(const std::vector<data::PictureRef>& pictures) {
  SupportColumn* first = nullptr;
  std::vector<SupportColumn*> all{tray_};
  all.insert(all.end(), columns_.begin(), columns_.end());
  for (SupportColumn* column : all) {
    if (column->select(pictures) > 0 && first == nullptr) {
      first = column;
    }
  }
  if (first != nullptr) {
    layOut();
    ensureWidgetVisible(first);
    first->grid()->setFocus(Qt::OtherFocusReason);
  }
}

void SupportBoard::editName(int index) {
  if (index >= 0 && index < columnCount()) {
    layOut();
    ensureWidgetVisible(column(index));
    column(index)->editName();
    QTimer::singleShot(0, this, [this, index] {  // the board may have been laid out anew since
      if (index < columnCount()) {
        ensureWidgetVisible(column(index));
      }
    });
  }
}

bool SupportBoard::onKey(const Heard& heard, int key, Qt::KeyboardModifiers modifiers, quint32 scanCode) {
  const auto pictures = heard.model->pictures(heard.grid->selectionModel()->selectedIndexes());
  if (access_ == SupportColumn::Access::Look || pictures.empty() || modifiers.testFlag(Qt::AltModifier)) {
    return false;
  }
  const auto held = modifiers & (Qt::ShiftModifier | Qt::ControlModifier);
  const QScopedValueRollback goOn(afterwards_, SupportColumn::Afterwards::Next);
  if (key == Qt::Key_Delete && held == Qt::NoModifier) {
    Q_EMIT takeOutAsked(pictures);
    return true;
  }
  const int digit = digitOf(key, scanCode);
  if (digit == 0 || held == Qt::ControlModifier) {
    return false;
  }
  Q_EMIT assignAsked(pictures, targetOf(held, digit - 1));
  return true;
}

bool SupportBoard::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto heard = std::ranges::find_if(heard_, [object](const Heard& one) { return one.grid == object; });
    auto* key = static_cast<QKeyEvent*>(event);
    if (heard != heard_.end() && onKey(*heard, key->key(), key->modifiers(), key->nativeScanCode())) {
      return true;
    }
  }
  return QScrollArea::eventFilter(object, event);
}

void SupportBoard::dragEnterEvent(QDragEnterEvent* event) {
  if (canRead(*event->mimeData())) {
    event->acceptProposedAction();
  }
}

void SupportBoard::dragMoveEvent(QDragMoveEvent* event) { event->acceptProposedAction(); }

void SupportBoard::dropEvent(QDropEvent* event) {
  event->acceptProposedAction();
  Q_EMIT dropped(fromMime(*event->mimeData()), targetOf(event->modifiers(), kNewClass));
}

}  // namespace lix::app
