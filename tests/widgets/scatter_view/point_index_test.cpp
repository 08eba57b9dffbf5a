#include "scatter_view/point_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "scatter_samples.h"

namespace lix::widgets {
namespace {

TEST(PointIndex, ByHand) {
  const std::vector<float> points{0.f, 0.f, 2.f, 0.f, 0.f, 3.f, NAN, 0.f, 2.f, 0.f};
  const PointIndex index(points);
  EXPECT_EQ(index.nearest({1.8, 0.1}, 0.5), 1u) << "the lower one of equals";
  EXPECT_EQ(index.nearest({1.0, 1.5}, 0.5), std::nullopt);
  EXPECT_EQ(index.towards({0, 0}, {1, 0}), 1u);
  EXPECT_EQ(index.towards({0, 0}, {0, 1}), 2u);
  EXPECT_EQ(index.towards({0, 0}, {-1, 0}), std::nullopt);
  EXPECT_EQ(index.within(QRectF(-1, -1, 2, 5)), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(index.within(QPolygonF({{1, -1}, {3, -1}, {3, 1}, {1, 1}})), (std::vector<std::uint32_t>{1, 4}));
  EXPECT_TRUE(index.within(QPolygonF({{1, -1}, {3, -1}})).empty());
  EXPECT_EQ(PointIndex().nearest({0, 0}, 10), std::nullopt);
  EXPECT_EQ(PointIndex().towards({0, 0}, {1, 0}), std::nullopt);
}

TEST(PointIndex, AsPlainLoops) {
  const auto data = figures::test::clouds(20'000);
  const auto& points = *data.points;
  const PointIndex index(points);
  const auto at = [&](std::size_t i) { return QPointF(points[2 * i], points[2 * i + 1]); };
  const QPolygonF star({{-3, -2}, {4, 0}, {-3, 2}, {2, -4}, {2, 4}});
  std::vector<std::uint32_t> within, inside;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (star.containsPoint(at(i), Qt::OddEvenFill)) {
      within.push_back(std::uint32_t(i));
    }
    if (at(i).x() >= 1 && at(i).x() <= 3 && at(i).y() >= -1 && at(i).y() <= 0.5) {
      inside.push_back(std::uint32_t(i));
    }
  }
  EXPECT_EQ(index.within(star), within);
  EXPECT_EQ(index.within(QRectF(QPointF(1, -1), QPointF(3, 0.5))), inside);
  for (const QPointF where : {QPointF(0, 0), QPointF(3, 0.2), QPointF(-7, 5)}) {
    double least = INFINITY, ahead = INFINITY;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const QPointF way = at(i) - where;
      const double distance = std::hypot(way.x(), way.y());
      least = std::min(least, distance);
      if (distance > 0 && way.x() > 0 && std::abs(way.y()) < way.x() * (1 - 1e-9)) {
        ahead = std::min(ahead, distance);
      }
    }
    const auto nearest = index.nearest(where, 20), towards = index.towards(where, {1, 0});
    ASSERT_TRUE(nearest && towards);
    const QPointF a = at(*nearest) - where, b = at(*towards) - where;
    EXPECT_NEAR(std::hypot(a.x(), a.y()), least, 1e-9);
    EXPECT_NEAR(std::hypot(b.x(), b.y()), ahead, 1e-9);
  }
}

}  // namespace
}  // namespace lix::widgets
