#include "figures/series_figure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "figure_samples.h"
#include "figure_tests.h"

namespace lix::figures {
namespace {

TEST(Decimated, KeepsTheLowestAndHighestOfEveryColumn) {
  Random random(3, 4);
  std::vector<QPointF> points;
  for (int i = 0; i < 20000; ++i) {
    points.emplace_back(i * 0.05, random.normal());
  }
  constexpr int kColumns = 137;
  const auto kept = decimated(points, 0, 1000, kColumns);
  EXPECT_LE(kept.size(), 4U * kColumns);
  const auto extremes = [&](const std::vector<QPointF>& all) {
    std::map<int, std::pair<double, double>> columns;
    for (const QPointF& point : all) {
      const int column = std::min(int(point.x() / 1000 * kColumns), kColumns - 1);
      const auto [at, fresh] = columns.try_emplace(column, point.y(), point.y());
      at->second = {std::min(at->second.first, point.y()), std::max(at->second.second, point.y())};
    }
    return columns;
  };
  EXPECT_EQ(extremes(kept), extremes(points));
  EXPECT_EQ(kept.front(), points.front());
  EXPECT_EQ(kept.back(), points.back());
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.x() < b.x(); }));
}

TEST(Decimated, LeavesShortLinesAlone) {
  const std::vector<QPointF> points{{0, 1}, {1, 5}, {2, 2}};
  EXPECT_EQ(decimated(points, 0, 2, 1), points);
  EXPECT_EQ(decimated({}, 0, 2, 10), std::vector<QPointF>());
  EXPECT_EQ(decimated(points, 2, 2, 0), points);
}

SeriesData two() {
  SeriesData data;
  data.panels = {{.title = "a", .lines = {{"a", "", {0, 50, 100}, {1, 2, 3}}}},
                 {.title = "b", .scale = Scale::Log, .lines = {{"b", "", {0, 50, 100}, {1, 10, 100}}}}};
  return data;
}

TEST(SeriesFigure, LinesLieWhereTheDataSay) {
  const SeriesFigure figure(two());
  const QImage image = test::painted(figure, Theme::Light, {}, 4);
  const auto places = figure.places(QRectF(QPointF(0, 0), figure.sizeHint()));
  ASSERT_EQ(places.size(), 2U);
  EXPECT_TRUE(test::near(test::at(image, places[0].at(25, 1.5), 4), categorical(Theme::Light, 0)));
  EXPECT_TRUE(test::near(test::at(image, places[1].at(75, std::sqrt(1000.0)), 4), categorical(Theme::Light, 0)))
      << "straight on a logarithmic axis";
  EXPECT_EQ(places[0].at(50, 2).x(), places[1].at(50, 2).x()) << "one step axis";
  EXPECT_LT(places[0].plot.bottom(), places[1].plot.top());
}

TEST(SeriesFigure, TheMarkStandsOnItsLine) {
  SeriesData data = two();
  data.panels[0].marks = {{"inflection", 50}};
  const SeriesFigure figure(data);
  const QImage image = test::painted(figure, Theme::Light, {}, 4);
  const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
  const QPointF mark = place.at(50, 2);
  EXPECT_EQ(test::at(image, mark, 4), palette(Theme::Light).background) << "hollow";
  EXPECT_TRUE(test::near(test::at(image, mark + QPointF(3.75, 0), 4), palette(Theme::Light).ink, 60));
}

TEST(SeriesFigure, RunsDifferInColour) {
  SeriesData data = two();
  data.panels[0].lines = {{"a", "run 1", {0, 100}, {1, 1}}, {"a", "run 2", {0, 100}, {3, 3}}};
  const SeriesFigure figure(data);
  const QImage image = test::painted(figure, Theme::Dark, {}, 2);
  const auto place = figure.places(QRectF(QPointF(0, 0), figure.sizeHint())).front();
  EXPECT_TRUE(test::near(test::at(image, place.at(40, 1), 2), categorical(Theme::Dark, 0)));
  EXPECT_TRUE(test::near(test::at(image, place.at(40, 3), 2), categorical(Theme::Dark, 1)));
}

TEST(SeriesFigure, OddData) {
  SeriesData uneven = two();
  uneven.panels[0].lines[0].ys.pop_back();
  SeriesData strange = two();
  strange.panels[0].lines[0].ys = {NAN, INFINITY, 1};
  strange.panels[1].lines[0].ys = {0, -1, 0};
  strange.panels[1].marks = {{"outside", 1e9}, {"nowhere", NAN}};
  strange.panels[1].levels = {{"below a logarithm", -1}};
  SeriesData empty = two();
  empty.panels[0].lines.clear();
  for (const SeriesData& data : {uneven, strange, empty, sample::training(3, 1), SeriesData()}) {
    const SeriesFigure figure(data);
    for (const double width : {240.0, 720.0}) {
      const QSizeF size(width, figure.heightFor(width));
      const QImage image = test::painted(figure, Theme::Light, size);
      EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0);
      for (const auto& place : figure.places(QRectF(QPointF(0, 0), size))) {
        EXPECT_TRUE(QRectF(QPointF(0, 0), size).contains(place.plot));
        EXPECT_GT(place.plot.height(), 50);
      }
    }
  }
}

}  // namespace
}  // namespace lix::figures
