// The figures of results: where bars, dots, names, cells and columns lie.
#include <gtest/gtest.h>

#include "figure_tests.h"
#include "figures/bars_figure.h"
#include "figures/colour_map.h"
#include "figures/heat_figure.h"
#include "figures/parts.h"
#include "figures/plot_figure.h"
#include "figures/table_figure.h"

namespace lix::figures {
namespace {

QRectF whole(const Figure& figure, double width) { return {0, 0, width, figure.heightFor(width)}; }

TEST(BarsFigure, BarsBeginAtZeroAndEndAtTheirValue) {
  const BarsFigure figure({.headings = {},
                           .xLabel = "points",
                           .series = {""},
                           .rows = {{"up", {{4.0, 3.0, 5.0}}}, {"down", {{-2.0}}}, {"none", {{NAN}}}}});
  const auto places = figure.places(whole(figure, 480));
  const auto x = [&](double value) { return places.x.map(value, places.plot.left(), places.plot.right()); };
  ASSERT_EQ(places.bars.size(), 3u);
  EXPECT_NEAR(places.bars[0][0].left(), x(0), 1e-9);
  EXPECT_NEAR(places.bars[0][0].right(), x(4), 1e-9);
  EXPECT_NEAR(places.bars[1][0].left(), x(-2), 1e-9);
  EXPECT_NEAR(places.bars[1][0].right(), x(0), 1e-9);
  EXPECT_TRUE(places.bars[2][0].isNull());
  EXPECT_LE(places.x.low, -2.0);
  EXPECT_GE(places.x.high, 5.0) << "the interval is within the axis";
  const QImage image = test::painted(figure, Theme::Light, whole(figure, 480).size());
  EXPECT_TRUE(test::near(test::at(image, places.bars[0][0].center() + QPointF(-20, 0)), categorical(Theme::Light, 0)));
  EXPECT_TRUE(test::near(test::at(image, places.bars[1][0].center()), categorical(Theme::Light, 1)));
}

TEST(BarsFigure, StackedPartsFollowOneAnother) {
  const BarsFigure figure({.headings = {},
                           .xLabel = "",
                           .series = {"zero-shot", "gain"},
                           .layout = BarLayout::Stacked,
                           .rows = {{"gains", {{40}, {20}}}, {"loses", {{40}, {-10}}}}});
  const auto places = figure.places(whole(figure, 600));
  const auto x = [&](double value) { return places.x.map(value, places.plot.left(), places.plot.right()); };
  EXPECT_NEAR(places.bars[0][1].left(), x(40), 1e-9);
  EXPECT_NEAR(places.bars[0][1].right(), x(60), 1e-9);
  EXPECT_NEAR(places.bars[1][1].left(), x(30), 1e-9);
  EXPECT_NEAR(places.bars[1][1].right(), x(40), 1e-9);
  EXPECT_LT(places.bars[0][0].bottom(), places.bars[1][0].top());
}

TEST(BarsFigure, GroupedBarsDoNotOverlapAndRowsGrow) {
  BarsData data{.headings = {}, .xLabel = "", .series = {"a", "b", "c"}, .rows = {}};
  data.rows = {{"a name that is so long that it needs more than the one line it has", {{1}, {2}, {3}}}, {"b", {{1}}}};
  const BarsFigure figure(data);
  for (const double width : {300.0, 480.0, 1200.0}) {
    const auto places = figure.places(whole(figure, width));
    EXPECT_LE(places.bars[0][0].bottom(), places.bars[0][1].top());
    EXPECT_LE(places.bars[0][2].bottom(), places.bars[1][0].top());
    EXPECT_TRUE(places.bars[1][1].isNull()) << "missing bars are none";
    EXPECT_LE(places.bars[1][0].bottom(), places.plot.bottom());
  }
}

TEST(PlotFigure, DotsLieWhereTheDataSay) {
  PlotData data{.headings = {}, .xLabel = "x", .yLabel = "y", .x = Scale::Log, .panels = {}};
  data.panels = {
      {.title = "",
       .series = {
           {.label = "s",
            .group = "",
            .joined = Joined::Dots,
            .points = {
                {.x = 1, .y = 2}, {.x = 100, .y = 4}, {.x = -1, .y = 3}, {.x = NAN, .y = 3}, {.x = 10, .y = 3}}}}}};
  const PlotFigure figure(data);
  const QRectF rect = whole(figure, 600);
  const auto place = figure.places(rect).front();
  EXPECT_NEAR(place.at(10, 0).x(), (place.at(1, 0).x() + place.at(100, 0).x()) / 2, 1e-9) << "logarithmic";
  EXPECT_GT(place.at(1, 2).y(), place.at(1, 4).y());
  EXPECT_LT(place.x.low, 1.0);
  EXPECT_GT(place.x.low, 0.0) << "what a logarithm cannot show is left out";
  const QImage image = test::painted(figure, Theme::Dark, rect.size());
  for (const auto& [x, y] : {std::pair(1.0, 2.0), {100.0, 4.0}, {10.0, 3.0}}) {
    EXPECT_TRUE(test::near(test::at(image, place.at(x, y)), categorical(Theme::Dark, 0), 30)) << x;
  }
}

TEST(PlotFigure, PanelsShareTheirAxesAndStayInside) {
  PlotData data{.headings = {.title = "T", .subtitle = "", .notes = "N"}, .xLabel = "x", .yLabel = "y", .panels = {}};
  for (int i = 0; i < 5; ++i) {
    data.panels.push_back({.title = "p",
                           .series = {{.label = "s",
                                       .group = "",
                                       .joined = Joined::Line,
                                       .points = {{.x = 0, .y = double(i)}, {.x = 5, .y = 10.0 * i}}}}});
  }
  const PlotFigure figure(data);
  for (const double width : {320.0, 480.0, 1200.0}) {
    const QRectF rect = whole(figure, width);
    const auto places = figure.places(rect);
    ASSERT_EQ(places.size(), 5u);
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_EQ(places[i].y.high, places[0].y.high);
      EXPECT_TRUE(rect.contains(places[i].plot)) << width;
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(places[i].cell.intersects(places[j].cell)) << width;
      }
    }
  }
}

