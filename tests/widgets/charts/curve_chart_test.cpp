#include "charts/curve_chart.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "chart_samples.h"
#include "charts/chart_legend.h"
#include "figures/curves_parts.h"
#include "figures/save.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

class CurveChartTest : public testing::Test {
 protected:
  using Labels = std::vector<std::string>;

  void SetUp() override {
    theme(ThemeChoice::Light);
    chart.setPanel(smallPanel());
    chart.resize(700, 480);
    chart.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&chart));
    QCoreApplication::processEvents();
  }
  static void theme(ThemeChoice choice) {
    applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), choice);
    QCoreApplication::processEvents();
  }
  LegendButton* entry(const QString& text) const {
    for (LegendButton* button : chart.findChildren<LegendButton*>()) {
      if (button->text() == text) {
        return button;
      }
    }
    return nullptr;
  }
  /// As a window system delivers it: press, release, press of a double click, release.
  void doubleClick(const QString& text) const {
    QTest::mouseClick(entry(text), Qt::LeftButton);
    QTest::mouseDClick(entry(text), Qt::LeftButton);
    QTest::mouseRelease(entry(text), Qt::LeftButton);
  }
  QCategoryAxis* axis(Qt::Orientation direction) const {
    return qobject_cast<QCategoryAxis*>(chart.chart()->axes(direction).first());
  }
  Labels drawn() const {
    Labels labels;
    for (const figures::CurveSeries& series : chart.drawn().series) {
      labels.push_back(series.label);
    }
    return labels;
  }
  /// What is seen at a point's place.
  QColor seenAt(int series, int point) {
    return chart.grab().toImage().pixelColor(chart.placeOf(series, point).toPoint());
  }
  QWidget* viewport() const { return chart.findChild<QChartView*>()->viewport(); }

  CurveChart chart;
};

TEST_F(CurveChartTest, AClickInTheLegendHidesAndShows) {
  QSignalSpy changed(&chart, &CurveChart::hiddenChanged);
  const Labels whole = drawn();
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  EXPECT_EQ(drawn(), Labels{"Prototypes"});
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  EXPECT_EQ(chart.hidden(), Labels{});
  EXPECT_EQ(drawn(), whole);
  EXPECT_EQ(changed.count(), 2);
}

TEST_F(CurveChartTest, ADoubleClickShowsOneAloneAndAgainAll) {
  const Labels whole = drawn();
  doubleClick("Prototypes");
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  EXPECT_EQ(drawn(), Labels{"Prototypes"});
  EXPECT_FALSE(entry("Supervised")->isChecked());
  doubleClick("Prototypes");
  EXPECT_EQ(chart.hidden(), Labels{});
  EXPECT_EQ(drawn(), whole);
}

TEST_F(CurveChartTest, ADoubleClickOnAHiddenEntryShowsItAlone) {
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  doubleClick("Ours");
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
}

TEST_F(CurveChartTest, SpaceHidesAndReturnIsolates) {
  const Labels whole = drawn();
  entry("Ours")->setFocus(Qt::TabFocusReason);
  QTest::keyClick(entry("Ours"), Qt::Key_Space);
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  QTest::keyClick(entry("Ours"), Qt::Key_Space);
  EXPECT_EQ(chart.hidden(), Labels{});
  QTest::keyClick(entry("Ours"), Qt::Key_Return);
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
  QTest::keyClick(entry("Ours"), Qt::Key_Return);
  EXPECT_EQ(drawn(), whole);
}

TEST_F(CurveChartTest, HiddenCurvesAreSetAndStayWithANewPanel) {
  chart.setHidden({"Prototypes", "one that is not there"});
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
  EXPECT_FALSE(entry("Prototypes")->isChecked());
  chart.setPanel(smallPanel());
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
  chart.setHidden({});
  EXPECT_EQ(chart.hidden(), Labels{});
}

