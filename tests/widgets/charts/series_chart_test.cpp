#include "charts/series_chart.h"

#include <QLabel>
#include <QWheelEvent>

#include "chart_samples.h"
#include "charts/chart_legend.h"
#include "series_chart_support.h"

namespace lix::widgets {
namespace {

TEST_F(SeriesChartTest, ALongSeriesGrowsWithinTheSameObjects) {
  figures::SeriesPanel panel{.title = "Loss", .lines = {{"loss", "", {}, {}}}, .marks = {}, .levels = {}};
  set(panel);
  const QList<QAbstractSeries*> objects = chart.chart()->series();
  for (int upto = 10000; upto <= 100000; upto += 10000) {
    panel.lines[0] = lineOf("loss", upto, [](int step) { return step == 54321 ? 9.0 : 1.0 + 0.1 * noise(step); });
    chart.setPanel(panel);
  }
  settle();
  EXPECT_EQ(chart.chart()->series(), objects);
  const std::vector<QPointF>& points = chart.drawnPoints(0);
  EXPECT_LE(points.size(), 4u * 700);
  EXPECT_GT(points.size(), 2u * 400);
  EXPECT_EQ(points.back().x(), 100000.0);
  EXPECT_TRUE(std::ranges::count(points, QPointF(54321, 9.0))) << "a peak got lost";
  EXPECT_EQ(range(Qt::Horizontal), (std::pair<double, double>(0.0, 100000.0)));
  panel.lines[0].label = "another";
  chart.setPanel(panel);
  EXPECT_EQ(chart.findChildren<LegendButton*>()[0]->text(), "another");
}

/// How many pixels of the plot have about this colour.
int pixelsOf(const QImage& image, const QRect& plot, const QColor& colour) {
  int found = 0;
  for (int y = plot.top(); y <= plot.bottom(); ++y) {
    for (int x = plot.left(); x <= plot.right(); ++x) {
      const QColor at = image.pixelColor(x, y);
      found += std::abs(at.red() - colour.red()) + std::abs(at.green() - colour.green()) +
                       std::abs(at.blue() - colour.blue()) < 40;
    }
  }
  return found;
}

TEST_F(SeriesChartTest, ALongLineIsPaintedWhereQtChartsWouldPaintIt) {
  // The same steps at two lengths: few points go through Qt Charts, many through the layer.
  const auto staircase = [](int steps) {
    return figures::SeriesPanel{.title = "n", .lines = {lineOf("n", steps, [=](int step) { return step > steps / 2 ? 8.0 : 2.0; })},
                                .marks = {}, .levels = {}};
  };
  const auto painted = [&](int steps) {
    set(staircase(steps));
    const QRectF plot = chart.chart()->plotArea();
    const QImage image = viewport()->grab().toImage();
    std::vector<double> shares;  // where the line is, as shares of the plot's height, at a quarter and at three quarters
    for (const double at : {0.25, 0.75}) {
      const int x = int(plot.left() + at * plot.width());
      double sum = 0.0, ink = 0.0;  // weighed by how much of the line's colour a pixel has
      for (int y = int(plot.top()); y < int(plot.bottom()); ++y) {
        const int share = std::max(0, image.pixelColor(x, y).blue() - image.pixelColor(x, y).red() - 20);
        sum += share * (plot.bottom() - y) / plot.height();
        ink += share;
      }
      shares.push_back(ink > 0.0 ? sum / ink : -1.0);
    }
    return shares;
  };
  const std::vector<double> few = painted(200), many = painted(50000);
  ASSERT_GT(few[0], 0.0);
  EXPECT_NEAR(few[0], many[0], 0.01);
  EXPECT_NEAR(few[1], many[1], 0.01);
  EXPECT_GT(many[1], many[0] + 0.4);
}

TEST_F(SeriesChartTest, AGapIsNoLine) {
  set({.title = "n", .lines = {lineOf("n", 300, [](int step) { return step > 100 && step < 200 ? NAN : 3.0; })}, .marks = {}, .levels = {}});
  const QRectF plot = chart.chart()->plotArea();
  const QImage image = viewport()->grab().toImage();
  const QColor colour = figures::categorical(figures::Theme::Light, 0);
  const auto around = [&](double step) {
    return pixelsOf(image, QRect(int(plot.left() + plot.width() * step / 300.0) - 3, int(plot.top()), 6, int(plot.height())), colour);
  };
  EXPECT_GT(around(50), 0);
  EXPECT_EQ(around(150), 0);
  EXPECT_GT(around(250), 0);
}

TEST_F(SeriesChartTest, RunsHaveTheirColoursAndLabelsTheirDashes) {
  set({.title = "n",
       .lines = {{"loss", "a", {0, 1}, {1, 2}}, {"main", "a", {0, 1}, {2, 3}}, {"loss", "b", {0, 1}, {3, 4}}, {"main", "b", {0, 1}, {4, 5}}},
       .marks = {}, .levels = {}});
  const auto lines = drawn();
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0]->color(), lines[1]->color());
  EXPECT_EQ(lines[2]->color(), lines[3]->color());
  EXPECT_NE(lines[0]->color(), lines[2]->color());
  EXPECT_EQ(lines[0]->pen().style(), lines[2]->pen().style());
  EXPECT_NE(lines[0]->pen(), lines[1]->pen());
}