TEST(DotLabels, KeepClearOfDotsAndOneAnother) {
  std::vector<DotLabel> labels;
  for (int i = 0; i < 12; ++i) {
    labels.push_back({QPointF(100 + 12 * (i % 4), 100 + 9 * (i / 4)), 70});
  }
  const QRectF room(0, 0, 400, 300);
  const auto boxes = placeDotLabels(labels, {}, room);
  int placed = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].isNull()) {
      continue;
    }
    ++placed;
    EXPECT_TRUE(room.contains(boxes[i]));
    for (const DotLabel& label : labels) {
      EXPECT_FALSE(boxes[i].contains(label.dot));
    }
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(boxes[i].intersects(boxes[j])) << i << " " << j;
    }
  }
  EXPECT_GE(placed, 8) << "most find room";
  const auto alone = placeDotLabels({{QPointF(10, 50), 40}}, {}, QRectF(0, 0, 200, 100));
  EXPECT_EQ(alone[0], QRectF(18, 43, 40, kDotLabelHeight)) << "right of its dot";
  const auto edge = placeDotLabels({{QPointF(195, 50), 40}}, {}, QRectF(0, 0, 200, 100));
  EXPECT_EQ(edge[0], QRectF(147, 43, 40, kDotLabelHeight)) << "left at the right edge";
  EXPECT_TRUE(placeDotLabels({{QPointF(5, 5), 90}}, {}, QRectF(0, 0, 10, 10))[0].isNull());
}