TEST_F(CurveChartTest, EveryDotTellsItsPlaceWhenClicked) {
  QSignalSpy clicked(&chart, &CurveChart::pointClicked);
  const figures::CurvesPanel panel = smallPanel();
  for (int series = 0; series < int(panel.series.size()); ++series) {
    for (int point = 0; point < int(panel.series[std::size_t(series)].points.size()); ++point) {
      clicked.clear();
      const QPoint at = viewport()->mapFrom(&chart, chart.placeOf(series, point).toPoint());
      QTest::mouseClick(viewport(), Qt::LeftButton, {}, at);
      ASSERT_EQ(clicked.count(), 1) << "series " << series << ", point " << point;
      EXPECT_EQ(clicked[0][0].toInt(), series);
      EXPECT_EQ(clicked[0][1].toInt(), point);
    }
  }
}

TEST_F(CurveChartTest, DotsUnderALaterCurvesBandAreClickedToo) {
  figures::CurvesPanel panel = smallPanel();
  for (figures::CurvePoint& point : panel.series[1].points) {
    point.low = point.mean - 0.3;
    point.high = point.mean + 0.3;
  }
  chart.setPanel(panel);
  QCoreApplication::processEvents();
  QSignalSpy clicked(&chart, &CurveChart::pointClicked);
  QTest::mouseClick(viewport(), Qt::LeftButton, {}, viewport()->mapFrom(&chart, chart.placeOf(0, 3).toPoint()));
  ASSERT_EQ(clicked.count(), 1);
  EXPECT_EQ(clicked[0][0].toInt(), 0);
  EXPECT_EQ(clicked[0][1].toInt(), 3);
}

TEST_F(CurveChartTest, TheAxesSayTheShotsThatOccurAndPercent) {
  EXPECT_EQ(axis(Qt::Horizontal)->categoriesLabels(), (QStringList{"0", "1", "2", "4", "8", "16"}));
  EXPECT_DOUBLE_EQ(axis(Qt::Horizontal)->endValue("8"), 3.0);
  EXPECT_DOUBLE_EQ(axis(Qt::Horizontal)->endValue("0"), -1.0);
  EXPECT_EQ(axis(Qt::Vertical)->categoriesLabels(), (QStringList{"0", "20", "40", "60", "80", "100"}));
  figures::CurvesPanel panel = smallPanel();
  panel.series.erase(panel.series.begin());
  chart.setPanel(panel);
  EXPECT_EQ(axis(Qt::Horizontal)->categoriesLabels(), (QStringList{"1", "2", "4", "8", "16"}));
}

TEST_F(CurveChartTest, PointsLieWhereTheAxesSay) {
  const QRectF plot = chart.chart()->plotArea();
  const QPointF one = chart.placeOf(0, 1), sixteen = chart.placeOf(0, 5);  // 50 and 90 percent
  const double perDoubling = plot.width() / (axis(Qt::Horizontal)->max() - axis(Qt::Horizontal)->min());
  const double perPercent = plot.height() / (axis(Qt::Vertical)->max() - axis(Qt::Vertical)->min());
  EXPECT_NEAR(sixteen.x() - one.x(), 4 * perDoubling, 1.5);
  EXPECT_NEAR(one.y() - sixteen.y(), 40 * perPercent, 1.5);
  EXPECT_NEAR(one.x() - chart.placeOf(0, 0).x(), perDoubling, 1.5) << "zero-shot stands a doubling before the first";
}

TEST_F(CurveChartTest, DotsHaveTheirColoursAndZeroShotIsHollow) {
  const figures::Styles styles({.panels = {smallPanel()}});
  const QColor ours = styles.of("", "Ours", figures::Theme::Light).colour;
  EXPECT_EQ(seenAt(0, 3), ours);
  EXPECT_EQ(seenAt(1, 3), styles.of("", "Prototypes", figures::Theme::Light).colour);
  EXPECT_EQ(seenAt(0, 0), figures::palette(figures::Theme::Light).background);
  chart.setHidden({"Ours"});
  EXPECT_TRUE(chart.placeOf(0, 3).isNull());
  EXPECT_FALSE(chart.placeOf(1, 3).isNull());
}

