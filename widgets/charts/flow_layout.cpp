#include "charts/flow_layout.h"

#include <QWidget>
#include <algorithm>

namespace lix::widgets {
namespace {

constexpr int kGap = 4;
constexpr int kFew = 4;  // so many may each take a whole line

}  // namespace

FlowLayout::~FlowLayout() { qDeleteAll(items_); }

QSize FlowLayout::sizeHint() const {
  QSize size;
  for (const QLayoutItem* item : items_) {
    size = {size.width() + item->sizeHint().width() + kGap, std::max(size.height(), item->sizeHint().height())};
  }
  return size;
}

QSize FlowLayout::minimumSize() const {
  QSize size;
  for (const QLayoutItem* item : items_) {
    size = size.expandedTo(item->minimumSize());
  }
  return size;
}

void FlowLayout::setGeometry(const QRect& rect) {
  QLayout::setGeometry(rect);
  place(rect, Move::Yes);
}

int FlowLayout::place(const QRect& rect, Move move) const {
  int x = rect.x(), y = rect.y(), line = 0;
  const int widest = std::max(40, items_.size() > kFew ? (rect.width() - kGap) / 2 : rect.width());
  for (QLayoutItem* item : items_) {
    const QSize size(std::min(item->sizeHint().width(), widest), item->sizeHint().height());
    if (x > rect.x() && x + size.width() > rect.right() + 1) {
      x = rect.x();
      y += line + kGap / 2;
      line = 0;
    }
    if (move == Move::Yes) {
      item->setGeometry(QRect(QPoint(x, y), size));
    }
    x += size.width() + kGap;
    line = std::max(line, size.height());
  }
  return y + line - rect.y();
}

}  // namespace lix::widgets
