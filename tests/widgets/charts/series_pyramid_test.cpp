#include "charts/series_pyramid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "chart_samples.h"
#include "charts/chart_line.h"

namespace lix::widgets {
namespace {

SeriesPyramid made(std::size_t size, auto value, figures::Scale scale = figures::Scale::Linear) {
  SeriesPyramid pyramid(scale);
  for (std::size_t i = 0; i < size; ++i) {
    pyramid.append(double(i), value(i));
  }
  return pyramid;
}

TEST(SeriesPyramid, ExtentsAreThoseOfEverySample) {
  const auto value = [](std::size_t i) { return i % 17 == 3 ? NAN : noise(int(i)); };
  const SeriesPyramid pyramid = made(5000, value);
  for (int trial = 0; trial < 300; ++trial) {
    const auto first = std::size_t(noise(trial, 1) * 5000), last = std::size_t(noise(trial, 2) * 5200);
    double low = INFINITY, high = -INFINITY;
    for (std::size_t i = first; i < std::min<std::size_t>(last, 5000); ++i) {
      low = std::isnan(value(i)) ? low : std::min(low, value(i));
      high = std::isnan(value(i)) ? high : std::max(high, value(i));
    }
    const auto found = pyramid.extent(first, last);
    ASSERT_EQ(found.has_value(), low <= high) << first << " " << last;
    if (found) {
      EXPECT_EQ(pyramid.ys()[found->lowest], low);
      EXPECT_EQ(pyramid.ys()[found->highest], high);
    }
  }
}

TEST(SeriesPyramid, OnALogarithmicAxisOnlyPositiveValuesCount) {
  const auto value = [](std::size_t i) { return double(i) - 20.0; };
  const auto found = made(300, value, figures::Scale::Log).extent(0, 300);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->lowest, 21u);
  EXPECT_EQ(found->highest, 299u);
  EXPECT_FALSE(made(300, value, figures::Scale::Log).extent(0, 21));
}

TEST(SeriesPyramid, FewSamplesComeBackWhole) {
  const SeriesPyramid pyramid = made(40, [](std::size_t i) { return double(i * i); });
  const auto points = pyramid.columns(10.0, 20.0, 100);
  ASSERT_EQ(points.size(), 13u) << "eleven, and one beyond each end";
  EXPECT_EQ(points.front(), QPointF(9, 81));
  EXPECT_EQ(points.back(), QPointF(21, 441));
}

TEST(SeriesPyramid, ManySamplesBecomeFourAColumn) {
  const auto value = [](std::size_t i) { return i == 54321 ? 9.0 : i == 77777 ? -9.0 : noise(int(i)); };
  const SeriesPyramid pyramid = made(100000, value);
  const auto points = pyramid.columns(0.0, 99999.0, 300);
  EXPECT_LE(points.size(), 1200u);
  EXPECT_TRUE(std::ranges::is_sorted(points, {}, &QPointF::x));
  EXPECT_TRUE(std::ranges::count(points, QPointF(54321, 9.0)));
  EXPECT_TRUE(std::ranges::count(points, QPointF(77777, -9.0)));
  EXPECT_EQ(points.front().x(), 0.0);
  EXPECT_EQ(points.back().x(), 99999.0);
  // Each column's first and last sample are there, so that the polyline leaves and enters where the line does.
  for (const double column : {0.0, 17.0, 298.0}) {
    const auto begin = std::ranges::lower_bound(points, std::floor(column * 99999.0 / 300.0) + (column > 0 ? 1 : 0), {}, &QPointF::x);
    ASSERT_NE(begin, points.end());
    EXPECT_EQ(begin->x(), column > 0 ? std::floor(column * 99999.0 / 300.0) + 1 : 0.0);
  }
}

TEST(SeriesPyramid, WhatCannotBeDrawnIsOneGap) {
  const SeriesPyramid pyramid = made(10000, [](std::size_t i) { return i >= 3000 && i < 7000 ? NAN : 1.0; });
  for (const int columns : {100, 5000}) {
    const auto points = pyramid.columns(0.0, 9999.0, columns);
    EXPECT_EQ(std::ranges::count_if(points, [](const QPointF& p) { return std::isnan(p.y()); }), 1) << columns;
  }
  EXPECT_TRUE(made(5000, [](std::size_t) { return NAN; }).columns(0.0, 4999.0, 100).empty());
  EXPECT_TRUE(SeriesPyramid().columns(0.0, 1.0, 100).empty());
  EXPECT_TRUE(pyramid.columns(1.0, 0.0, 100).empty());
}

TEST(ChartLine, SmoothsByHand) {
  const auto smoothed = [](std::vector<double> ys, double weight) {
    std::vector<double> xs(ys.size());
    for (std::size_t i = 0; i < xs.size(); ++i) {
      xs[i] = double(i);
    }
    ChartLine line("loss", "", figures::Scale::Linear);
    line.smooth(weight);
    line.take({"loss", "", xs, ys});
    return line.shown().ys();
  };
  EXPECT_EQ(smoothed({1, 2, 3}, 0.0), (std::vector<double>{1, 2, 3}));
  // s = 0.5, 0.5 + ..: (0.5 * 1) / 0.5; (0.25 * 1 + 0.5 * 3) / 0.75; (0.125 * 1 + 0.25 * 3 + 0.5 * 5) / 0.875
  const std::vector<double> half = smoothed({1, 3, 5}, 0.5);
  EXPECT_NEAR(half[0], 1.0, 1e-12);
  EXPECT_NEAR(half[1], 7.0 / 3.0, 1e-12);
  EXPECT_NEAR(half[2], 27.0 / 7.0, 1e-12);
  EXPECT_NEAR(smoothed(std::vector<double>(500, 4.0), 0.99).back(), 4.0, 1e-9);
  EXPECT_TRUE(smoothed({}, 0.9).empty());
  const std::vector<double> gaps = smoothed({NAN, 1, NAN, 3}, 0.5);
  EXPECT_TRUE(std::isnan(gaps[0]) && std::isnan(gaps[2]));
  EXPECT_NEAR(gaps[1], 1.0, 1e-12);
  EXPECT_NEAR(gaps[3], 7.0 / 3.0, 1e-12);
}

TEST(ChartLine, GrowsByWhatIsNewAndBeginsAnewWhereTheRunDid) {
  std::vector<double> xs{1, 2, 3}, ys{4, 2, 1};
  ChartLine grown("loss", "", figures::Scale::Linear), whole("loss", "", figures::Scale::Linear);
  grown.smooth(0.8);
  whole.smooth(0.8);
  grown.take({"loss", "", xs, ys});
  xs.push_back(4);
  ys.push_back(8);
  grown.take({"loss", "", xs, ys});
  whole.take({"loss", "", xs, ys});
  EXPECT_EQ(grown.shown().ys(), whole.shown().ys());
  xs = {1, 2};
  ys = {4, 7};
  grown.take({"loss", "", xs, ys});
  EXPECT_EQ(grown.measured().ys(), ys) << "resumed from an earlier checkpoint";
}

TEST(ChartLine, ATemperatureIsTheReciprocalOfItsScale) {
  const std::vector<double> xs{0, 1}, ys{10, 20};
  ChartLine line("1/scale", "", figures::Scale::Log);
  line.take({"1/scale", "", xs, ys, figures::SeriesLineView::Values::Reciprocal});
  EXPECT_EQ(line.measured().ys(), (std::vector<double>{0.1, 0.05}));
}

}  // namespace
}  // namespace lix::widgets
