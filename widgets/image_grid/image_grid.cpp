#include "image_grid/image_grid.h"

#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>

#include "image_grid/cell_painter.h"
#include "image_grid/drag_picture.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLeastSide = 48;
constexpr int kMostSide = 256;

}  // namespace

ImageGrid::ImageGrid(QWidget* parent) : QAbstractItemView(parent) {
  setSelectionMode(ExtendedSelection);
  setSelectionBehavior(SelectItems);
  setDragEnabled(true);
  setAcceptDrops(true);
  setDropIndicatorShown(true);
  setDragDropMode(DragDrop);
  setDefaultDropAction(Qt::CopyAction);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(ScrollPerPixel);
  setMouseTracking(true);
  viewport()->setMouseTracking(true);
  setAccessibleName(tr("Pictures"));
  setToolTipDuration(-1);
}

void ImageGrid::setSide(int side) {
  side = std::clamp(side, kLeastSide, kMostSide);
  if (side == side_) {
    return;
  }
  const QModelIndex kept = currentIndex();  // it stays in sight
  side_ = side;
  updateGeometries();
  if (kept.isValid()) {
    scrollTo(kept);
  }
  viewport()->update();
  Q_EMIT sideChanged(side_);
}

void ImageGrid::setEmptyText(const QString& text) {
  emptyText_ = text;
  viewport()->update();
}

void ImageGrid::keepBadgeRoom() {
  keepsBadgeRoom_ = true;
  measure();
}

void ImageGrid::setModel(QAbstractItemModel* model) {
  QAbstractItemView::setModel(model);
  measure();
}

void ImageGrid::reset() {
  hovered_ = {};
  band_ = {};
  QAbstractItemView::reset();
  measure();
}

void ImageGrid::rowsInserted(const QModelIndex& parent, int first, int last) {
  QAbstractItemView::rowsInserted(parent, first, last);
  measure();
  viewport()->update();
}

void ImageGrid::rowsAboutToBeRemoved(const QModelIndex& parent, int first, int last) {
  QAbstractItemView::rowsAboutToBeRemoved(parent, first, last);
  hovered_ = {};
  scheduleDelayedItemsLayout();  // once they are gone
}

void ImageGrid::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
  // A rubber band takes the cells that it touches; a click or a key all rows from the one end to the other.
  selectionModel()->select(state() == DragSelectingState ? touched(rect) : between(rect.topLeft(), rect.bottomRight()),
                           command);
}

QRegion ImageGrid::visualRegionForSelection(const QItemSelection& selection) const {
  QRegion region;
  const auto [first, last] = visibleRows();
  for (const QItemSelectionRange& range : selection) {
    for (int row = std::max(range.top(), first); row <= std::min(range.bottom(), last); ++row) {
      region += visualRect(model()->index(row, 0, rootIndex()));
    }
  }
  return region;
}

void ImageGrid::dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
  const auto [top, bottom] = visibleRows();
  if (first.row() <= bottom && last.row() >= top) {
    QAbstractItemView::dataChanged(first, last, roles);
    for (int row = std::max(first.row(), top); row <= std::min(last.row(), bottom); ++row) {
      viewport()->update(visualRect(model()->index(row, 0, rootIndex())));
    }
  }
}

