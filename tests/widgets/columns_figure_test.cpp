#include "figures/columns_figure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figure_tests.h"
#include "figures/theme.h"

namespace lix::figures {
namespace {

ColumnsData shares() {
  return {.headings = {.title = "Use of each token", .subtitle = "a model", .notes = ""},
          .xLabel = "mixture token",
          .yLabel = "mean weight",
          .columns = {{0.5, false}, {0.01, true}, {0.25, false}, {0.24, false}},
          .numbered = true,
          .level = 0.25,
          .levelName = "an even share",
          .flagName = "dead"};
}

TEST(ColumnsFigure, ColumnsAreAsHighAsTheirValues) {
  const ColumnsFigure figure(shares());
  const QRectF rect(QPointF(0, 0), figure.sizeHint());
  for (const Theme theme : {Theme::Light, Theme::Dark}) {
    const QImage image = test::painted(figure, theme);
    const auto places = figure.places(rect);
    ASSERT_EQ(places.columns.size(), 4U);
    const auto y = [&](double value) { return places.y.map(value, places.plot.bottom(), places.plot.top()); };
    const auto at = [&](int column, double value) {
      return test::at(image, {places.columns[std::size_t(column)].center().x(), y(value)});
    };
    EXPECT_TRUE(test::near(at(0, 0.47), categorical(theme, 0)));
    EXPECT_FALSE(test::near(at(0, 0.53), categorical(theme, 0)));
    EXPECT_FALSE(test::near(at(2, 0.28), categorical(theme, 0)));
    EXPECT_TRUE(test::near(at(2, 0.2), categorical(theme, 0)));
    EXPECT_GT(test::count(image, places.columns[1].toRect(), palette(theme).wrong, 8), 5) << "the mark of a dead one";
    EXPECT_EQ(test::count(image, places.columns[2].toRect(), palette(theme).wrong, 8), 0);
  }
}

TEST(ColumnsFigure, ItsTable) {
  EXPECT_EQ(ColumnsFigure(shares()).table(), "number,value,flagged\n0,0.5,0\n1,0.01,1\n2,0.25,0\n3,0.24,0\n");
  const ColumnsFigure ranges({.columns = {{3, false}, {NAN, false}}, .first = 0.5, .step = 0.25});
  EXPECT_EQ(ranges.table(), "from,to,value\n0.5,0.75,3\n0.75,1,\n");
}

TEST(ColumnsFigure, OddData) {
  ColumnsData nan = shares();
  nan.columns[0].value = NAN;
  nan.level = NAN;
  ColumnsData many = shares();
  many.columns.assign(1000, {0.001, true});
  ColumnsData zeros = shares();
  zeros.columns.assign(3, {0.0, false});
  zeros.level = NAN;
  for (const ColumnsData& data : {nan, many, zeros, ColumnsData()}) {
    const ColumnsFigure figure(data);
    for (const double width : {200.0, 900.0}) {
      const QRectF rect(0, 0, width, figure.heightFor(width));
      EXPECT_TRUE(rect.contains(figure.places(rect).plot));
    }
    const QImage image = test::painted(figure, Theme::Light);
    EXPECT_EQ(test::count(image, image.rect(), Qt::magenta, 0), 0);
  }
}

}  // namespace
}  // namespace lix::figures
