#include <gtest/gtest.h>

#include <QChartView>
#include <QTest>

#include "chart_samples.h"
#include "charts/curve_chart.h"
#include "charts/series_chart.h"
#include "shots.h"

namespace lix::widgets {
namespace {

using figures::Scale;

/// Saves a chart small and large in both themes, and checks that what it draws lies within it.
template <class Chart>
void shootSizes(Chart& chart, const QString& name) {
  applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), ThemeChoice::Light);
  for (const QSize size : {QSize(400, 250), QSize(1000, 600)}) {
    chart.resize(size);
    chart.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&chart));
    QCoreApplication::processEvents();
    shoot(chart, QStringLiteral("%1-%2").arg(name).arg(size.width()));
    EXPECT_EQ(chart.size(), size);
  }
}

void shootSeries(const figures::SeriesPanel& panel, const QString& name, double smoothing = 0.0) {
  SeriesChart chart;
  chart.setEmptyText("Nothing is measured yet.");
  chart.setPanel(panel);
  chart.setSmoothing(smoothing);
  shootSizes(chart, name);
}

void shootCurves(const figures::CurvesPanel& panel, const QString& name) {
  CurveChart chart;
  chart.setPanel(panel);
  shootSizes(chart, name);
}

TEST(ChartGallery, Curves) {
  shootCurves(richPanel(), "curves-rich");
  shootCurves(smallPanel(), "curves-small");
  shootCurves({.title = "Few", .series = {{"only zero-shot", "", {{0, 0.42, 0.4, 0.44, 3}}}}, .references = {}}, "curves-zero");
  shootCurves({}, "curves-none");
}

TEST(ChartGallery, Series) {
  shootSeries(lossPanel(), "series-loss");
  shootSeries(lossPanel(), "series-smooth", 0.9);
  shootSeries(tauPanel(), "series-tau");
  shootSeries({.title = "Tau within a decade",
               .scale = Scale::Log,
               .lines = {lineOf("tau", 300, [](int step) { return 0.07 - 0.0001 * step; })},
               .marks = {},
               .levels = {}},
              "series-decade");
  shootSeries({.title = "Few", .lines = {{"rate", "", {1, 2, 3}, {0.1, 0.4, 0.2}}, {"one", "", {2}, {0.3}}}, .marks = {}, .levels = {}},
              "series-few");
  shootSeries({.title = "Images per second",
               .lines = {lineOf("images", 120000, [](int step) { return 12345.0 + 40.0 * noise(step / 2000); })},
               .marks = {},
               .levels = {}},
              "series-large");
  shootSeries({.title = "Learning rate",
               .lines = {lineOf("rate", 500, [](int step) { return 0.00012 * std::min(1.0, step / 50.0); })},
               .marks = {},
               .levels = {}},
              "series-tiny");
  shootSeries({.title = "Constant", .lines = {lineOf("k", 50, [](int) { return 5.0; })}, .marks = {}, .levels = {}}, "series-flat");
  figures::SeriesPanel guard{.title = "Zero-shot since the start, points",
                             .lines = {{"change, with its 95 % interval", "", {0, 100, 200, 300}, {0, -2.8, -1.1, 0.6}}},
                             .marks = {},
                             .levels = {{"as at the start", 0}}};
  guard.lines[0].lows = {0, -5.5, -3.4, -1.5};
  guard.lines[0].highs = {0, -0.1, 1.2, 2.7};
  SeriesChart read;
  read.setPanel(guard);
  read.resize(420, 260);
  read.show();
  QTest::keyClick(read.findChild<QChartView*>(), Qt::Key_Right);
  QTest::keyClick(read.findChild<QChartView*>(), Qt::Key_Right);
  shootSizes(read, "series-guard");
  shootSeries({.title = "Wide",
               .scale = Scale::Log,
               .lines = {lineOf("grad", 200, [](int step) { return std::pow(10.0, 5.0 - 0.06 * step); })},
               .marks = {},
               .levels = {}},
              "series-wide");
}

}  // namespace
}  // namespace lix::widgets
