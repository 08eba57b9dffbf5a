#include "scatter_view/point_index.h"

#include <algorithm>
#include <cmath>

namespace lix::widgets {
namespace {

constexpr int kMostSide = 512;

double squared(const QPointF& way) { return QPointF::dotProduct(way, way); }

}  // namespace

PointIndex::PointIndex(std::span<const float> points) : points_(points) {
  const std::size_t count = points.size() / 2;
  double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
  std::vector<std::uint32_t> finite;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (std::isfinite(points[2 * i]) && std::isfinite(points[2 * i + 1])) {
      finite.push_back(i);
      left = std::min<double>(left, points[2 * i]);
      right = std::max<double>(right, points[2 * i]);
      low = std::min<double>(low, points[2 * i + 1]);
      high = std::max<double>(high, points[2 * i + 1]);
    }
  }
  if (finite.empty()) {
    return;
  }
  bounds_ = QRectF(left, low, std::max(right - left, 1e-12), std::max(high - low, 1e-12));
  side_ = std::clamp(int(std::sqrt(double(finite.size()) / 4)), 1, kMostSide);
  const auto cellOf = [&](std::uint32_t i) {
    return std::size_t(row(points[2 * i + 1])) * std::size_t(side_) + std::size_t(column(points[2 * i]));
  };
  begins_.assign(std::size_t(side_) * std::size_t(side_) + 1, 0);
  for (const std::uint32_t i : finite) {
    ++begins_[cellOf(i) + 1];
  }
  for (std::size_t cell = 1; cell < begins_.size(); ++cell) {
    begins_[cell] += begins_[cell - 1];
  }
  order_.resize(finite.size());
  std::vector<std::uint32_t> next(begins_.begin(), begins_.end() - 1);
  for (const std::uint32_t i : finite) {
    order_[next[cellOf(i)]++] = i;
  }
}

int PointIndex::column(double x) const {
  return int(std::clamp((x - bounds_.left()) / bounds_.width() * side_, 0.0, side_ - 1.0));
}

int PointIndex::row(double y) const {
  return int(std::clamp((y - bounds_.top()) / bounds_.height() * side_, 0.0, side_ - 1.0));
}

void PointIndex::each(const QRectF& rect, const std::function<void(std::uint32_t)>& body) const {
  if (side_ == 0 || rect.right() < bounds_.left() || rect.left() > bounds_.right() || rect.bottom() < bounds_.top() ||
      rect.top() > bounds_.bottom()) {
    return;
  }
  for (int y = row(rect.top()); y <= row(rect.bottom()); ++y) {
    for (int x = column(rect.left()); x <= column(rect.right()); ++x) {
      const std::size_t cell = std::size_t(y) * std::size_t(side_) + std::size_t(x);
      for (std::uint32_t i = begins_[cell]; i < begins_[cell + 1]; ++i) {
        body(order_[i]);
      }
    }
  }
}

std::optional<std::uint32_t> PointIndex::nearest(const QPointF& where, double reach) const {
  std::optional<std::uint32_t> best;
  double least = reach * reach;
  each(QRectF(where.x() - reach, where.y() - reach, 2 * reach, 2 * reach), [&](std::uint32_t point) {
    const double distance = squared(at(point) - where);
    if (distance < least || (distance == least && (!best || point < *best))) {
      least = distance;
      best = point;
    }
  });
  return best;
}

std::optional<std::uint32_t> PointIndex::towards(const QPointF& where, const QPointF& way) const {
  std::optional<std::uint32_t> best;
  constexpr double kSquaredCosine = 0.5 - 1e-9;  // 45 degrees are within
  // Rings of cells, wider and wider, until one has a point that no farther ring can beat.
  for (double reach = std::max(bounds_.width(), bounds_.height()) / std::max(1, side_); side_ > 0; reach *= 2) {
    double least = INFINITY;
    each(QRectF(where.x() - reach, where.y() - reach, 2 * reach, 2 * reach), [&](std::uint32_t point) {
      const QPointF apart = at(point) - where;
      const double distance = squared(apart);
      const double along = QPointF::dotProduct(apart, way);
      if (distance > 0 && along > 0 && along * along >= kSquaredCosine * distance * squared(way) && distance < least) {
        least = distance;
        best = point;
      }
    });
    if ((best && least <= reach * reach) || reach > 2 * (bounds_.width() + bounds_.height())) {
      break;
    }
  }
  return best;
}

std::vector<std::uint32_t> PointIndex::within(const QRectF& rect) const {
  std::vector<std::uint32_t> found;
  each(rect, [&](std::uint32_t point) {
    const QPointF where = at(point);
    if (where.x() >= rect.left() && where.x() <= rect.right() && where.y() >= rect.top() && where.y() <= rect.bottom()) {
      found.push_back(point);
    }
  });
  std::ranges::sort(found);
  return found;
}

std::vector<std::uint32_t> PointIndex::within(const QPolygonF& polygon) const {
  std::vector<std::uint32_t> found;
  if (polygon.size() < 3) {
    return found;
  }
  each(polygon.boundingRect(), [&](std::uint32_t point) {
    if (polygon.containsPoint(at(point), Qt::OddEvenFill)) {
      found.push_back(point);
    }
  });
  std::ranges::sort(found);
  return found;
}

}  // namespace lix::widgets
