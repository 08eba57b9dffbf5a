// Where the cells of a grid stand: computed from the width and the side, never stored.
#include <QScrollBar>
#include <QStyle>
#include <algorithm>

#include "image_grid/cell_painter.h"
#include "image_grid/image_grid.h"

namespace lix::widgets {
namespace {

constexpr int kGap = 2;
constexpr int kMargin = 4;
constexpr int kRowsMeasured = 64;

}  // namespace

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

}  // namespace lix::widgets