TEST_F(SeriesChartTest, OutliersCanBeLeftOutOfTheAxisAndValuesDrawnOverTheirLogarithm) {
  set({.title = "n", .lines = {lineOf("n", 400, [](int step) { return step == 7 ? 1000.0 : 1.0 + step / 400.0; })}, .marks = {}, .levels = {}});
  EXPECT_GT(range(Qt::Vertical).second, 900.0);
  chart.setRange(SeriesChart::Range::WithoutOutliers);
  settle();
  EXPECT_LT(range(Qt::Vertical).second, 3.0);
  EXPECT_GT(range(Qt::Vertical).second, 1.9);
  chart.setRange(SeriesChart::Range::All);
  chart.setLogarithmic(true);
  settle();
  EXPECT_NEAR(range(Qt::Vertical).second, 3.0, 0.3) << "a logarithm";
  EXPECT_EQ(chart.drawnPoints(0)[6], QPointF(7, 3.0));
  chart.setLogarithmic(false);
  settle();
  EXPECT_EQ(chart.drawnPoints(0)[6], QPointF(7, 1000.0));
}

TEST_F(SeriesChartTest, SmoothingKeepsTheRawValuesBehind) {
  set(lossPanel(100));
  EXPECT_EQ(drawn().size(), 2u);
  const double last = drawn()[0]->points().back().y();
  chart.setSmoothing(0.9);
  settle();
  ASSERT_EQ(drawn().size(), 4u);
  EXPECT_LT(drawn()[0]->pen().color().alpha(), drawn()[2]->pen().color().alpha());
  EXPECT_EQ(drawn()[0]->points().back().y(), last);
  EXPECT_NE(drawn()[2]->points().back().y(), last);
}

TEST_F(SeriesChartTest, ALogAxisLeavesOutWhatHasNoLogarithm) {
  set({.title = "tau",
       .scale = figures::Scale::Log,
       .lines = {{"tau", "", {1, 2, 3, 4, 5, 6}, {0.01, 0.0, -1.0, NAN, INFINITY, 1.0}}},
       .marks = {},
       .levels = {{"never", -3.0}}});
  const std::vector<QPointF>& points = chart.drawnPoints(0);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0], QPointF(1, -2.0));
  EXPECT_TRUE(std::isnan(points[1].y())) << "a gap, not a line over what is missing";
  EXPECT_EQ(points[2], QPointF(6, 0.0));
  const QStringList labels = axis(Qt::Vertical)->categoriesLabels();
  EXPECT_TRUE(labels.contains("0.01") && labels.contains("0.1") && labels.contains("1"));
  EXPECT_NEAR(axis(Qt::Vertical)->endValue("0.1"), -1.0, 1e-9);
  EXPECT_GT(axis(Qt::Vertical)->min(), -2.3) << "half a decade is wasted";
  EXPECT_LT(axis(Qt::Vertical)->max(), 0.3);
}

TEST_F(SeriesChartTest, ALogAxisWithinADecadeHasRightNumbers) {
  set({.title = "tau", .scale = figures::Scale::Log, .lines = {{"tau", "", {1, 2}, {0.04, 0.07}}}, .marks = {}, .levels = {}});
  QCategoryAxis* y = axis(Qt::Vertical);
  ASSERT_GE(y->categoriesLabels().size(), 3);
  for (const QString& text : y->categoriesLabels()) {
    EXPECT_NEAR(std::pow(10.0, y->endValue(text)), text.toDouble(), 1e-9);
  }
}