TEST_F(CurveChartTest, PointsWithoutANumberAreNotDrawn) {
  figures::CurvesPanel panel = smallPanel();
  panel.series[0].points[2].mean = NAN;
  chart.setPanel(panel);
  EXPECT_TRUE(chart.placeOf(0, 2).isNull());
  EXPECT_FALSE(chart.placeOf(0, 3).isNull());
}

TEST_F(CurveChartTest, KeysGoFromPointToPointAndReturnClicks) {
  QSignalSpy clicked(&chart, &CurveChart::pointClicked);
  auto* view = chart.findChild<QChartView*>();
  const auto press = [&](std::initializer_list<Qt::Key> keys) {
    for (const Qt::Key key : keys) {
      QTest::keyClick(view, key);
    }
  };
  const auto last = [&] { return std::pair(clicked.back()[0].toInt(), clicked.back()[1].toInt()); };
  press({Qt::Key_Return});
  EXPECT_EQ(clicked.size(), 0) << "nothing is chosen yet";
  press({Qt::Key_Right, Qt::Key_Return});
  ASSERT_EQ(clicked.size(), 1);
  EXPECT_EQ(last(), std::pair(0, 0)) << "the first point, which is zero-shot";
  press({Qt::Key_Right, Qt::Key_Right, Qt::Key_Return});
  EXPECT_EQ(last(), std::pair(0, 2));
  EXPECT_TRUE(view->accessibleDescription().contains("2 shots: 60.0 %")) << view->accessibleDescription().toStdString();
  press({Qt::Key_Down, Qt::Key_Return});
  EXPECT_EQ(last(), std::pair(1, 1)) << "the other curve's at two shots";
  press({Qt::Key_Down, Qt::Key_Left, Qt::Key_Return});
  EXPECT_EQ(last(), std::pair(1, 0)) << "there is none below";
  press({Qt::Key_Up, Qt::Key_Return});
  EXPECT_EQ(last(), std::pair(0, 1));
  chart.setHidden({"Ours"});
  press({Qt::Key_Right, Qt::Key_Return});
  EXPECT_EQ(last(), std::pair(1, 0)) << "of what is shown";
}

TEST_F(CurveChartTest, EqualZeroShotDotsStandSideBySideAndAreClickedEach) {
  figures::CurvesPanel panel = smallPanel();
  panel.series[1].points.insert(panel.series[1].points.begin(), panel.series[0].points[0]);
  chart.setPanel(panel);
  QCoreApplication::processEvents();
  QSignalSpy clicked(&chart, &CurveChart::pointClicked);
  for (const int series : {0, 1}) {
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, viewport()->mapFrom(&chart, chart.placeOf(series, 0).toPoint()));
    ASSERT_EQ(clicked.size(), series + 1);
    EXPECT_EQ(clicked.back()[0].toInt(), series);
  }
}

TEST_F(CurveChartTest, SaysThatThereIsNothing) {
  const auto nothing = [this] {
    for (const QLabel* label : chart.findChildren<QLabel*>()) {
      if (label->text() == "There is nothing to draw yet.") {
        return label->isVisible();
      }
    }
    return false;
  };
  EXPECT_FALSE(nothing());
  chart.setPanel({.title = "", .series = {{"a", "", {{1, NAN, NAN, NAN, 1}}}}, .references = {}});
  EXPECT_TRUE(nothing());
  EXPECT_FALSE(chart.findChild<QChartView*>()->isVisible());
  chart.setPanel(smallPanel());
  EXPECT_FALSE(nothing());
}

TEST_F(CurveChartTest, TheThemeChangesItsColoursAndKeepsWhatIsHidden) {
  chart.setHidden({"Ours"});
  const QColor light = seenAt(1, 3);
  theme(ThemeChoice::Dark);
  EXPECT_NE(seenAt(1, 3), light);
  const figures::Palette& dark = figures::palette(figures::Theme::Dark);
  EXPECT_EQ(chart.chart()->backgroundBrush().color(), dark.background);
  EXPECT_EQ(axis(Qt::Horizontal)->labelsColor(), dark.muted);
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
}

