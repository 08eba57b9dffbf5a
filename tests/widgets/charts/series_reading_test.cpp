// What a live chart says of its values: read at a step, drawn on an axis that fits them, smoothed where that means something.
#include <QLabel>

#include "charts/chart_legend.h"
#include "series_chart_support.h"

namespace lix::widgets {
namespace {

class SeriesReadingTest : public SeriesChartTest {
 protected:
  /// Moves the pointer over a step.
  void pointAt(double step) const {
    const QRectF plot = chart.chart()->plotArea();
    const auto [first, last] = range(Qt::Horizontal);
    const QPointF at(plot.left() + (step - first) / (last - first) * plot.width(), plot.center().y());
    QMouseEvent move(QEvent::MouseMove, at, QPointF(viewport()->mapToGlobal(at.toPoint())), Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(viewport(), &move);
  }
  void key(Qt::Key one) const { QTest::keyClick(chart.findChild<QChartView*>(), one); }
  bool says(const QString& part) const {
    const auto labels = chart.findChildren<QLabel*>();
    return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text().contains(part) && label->isVisible(); });
  }
  static figures::SeriesPanel two() {
    return {.title = "Loss", .lines = {{"a", "", {0, 10, 20}, {4, 2, 1.25}}, {"b", "", {0, 20}, {3, 0.5}}}, .marks = {}, .levels = {}};
  }
};

TEST_F(SeriesReadingTest, ThePointerReadsTheNearestSamplesOfAllLines) {
  set(two());
  EXPECT_EQ(chart.readingText(), "");
  pointAt(19.0);
  EXPECT_EQ(chart.readingText(), "Step 20: a 1.25, b 0.5");
  pointAt(11.0);
  EXPECT_EQ(chart.readingText(), "Step 10: a 2, b 3 at step 0") << "of what has no sample there the nearest";
  const QImage with = chart.grab().toImage();
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(viewport(), &leave);
  EXPECT_EQ(chart.readingText(), "");
  EXPECT_NE(chart.grab().toImage(), with) << "it is drawn, and goes";
  QTest::mouseClick(chart.findChildren<LegendButton*>()[1], Qt::LeftButton);
  pointAt(19.0);
  EXPECT_EQ(chart.readingText(), "Step 20: a 1.25") << "b is hidden";
}

TEST_F(SeriesReadingTest, TheKeysGoFromSampleToSampleAndDataThatGrowKeepThePlace) {
  figures::SeriesPanel panel = two();
  set(panel);
  key(Qt::Key_Right);
  EXPECT_TRUE(chart.readingText().startsWith("Step 0:")) << chart.readingText().toStdString();
  key(Qt::Key_Right);
  EXPECT_TRUE(chart.readingText().startsWith("Step 10:")) << chart.readingText().toStdString();
  EXPECT_EQ(chart.findChild<QChartView*>()->accessibleDescription(), chart.readingText());
  panel.lines[0].xs.push_back(30);
  panel.lines[0].ys.push_back(1);
  set(panel);
  EXPECT_TRUE(chart.readingText().startsWith("Step 10:")) << chart.readingText().toStdString();
  key(Qt::Key_End);
  EXPECT_EQ(chart.readingText(), "Step 30: a 1, b 0.5 at step 20");
  key(Qt::Key_Right);
  EXPECT_TRUE(chart.readingText().startsWith("Step 30:")) << "there is nothing after it";
  key(Qt::Key_Left);
  EXPECT_TRUE(chart.readingText().startsWith("Step 20:"));
  key(Qt::Key_Escape);
  EXPECT_EQ(chart.readingText(), "");
}

TEST_F(SeriesReadingTest, SmoothedLinesTellBothNumbersAndRareReadingsAreNotSmoothed) {
  figures::SeriesPanel panel = two();
  chart.setSmoothing(0.5);
  set(panel);
  pointAt(10.0);
  EXPECT_TRUE(chart.readingText().contains("a 2 (smoothed 2.667)")) << chart.readingText().toStdString();
  panel.title = "Canary";
  panel.smoothing = figures::Smoothing::Never;
  set(panel);
  EXPECT_EQ(chart.drawnPoints(0).at(1), QPointF(10, 2)) << "as measured";
  pointAt(10.0);
  EXPECT_EQ(chart.readingText(), "Step 10: a 2, b 3 at step 0");
}

TEST_F(SeriesReadingTest, APanelThatHasNoLogarithmStaysLinearAndSaysSo) {
  chart.setLogarithmic(true);
  set({.title = "Bias", .lines = {{"bias", "", {0, 10}, {-10, -9}}}, .marks = {}, .levels = {}});
  EXPECT_TRUE(says("Bias (linear: values below or at zero)"));
  EXPECT_EQ(chart.drawnPoints(0).at(1), QPointF(10, -9));
  EXPECT_TRUE(chart.findChild<QChartView*>()->isVisible());
  set({.title = "Loss", .lines = {{"loss", "", {0, 10}, {100, 10}}}, .marks = {}, .levels = {}});
  EXPECT_TRUE(says("Loss (logarithmic)"));
  EXPECT_EQ(chart.drawnPoints(0).at(1), QPointF(10, 1));
  chart.setLogarithmic(false);
  settle();
  EXPECT_FALSE(says("logarithmic"));
  EXPECT_EQ(chart.drawnPoints(0).at(1), QPointF(10, 10));
}

TEST_F(SeriesReadingTest, APanelThatIsAlwaysLogarithmicSaysSo) {
  set({.title = "Temperatures", .scale = figures::Scale::Log, .lines = {{"tau", "", {0, 10}, {0.1, 0.01}}}, .marks = {}, .levels = {}});
  EXPECT_TRUE(says("Temperatures (logarithmic)"));
}

TEST_F(SeriesReadingTest, AnIntervalIsABandWithinTheAxisAndInTheNumbers) {
  figures::SeriesPanel panel{.title = "Change", .lines = {{"change", "", {0, 100}, {0, -2.8}}}, .marks = {}, .levels = {}};
  panel.lines[0].lows = {0, -5.5};
  panel.lines[0].highs = {0, -0.1};
  set(panel);
  EXPECT_EQ(chart.findChildren<LegendButton*>().size(), 1) << "one line, not three";
  EXPECT_LE(range(Qt::Vertical).first, -5.5);
  pointAt(100.0);
  EXPECT_EQ(chart.readingText(), "Step 100: change -2.8 (-5.5 to -0.1)");
  key(Qt::Key_Escape);
  EXPECT_EQ(chart.figure()->table(), "panel,run,series,Step,value,low,high\nChange,,change,0,0,0,0\nChange,,change,100,-2.8,-5.5,-0.1\n");
  const auto picture = [this] { return chart.grab().toImage(); };
  const QImage with = picture();
  panel.lines[0].lows = panel.lines[0].highs = {};
  set(panel);
  EXPECT_NE(picture(), with);
}

TEST_F(SeriesReadingTest, AMarkSaysWhatItMeans) {
  figures::SeriesPanel panel = two();
  panel.marks = {{"inflection", 10, "the context begins to attend"}};
  set(panel);
  const auto entries = chart.findChildren<LegendButton*>();
  EXPECT_TRUE(entries.back()->toolTip().contains("the context begins to attend")) << entries.back()->toolTip().toStdString();
}

}  // namespace
}  // namespace lix::widgets