TEST_F(SeriesChartTest, NumbersBesideTheAxesAreShort) {
  const auto labels = [this](double from, double to) {
    set({.title = "n", .lines = {{"n", "", {0, 60000}, {from, to}}}, .marks = {}, .levels = {}});
    return axis(Qt::Vertical)->categoriesLabels();
  };
  EXPECT_TRUE(labels(12345, 12385).contains("12360"));
  EXPECT_TRUE(axis(Qt::Horizontal)->categoriesLabels().contains("20k"));
  const QStringList tiny = labels(0, 0.00012);
  EXPECT_TRUE(tiny.contains("0"));
  EXPECT_TRUE(tiny.contains(QString("1e") + QChar(0x2212) + "4")) << tiny.join(" ").toStdString();
  EXPECT_TRUE(labels(0, 0.4).contains("0.2"));
  set({.title = "n", .lines = {{"n", "", {1, 2, 3}, {1, 2, 3}}}, .marks = {}, .levels = {}});
  EXPECT_EQ(axis(Qt::Horizontal)->categoriesLabels(), (QStringList{"1", "2", "3"}));
}

TEST_F(SeriesChartTest, TheValueAxisStaysWhileALossGrowsALittle) {
  set({.title = "n", .lines = {{"n", "", {0, 1}, {0.2, 5.0}}}, .marks = {}, .levels = {}});
  const auto before = range(Qt::Vertical);
  set({.title = "n", .lines = {{"n", "", {0, 1, 2}, {0.2, 5.0, 5.02}}}, .marks = {}, .levels = {}});
  EXPECT_EQ(range(Qt::Vertical), before);
}

TEST_F(SeriesChartTest, AZoomKeepsItsRangeWhileDataGrowAndADoubleClickResets) {
  set(lossPanel(400));
  EXPECT_FALSE(chart.isZoomed());
  zoomToMiddle();
  ASSERT_TRUE(chart.isZoomed());
  const auto x = range(Qt::Horizontal), y = range(Qt::Vertical);
  EXPECT_NEAR(x.first, 100.0, 3.0);
  EXPECT_NEAR(x.second, 300.0, 3.0);
  EXPECT_GE(axis(Qt::Horizontal)->categoriesLabels().size(), 3);
  set(lossPanel(800));
  EXPECT_EQ(range(Qt::Horizontal), x);
  EXPECT_EQ(range(Qt::Vertical), y);
  theme(ThemeChoice::Dark);
  EXPECT_EQ(range(Qt::Horizontal), x);
  doubleClick();
  EXPECT_FALSE(chart.isZoomed());
  EXPECT_EQ(range(Qt::Horizontal), (std::pair<double, double>(0.0, 800.0)));
  EXPECT_EQ(chart.drawnPoints(0).back().x(), 800.0);
}

TEST_F(SeriesChartTest, AZoomShowsEveryPointOfALongSeries) {
  set({.title = "n", .lines = {lineOf("n", 100000, [](int step) { return noise(step); })}, .marks = {}, .levels = {}});
  for (int i = 0; i < 8; ++i) {
    zoomToMiddle();
  }
  const auto [from, to] = range(Qt::Horizontal);
  ASSERT_LT(to - from, 2000.0);
  settle();
  const std::vector<QPointF>& points = chart.drawnPoints(0);
  for (std::size_t i = 1; i < points.size(); ++i) {
    ASSERT_EQ(points[i].x() - points[i - 1].x(), 1.0);
  }
  EXPECT_LE(points.front().x(), from);
  EXPECT_GE(points.back().x(), to);
}

TEST_F(SeriesChartTest, AClickDoesNotZoom) {
  set(lossPanel(400));
  const QPointF at = chart.chart()->plotArea().center();
  QTest::mouseClick(viewport(), Qt::LeftButton, {}, at.toPoint());
  drag(at, at + QPointF(2, 3));
  EXPECT_FALSE(chart.isZoomed());
  zoomToMiddle();
  EXPECT_TRUE(chart.isZoomed());
}

TEST_F(SeriesChartTest, CtrlAndTheWheelZoomAroundThePointer) {
  set(lossPanel(400));
  const QPointF at = chart.chart()->plotArea().topLeft() + QPointF(5, 5);
  const auto turn = [&](Qt::KeyboardModifiers keys) {
    QWheelEvent wheel(at, viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, keys, Qt::NoScrollPhase, false);
    QApplication::sendEvent(viewport(), &wheel);
  };
  turn(Qt::NoModifier);
  EXPECT_FALSE(chart.isZoomed());
  turn(Qt::ControlModifier);
  EXPECT_TRUE(chart.isZoomed());
  EXPECT_LT(range(Qt::Horizontal).first, 5.0);
  EXPECT_NEAR(range(Qt::Horizontal).second, 320.0, 5.0);
}

