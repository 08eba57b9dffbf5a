#include "image_grid/image_grid.h"

#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>
#include <QWheelEvent>
#include <algorithm>

#include "image_grid/cell_painter.h"
#include "image_grid/drag_picture.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kLeastSide = 48;
constexpr int kMostSide = 256;
constexpr int kGap = 2;
constexpr int kMargin = 4;
constexpr int kRowsMeasured = 64;

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

int ImageGrid::rows() const { return model() == nullptr ? 0 : model()->rowCount(rootIndex()); }

QSize ImageGrid::cell() const {
  return {side_ + 2 * kCellPadding, side_ + 2 * kCellPadding + cellFoot(font(), room_)};
}

int ImageGrid::columns() const {
  return std::max(1, (viewport()->width() - 2 * kMargin + kGap) / (cell().width() + kGap));
}

int ImageGrid::widthFor(int columns) const {
  const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, verticalScrollBar());
  return columns * (cell().width() + kGap) - kGap + 2 * kMargin + 2 * frameWidth() + bar;
}

void ImageGrid::measure() {
  room_ = {.badge = keepsBadgeRoom_};
  for (int row = 0; row < std::min(rows(), kRowsMeasured); ++row) {
    const QModelIndex index = model()->index(row, 0, rootIndex());
    room_.badge = room_.badge || !index.data(BadgeRole).toString().isEmpty();
    room_.detail = room_.detail || !index.data(DetailRole).toString().isEmpty();
    const QVariant bar = index.data(BarRole);
    room_.bars = room_.bars || (bar.isValid() && bar.toDouble() >= 0.0);
  }
  updateGeometries();
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

QRect ImageGrid::visualRect(const QModelIndex& index) const {
  if (!index.isValid()) {
    return {};
  }
  const QSize size = cell();
  const int across = columns();
  return QRect(QPoint(kMargin + index.row() % across * (size.width() + kGap),
                      kMargin + index.row() / across * (size.height() + kGap) - verticalOffset()),
               size);
}

QModelIndex ImageGrid::indexAt(const QPoint& point) const {
  const QSize size = cell();
  const int x = point.x() - kMargin, y = point.y() + verticalOffset() - kMargin;
  if (x < 0 || y < 0) {
    return {};
  }
  const int column = x / (size.width() + kGap), line = y / (size.height() + kGap);
  const int row = line * columns() + column;
  if (column >= columns() || row >= rows()) {
    return {};
  }
  const QModelIndex index = model()->index(row, 0, rootIndex());
  return visualRect(index).contains(point) ? index : QModelIndex();
}

std::pair<int, int> ImageGrid::visibleRows() const {
  if (rows() == 0) {
    return {-1, -1};
  }
  const int step = cell().height() + kGap;
  const int first = std::max(0, verticalOffset() - kMargin) / step * columns();
  const int last = (verticalOffset() + viewport()->height() - kMargin) / step * columns() + columns() - 1;
  return {std::min(first, rows() - 1), std::clamp(last, 0, rows() - 1)};
}

void ImageGrid::scrollTo(const QModelIndex& index, ScrollHint hint) {
  const QRect at = visualRect(index);
  if (!at.isValid()) {
    return;
  }
  QScrollBar* bar = verticalScrollBar();
  if (hint == PositionAtTop || (hint == EnsureVisible && at.top() < 0)) {
    bar->setValue(bar->value() + at.top() - kMargin);
  } else if (hint == PositionAtBottom || (hint == EnsureVisible && at.bottom() >= viewport()->height())) {
    bar->setValue(bar->value() + at.bottom() - viewport()->height() + 1 + kMargin);
  } else if (hint == PositionAtCenter) {
    bar->setValue(bar->value() + at.center().y() - viewport()->height() / 2);
  }
}

int ImageGrid::verticalOffset() const { return verticalScrollBar()->value(); }

void ImageGrid::updateGeometries() {
  const int across = columns();
  const int lines = (rows() + across - 1) / across;
  const int height = lines * (cell().height() + kGap) - kGap + 2 * kMargin;
  verticalScrollBar()->setPageStep(viewport()->height());
  verticalScrollBar()->setSingleStep(std::max(16, cell().height() / 3));
  verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
  QAbstractItemView::updateGeometries();
}

QModelIndex ImageGrid::moveCursor(CursorAction action, Qt::KeyboardModifiers) {
  if (rows() == 0) {
    return {};
  }
  if (!currentIndex().isValid()) {
    return model()->index(0, 0, rootIndex());
  }
  const int across = columns();
  const int page = std::max(1, viewport()->height() / (cell().height() + kGap)) * across;
  int row = currentIndex().row();
  const auto step = [&](int by) { return row + by < 0 || row + by >= rows() ? row : row + by; };
  switch (action) {
    case MoveLeft:
    case MovePrevious:
      row = step(-1);
      break;
    case MoveRight:
    case MoveNext:
      row = step(1);
      break;
    case MoveUp:
      row = step(-across);
      break;
    case MoveDown:
      row = row / across < (rows() - 1) / across ? std::min(row + across, rows() - 1) : row;
      break;
    case MovePageUp:
      row = std::max(row % across, row - page);
      break;
    case MovePageDown:
      row = std::min(rows() - 1, row + page);
      break;
    case MoveHome:
      row = 0;
      break;
    case MoveEnd:
      row = rows() - 1;
      break;
  }
  return model()->index(row, 0, rootIndex());
}

void ImageGrid::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
  // A rubber band takes the cells that it touches; a click or a key all rows from the one end to the other.
  selectionModel()->select(state() == DragSelectingState ? touched(rect) : between(rect.topLeft(), rect.bottomRight()),
                           command);
}

QItemSelection ImageGrid::touched(const QRect& rect) const {
  QItemSelection selection;
  if (rows() == 0) {
    return selection;
  }
  const QSize size = cell();
  const QRect wanted = QRect(rect.normalized()).translated(-kMargin, verticalOffset() - kMargin);
  const int wide = size.width() + kGap, high = size.height() + kGap;
  // The first cell that ends behind the near edge, the last one that begins before the far edge.
  const int left = std::max(0, wanted.left() + kGap) / wide, right = std::min(wanted.right() / wide, columns() - 1);
  const int top = std::max(0, wanted.top() + kGap) / high;
  const int bottom = std::min(wanted.bottom() / high, (rows() - 1) / columns());
  for (int line = top; wanted.right() >= 0 && wanted.bottom() >= 0 && left <= right && line <= bottom; ++line) {
    const int first = line * columns() + left, last = std::min(line * columns() + right, rows() - 1);
    if (first <= last) {
      selection.select(model()->index(first, 0, rootIndex()), model()->index(last, 0, rootIndex()));
    }
  }
  return selection;
}

QItemSelection ImageGrid::between(const QPoint& from, const QPoint& to) const {
  const QModelIndex start = indexAt(from), end = indexAt(to);
  if (!start.isValid() || !end.isValid()) {
    return {};
  }
  return start.row() < end.row() ? QItemSelection(start, end) : QItemSelection(end, start);
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
