// What dots, bars and cells were made from, and where they lie.
#include <gtest/gtest.h>

#include <cmath>

#include "figures/bars_figure.h"
#include "figures/plot_figure.h"
#include "figures/table_figure.h"

namespace lix::figures {
namespace {

QRectF whole(const Figure& figure, double width) { return {10, 20, width, figure.heightFor(width)}; }

TEST(Sources, DotsAreWhereTheyAreDrawn) {
  PlotSeries line{.label = "a", .group = "", .joined = Joined::Line,
                  .points = {{.x = 1, .y = 2, .keys = {7}}, {.x = 2, .y = NAN, .keys = {8}}, {.x = 3, .y = 1}, {.x = 4, .y = 1, .label = "end", .keys = {9, 10}}}};
  PlotSeries thick{.label = "thick", .group = "", .points = {}};
  for (int i = 0; i < 41; ++i) {
    thick.points.push_back({.x = double(i), .y = 1, .keys = {i}});
  }
  const PlotFigure figure({.headings = {.title = "T", .subtitle = "", .notes = ""}, .xLabel = "x", .yLabel = "y", .panels = {{.title = "", .series = {line}}, {.title = "two", .series = {thick}}}});
  const auto sources = figure.sources();
  ASSERT_EQ(sources.size(), 2u) << "what is not drawn as a dot, or has no keys, cannot be asked about";
  EXPECT_EQ(sources[0].name, "a");
  EXPECT_EQ(sources[0].keys, std::vector<long long>{7});
  EXPECT_EQ(sources[1].name, "a, end");
  EXPECT_EQ(sources[1].keys, (std::vector<long long>{9, 10}));
  const QRectF rect = whole(figure, 700);
  const auto places = figure.sourcePlaces(rect);
  ASSERT_EQ(places.size(), 2u);
  const auto panel = figure.places(rect).front();
  EXPECT_EQ(places[0].center(), panel.at(1, 2));
  EXPECT_EQ(places[1].center(), panel.at(4, 1));
}

TEST(Sources, BarsCanBeHitHoweverShort) {
  const BarsFigure figure({.headings = {}, .xLabel = "", .series = {"a", "b"},
                           .rows = {{"first", {{.value = 4.0, .keys = {1}}, {.value = 0.0, .keys = {2}}}},
                                    {"second", {{.value = NAN, .keys = {3}}, {.value = 1.0}}}}});
  const auto sources = figure.sources();
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[1].name, "first, b");
  const QRectF rect = whole(figure, 480);
  const auto places = figure.sourcePlaces(rect);
  const auto bars = figure.places(rect).bars;
  EXPECT_EQ(places[0], bars[0][0]);
  EXPECT_GE(places[1].width(), 5.0);
  EXPECT_NEAR(places[1].center().x(), bars[0][1].center().x(), 1e-9);
}

TEST(Sources, CellsLieInTheirColumnsAlsoWhereThoseGoOnBelow) {
  TableData data{.headings = {.title = "T", .subtitle = "", .notes = ""}, .corner = "Model", .columns = {}, .rows = {}};
  TableRow one{.name = "one", .cells = {}}, two{.name = "two", .cells = {}};
  for (int c = 0; c < 12; ++c) {
    data.columns.push_back("column " + std::to_string(c));
    one.cells.push_back("1.0");
    two.cells.push_back("2.0");
    one.keys.push_back(c == 3 ? std::vector<long long>() : std::vector<long long>{c});
  }
  data.rows = {one, two};
  const TableFigure figure(data);
  for (const double width : {380.0, 1000.0}) {
    const QRectF rect = whole(figure, width);
    const auto sources = figure.sources();
    const auto places = figure.sourcePlaces(rect);
    ASSERT_EQ(sources.size(), 11u);
    ASSERT_EQ(places.size(), 11u);
    EXPECT_EQ(sources[3].name, "one, column 4");
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_TRUE(rect.contains(places[i])) << i << " at " << width;
      for (std::size_t other = 0; other < i; ++other) {
        EXPECT_FALSE(places[i].adjusted(1, 1, -1, -1).intersects(places[other])) << i << " and " << other;
      }
    }
    EXPECT_EQ(figure.blocks(width - 32).size() > 1, places[10].top() > places[0].top()) << "below where they go on";
  }
}

TEST(Sources, OtherFiguresHaveNone) {
  const BarsFigure figure({.headings = {}, .xLabel = "", .series = {""}, .rows = {{"a", {{1.0}}}}});
  EXPECT_TRUE(figure.sources().empty());
  EXPECT_TRUE(figure.sourcePlaces(whole(figure, 400)).empty());
}

}  // namespace
}  // namespace lix::figures