TEST_F(CurveChartTest, WhatIsShownIsCopiedAndSaved) {
  const QTemporaryDir folder;
  QSignalSpy failed(&chart, &CurveChart::failed);
  auto* view = chart.findChild<QChartView*>();
  QApplication::clipboard()->clear();
  QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
  ASSERT_TRUE(QApplication::clipboard()->mimeData()->hasImage());
  EXPECT_TRUE(QApplication::clipboard()->mimeData()->data("image/svg+xml").contains("Prototypes"));
  QTest::mouseClick(entry("Prototypes"), Qt::LeftButton);
  const auto answer = [&](const QString& path) {
    auto* dialog = chart.findChild<QFileDialog*>();
    ASSERT_TRUE(dialog);
    dialog->findChild<QLineEdit*>("fileNameEdit")->setText(path);
    QTest::keyClick(dialog->findChild<QLineEdit*>("fileNameEdit"), Qt::Key_Return);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !chart.findChild<QFileDialog*>(); }));
  };
  QTest::keyClick(view, Qt::Key_S, Qt::ControlModifier | Qt::AltModifier);
  answer(folder.filePath("shown.csv"));
  QFile file(folder.filePath("shown.csv"));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QByteArray table = file.readAll();
  EXPECT_TRUE(table.startsWith("panel,series,group,shots,accuracy,low,high,n\n,Ours,,0,0.3,,,1\n")) << table.data();
  EXPECT_EQ(table.count('\n'), 1 + 6 + 1) << table.data();
  EXPECT_FALSE(table.contains("Prototypes")) << "it is hidden";
  EXPECT_EQ(failed.size(), 0);
  QTest::keyClick(view, Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
  answer(folder.filePath("missing/shown.svg"));
  ASSERT_EQ(failed.size(), 1);
  EXPECT_TRUE(failed[0][0].toString().contains("missing")) << failed[0][0].toString().toStdString();
}

TEST_F(CurveChartTest, ASavedCurveKeepsItsColourWithoutTheOthers) {
  const figures::SeriesStyle second = figures::Styles({.panels = {smallPanel()}}).of("", "Prototypes", figures::Theme::Light);
  chart.setHidden({"Ours"});
  const auto svg = figures::rendered(*chart.figure(), figures::FileKind::Svg, figures::Theme::Light);
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find(second.colour.name().toStdString()), std::string::npos);
  chart.setHidden({"Ours", "Prototypes"});
  EXPECT_EQ(chart.figure(), nullptr);
}

TEST_F(CurveChartTest, TheContextMenuHasAll) {
  auto* viewport = chart.findChild<QChartView*>()->viewport();
  QContextMenuEvent ask(QContextMenuEvent::Mouse, QPoint(60, 60), viewport->mapToGlobal(QPoint(60, 60)));
  QApplication::sendEvent(viewport, &ask);
  auto* menu = chart.findChild<QMenu*>();
  ASSERT_TRUE(menu);
  EXPECT_EQ(menu->actions().size(), 5);
  menu->close();
}

TEST(ChartLegend, ManyLongEntriesTakeHalfALineEach) {
  ChartLegend legend;
  std::vector<figures::LegendEntry> entries(6);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    entries[i].text = QString("A name that is long enough to be cut, %1").arg(i);
  }
  legend.setEntries(entries);
  legend.resize(400, legend.heightForWidth(400));
  legend.show();
  QCoreApplication::processEvents();
  const auto buttons = legend.findChildren<LegendButton*>();
  ASSERT_EQ(buttons.size(), 6);
  for (const LegendButton* button : buttons) {
    EXPECT_TRUE(legend.rect().contains(button->geometry()));
    EXPECT_TRUE(button->toolTip().startsWith(button->text()));
  }
  EXPECT_EQ(buttons[0]->y(), buttons[1]->y());
  EXPECT_GT(buttons[2]->y(), buttons[1]->y());
}

}  // namespace
}  // namespace lix::widgets