void ImageGrid::paintEvent(QPaintEvent* event) {
  QPainter painter(viewport());
  const Colours& colours = widgets::colours(themeOf(palette()));
  if (rows() == 0) {
    drawEmptyText(painter, viewport()->rect(), emptyText_, colours.muted);
  }
  const auto [first, last] = visibleRows();
  for (int row = first; row >= 0 && row <= last; ++row) {
    const QModelIndex index = model()->index(row, 0, rootIndex());
    const QRect at = visualRect(index);
    if (!at.intersects(event->rect())) {
      continue;
    }
    const QVariant bar = index.data(BarRole), second = index.data(SecondBarRole);
    drawCell(painter, at, side_,
             {.thumbnail = index.data(Qt::DecorationRole).value<QPixmap>(),
              .caption = index.data(Qt::DisplayRole).toString(),
              .detail = index.data(DetailRole).toString(),
              .badge = index.data(BadgeRole).toString(),
              .frame = static_cast<GridFrame>(index.data(FrameRole).toInt()),
              .bar = bar.isValid() ? bar.toDouble() : -1.0,
              .secondBar = second.isValid() ? second.toDouble() : -1.0,
              .barRoom = room_.bars,
              .badgeRoom = room_.badge,
              .selected = selectionModel()->isSelected(index),
              .current = hasFocus() && index == currentIndex(),
              .hovered = index == hovered_},
             palette(), font());
  }
  QColor ground = colours.accent;
  painter.setPen(QPen(colours.accent, 1.5));
  if (state() == DraggingState && showDropIndicator()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.accent, 2.0));
    painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
  if (state() == DragSelectingState && band_.isValid()) {
    ground.setAlphaF(0.15f);
    painter.setBrush(ground);
    painter.drawRect(band_.normalized().translated(0, -verticalOffset()));
  }
}

void ImageGrid::resizeEvent(QResizeEvent* event) {
  QAbstractItemView::resizeEvent(event);
  updateGeometries();
}

void ImageGrid::changeEvent(QEvent* event) {
  QAbstractItemView::changeEvent(event);
  if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
    updateGeometries();
  }
}

void ImageGrid::mousePressEvent(QMouseEvent* event) {
  band_ = QRect(event->position().toPoint() + QPoint(0, verticalOffset()), QSize());
  QAbstractItemView::mousePressEvent(event);
}

void ImageGrid::mouseMoveEvent(QMouseEvent* event) {
  const QModelIndex under = event->buttons() == Qt::NoButton ? indexAt(event->position().toPoint()) : QModelIndex();
  if (under != hovered_) {
    viewport()->update(visualRect(hovered_));
    viewport()->update(visualRect(under));
    hovered_ = under;
  }
  QAbstractItemView::mouseMoveEvent(event);
  if (state() == DragSelectingState) {
    band_.setBottomRight(event->position().toPoint() + QPoint(0, verticalOffset()));
    viewport()->update();
  }
}

void ImageGrid::mouseReleaseEvent(QMouseEvent* event) {
  QAbstractItemView::mouseReleaseEvent(event);
  band_ = {};
  viewport()->update();
}

void ImageGrid::leaveEvent(QEvent* event) {
  viewport()->update(visualRect(hovered_));
  hovered_ = {};
  QAbstractItemView::leaveEvent(event);
}

void ImageGrid::keyPressEvent(QKeyEvent* event) {
  const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
  if (event->key() == Qt::Key_Space && plain && currentIndex().isValid()) {
    Q_EMIT previewAsked(currentIndex());
    event->accept();
    return;
  }
  // Digits assign to classes where a page wants that; they are not for searching.
  if (event->key() >= Qt::Key_0 && event->key() <= Qt::Key_9) {
    event->ignore();
    return;
  }
  QAbstractItemView::keyPressEvent(event);
}

void ImageGrid::wheelEvent(QWheelEvent* event) {
  if (event->modifiers() & Qt::ControlModifier) {
    setSide(side_ + (event->angleDelta().y() > 0 ? 16 : -16));
    event->accept();
    return;
  }
  QAbstractItemView::wheelEvent(event);
}

void ImageGrid::startDrag(Qt::DropActions actions) {
  const QModelIndexList indexes = selectedIndexes();
  QMimeData* mime = indexes.isEmpty() ? nullptr : model()->mimeData(indexes);
  if (mime == nullptr) {
    return;
  }
  auto* drag = new QDrag(this);
  drag->setMimeData(mime);
  QList<QPixmap> top;
  for (const QModelIndex& index : indexes.first(std::min<qsizetype>(kMostInDragPicture, indexes.size()))) {
    top.push_back(index.data(Qt::DecorationRole).value<QPixmap>());
  }
  drag->setPixmap(dragPicture(top, indexes.size(), palette(), font(), devicePixelRatioF()));
  drag->setHotSpot({16, 16});
  drag->exec(actions, defaultDropAction());  // who takes them tells its own model; nothing is removed here
}

}  // namespace lix::widgets
