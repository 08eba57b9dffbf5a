#pragma once
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace lix::widgets {

/// Points of a plane in a grid of cells, so that the one under the mouse is found without looking at a million. What is
/// not finite is left out. The points must outlive it.
class PointIndex {
 public:
  PointIndex() = default;
  explicit PointIndex(std::span<const float> points);

  /// The nearest within `reach`; the lower one of equals.
  std::optional<std::uint32_t> nearest(const QPointF& at, double reach) const;
  /// The nearest whose direction from `at` is within 45 degrees of `way`, to step from point to point by arrow keys.
  std::optional<std::uint32_t> towards(const QPointF& at, const QPointF& way) const;
  /// Those within a rectangle, rising.
  std::vector<std::uint32_t> within(const QRectF& rect) const;
  /// Those within a closed polygon (odd-even rule), rising.
  std::vector<std::uint32_t> within(const QPolygonF& polygon) const;

 private:
  QPointF at(std::uint32_t point) const { return {points_[2 * point], points_[2 * point + 1]}; }
  int column(double x) const;
  int row(double y) const;
  /// Calls body(point) for the points of all cells that touch the rectangle.
  void each(const QRectF& rect, const std::function<void(std::uint32_t)>& body) const;

  std::span<const float> points_;
  QRectF bounds_;
  int side_ = 0;
  std::vector<std::uint32_t> begins_;  // of each cell, row by row, and the end
  std::vector<std::uint32_t> order_;
};

}  // namespace lix::widgets