TEST(HeatFigure, CellsHaveTheColourOfTheirValue) {
  HeatData data{.headings = {}, .rowLabel = "r", .columnLabel = "c", .valueLabel = "v", .panels = {}, .range = {}};
  data.panels = {{"P", {"a", "b"}, {"1", "2", "3"}, {0, 1, 2, 3, 4, NAN}, std::pair(1, 0)}};
  const HeatFigure figure(data);
  const QRectF rect = whole(figure, 500);
  const auto places = figure.places(rect);
  EXPECT_EQ(places.low, 0.0);
  EXPECT_EQ(places.high, 4.0);
  const QRectF cell = places.cell(0, 1, 2, data);
  EXPECT_NEAR(cell.right(), places.grids[0].right(), 1e-9);
  EXPECT_NEAR(cell.bottom(), places.grids[0].bottom(), 1e-9);
  const QImage image = test::painted(figure, Theme::Light, rect.size());
  EXPECT_TRUE(test::near(test::at(image, cell.center() + QPointF(0, 10)), palette(Theme::Light).blank)) << "no number";
  EXPECT_TRUE(
      test::near(test::at(image, places.cell(0, 1, 1, data).topRight() + QPointF(-4, 4)), QColor(0xfde725), 12));
  EXPECT_TRUE(rect.contains(places.colourBar));
}

TEST(HeatFigure, ADivergingScaleHasZeroInItsMiddle) {
  HeatData data{.headings = {}, .rowLabel = "", .columnLabel = "", .valueLabel = "", .panels = {}, .range = {}};
  data.panels = {{"P", {"a"}, {"1", "2", "3"}, {-1, 0, 4}}};
  data.scale = HeatScale::Diverging;
  const HeatFigure figure(data);
  const QRectF rect = whole(figure, 500);
  const auto places = figure.places(rect);
  EXPECT_EQ(places.low, -4.0);
  EXPECT_EQ(places.high, 4.0);
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const QImage image = test::painted(figure, theme, rect.size());
    for (const auto& [column, share] : {std::pair(0, -0.25), {1, 0.0}, {2, 1.0}}) {
      const QPointF corner = places.cell(0, 0, column, data).topRight() + QPointF(-4, 4);
      EXPECT_TRUE(test::near(test::at(image, corner), diverging(share, theme))) << column;
    }
  }
  data.panels[0].values = {0, 0, 0};
  EXPECT_EQ(HeatFigure(data).places(rect).low, -1.0) << "all alike: the middle of some scale";
}

TEST(TableFigure, ColumnsGoOnBelowWhereTheyDoNotFit) {
  TableData data{.headings = {}, .corner = "Model", .columns = {}, .rows = {}};
  TableRow row{"SigLIP", {}};
  for (int i = 0; i < 22; ++i) {
    data.columns.push_back("dataset " + std::to_string(i));
    row.cells.push_back("50.0");
  }
  data.rows = {row, row};
  const TableFigure figure(data);
  const auto wide = figure.blocks(1e6), narrow = figure.blocks(440);
  ASSERT_EQ(wide.size(), 1u);
  EXPECT_EQ(wide[0].size(), 22u);
  std::size_t next = 0;
  for (const auto& block : narrow) {
    ASSERT_FALSE(block.empty());
    for (const std::size_t column : block) {
      EXPECT_EQ(column, next++);
    }
  }
  EXPECT_EQ(next, 22u);
  EXPECT_GT(narrow.size(), 2u);
  EXPECT_GT(figure.heightFor(480), figure.heightFor(1200));
}

TEST(ResultFigures, WithoutDataTheySayThatThereIsNothing) {
  const BarsFigure bars({});
  const PlotFigure plot({});
  const HeatFigure heat({});
  const TableFigure table({});
  for (const Figure* figure : std::initializer_list<const Figure*>{&bars, &plot, &heat, &table}) {
    const QSizeF size(400, std::max(figure->heightFor(400), 60.0));
    const QImage image = test::painted(*figure, Theme::Light, size);
    EXPECT_GT(test::count(image, QRectF(QPointF(), size), palette(Theme::Light).muted, 60), 5);
  }
}

}  // namespace
}  // namespace lix::figures