TEST_F(SeriesChartTest, MarksAndLevelsStandWhereTheyBelong) {
  set(tauPanel());
  const auto lines = drawn();
  ASSERT_EQ(lines.size(), 2u) << "the long lines are painted by the layer";
  EXPECT_EQ(lines[0]->points(), (QList<QPointF>{{320, axis(Qt::Vertical)->min()}, {320, axis(Qt::Vertical)->max()}}));
  EXPECT_EQ(lines[1]->points(), (QList<QPointF>{{0, -2}, {800, -2}}));
  QStringList texts;
  for (const LegendButton* button : chart.findChildren<LegendButton*>()) {
    texts << button->text();
  }
  EXPECT_EQ(texts, (QStringList{"tau", "tau_ctx", "inflection (step 320)", "floor (0.010)"}));
}

TEST_F(SeriesChartTest, HidingALineFitsTheAxisToTheRest) {
  set({.title = "n", .lines = {{"big", "", {0, 1}, {0, 1000}}, {"small", "", {0, 1}, {0, 1}}}, .marks = {}, .levels = {}});
  EXPECT_GT(axis(Qt::Vertical)->max(), 900.0);
  QTest::mouseClick(chart.findChildren<LegendButton*>()[0], Qt::LeftButton);
  EXPECT_LT(axis(Qt::Vertical)->max(), 2.0);
}

TEST_F(SeriesChartTest, SaysWhatTheCallerWantsWhereThereIsNothing) {
  const auto empty = [this] {
    for (const QLabel* label : chart.findChildren<QLabel*>()) {
      if (label->text() == "Nothing is measured yet.") {
        return label->isVisible();
      }
    }
    return false;
  };
  EXPECT_TRUE(empty());
  set(lossPanel(3));
  EXPECT_FALSE(empty());
  set({.title = "Loss", .lines = {{"loss", "", {1}, {NAN}}}, .marks = {}, .levels = {}});
  EXPECT_TRUE(empty());
}

TEST_F(SeriesChartTest, TheThemeChangesItsColours) {
  set(lossPanel(10));
  EXPECT_GT(drawn()[0]->pen().widthF(), 1.0);
  const QColor light = drawn()[0]->color();
  const auto objects = chart.chart()->series();
  theme(ThemeChoice::Dark);
  EXPECT_NE(drawn()[0]->color(), light);
  EXPECT_EQ(chart.chart()->backgroundBrush().color(), figures::palette(figures::Theme::Dark).background);
  EXPECT_EQ(chart.chart()->series(), objects);
}

TEST_F(SeriesChartTest, WhatIsShownIsAFigureAndItsNumbersAreTheMeasuredOnes) {
  EXPECT_EQ(chart.figure(), nullptr);
  set({.title = "Loss",
       .lines = {{.label = "loss", .run = "a", .xs = {1, 2, 3}, .ys = {4, 2, 1}},
                 {.label = "loss", .run = "b", .xs = {1, 2}, .ys = {8, 6}}},
       .marks = {{"turn", 2}},
       .levels = {{"floor", 0.5}}});
  chart.setSmoothing(0.5);
  settle();
  const std::string all = "panel,run,series,Step,value\nLoss,a,loss,1,4\nLoss,a,loss,2,2\nLoss,a,loss,3,1\n";
  EXPECT_EQ(chart.figure()->table(), all + "Loss,b,loss,1,8\nLoss,b,loss,2,6\nLoss,,turn,2,\nLoss,,floor,,0.5\n");
  for (LegendButton* button : chart.findChildren<LegendButton*>()) {
    if (button->text() == "b, loss" || button->text().startsWith("turn")) {
      QTest::mouseClick(button, Qt::LeftButton);
    }
  }
  EXPECT_EQ(chart.figure()->table(), all + "Loss,,floor,,0.5\n");
}

TEST_F(SeriesChartTest, AZoomedChartSavesWhatItShows) {
  set(lossPanel(100));
  const QRectF plot = chart.chart()->plotArea();
  drag(plot.topLeft() + QPointF(plot.width() * 0.4, 2), plot.topLeft() + QPointF(plot.width() * 0.6, plot.height() - 2));
  ASSERT_TRUE(chart.isZoomed());
  const QString table = QString::fromStdString(chart.figure()->table());
  const auto lines = table.split('\n', Qt::SkipEmptyParts);
  ASSERT_GT(lines.size(), 20);
  EXPECT_LT(lines.size(), 60);
  const auto [first, last] = range(Qt::Horizontal);
  for (const QString& line : lines.mid(1)) {
    const double step = line.split(',')[3].toDouble();
    EXPECT_TRUE(step >= first && step <= last) << line.toStdString();
  }
}

}  // namespace
}  // namespace lix::widgets
