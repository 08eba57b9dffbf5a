#include "charts/curve_chart.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QAreaSeries>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLineSeries>
#include <QMenu>
#include <QMimeData>
#include <QScatterSeries>
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
  template <class Series>
  std::vector<Series*> all() const {
    std::vector<Series*> found;
    for (QAbstractSeries* series : chart.chart()->series()) {
      if (auto* one = qobject_cast<Series*>(series)) {
        found.push_back(one);
      }
    }
    return found;
  }
  QCategoryAxis* axis(Qt::Orientation direction) const {
    return qobject_cast<QCategoryAxis*>(chart.chart()->axes(direction).first());
  }
  int visible() const {
    int count = 0;
    for (const QAbstractSeries* series : chart.chart()->series()) {
      count += series->isVisible();
    }
    return count;
  }

  using Labels = std::vector<std::string>;
  CurveChart chart;
};

TEST_F(CurveChartTest, AClickInTheLegendHidesAndShows) {
  QSignalSpy changed(&chart, &CurveChart::hiddenChanged);
  const int whole = visible();
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  EXPECT_EQ(visible(), whole - 4);  // band, line, full and hollow dots
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  EXPECT_EQ(chart.hidden(), Labels{});
  EXPECT_EQ(visible(), whole);
  EXPECT_EQ(changed.count(), 2);
}

TEST_F(CurveChartTest, ADoubleClickShowsOneAloneAndAgainAll) {
  const int whole = visible();
  doubleClick("Prototypes");
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  EXPECT_EQ(visible(), 4);
  EXPECT_FALSE(entry("Supervised")->isChecked());
  doubleClick("Prototypes");
  EXPECT_EQ(chart.hidden(), Labels{});
  EXPECT_EQ(visible(), whole);
}

TEST_F(CurveChartTest, ADoubleClickOnAHiddenEntryShowsItAlone) {
  QTest::mouseClick(entry("Ours"), Qt::LeftButton);
  doubleClick("Ours");
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
}

TEST_F(CurveChartTest, SpaceHidesAndReturnIsolates) {
  const int whole = visible();
  entry("Ours")->setFocus(Qt::TabFocusReason);
  QTest::keyClick(entry("Ours"), Qt::Key_Space);
  EXPECT_EQ(chart.hidden(), Labels{"Ours"});
  QTest::keyClick(entry("Ours"), Qt::Key_Space);
  EXPECT_EQ(chart.hidden(), Labels{});
  QTest::keyClick(entry("Ours"), Qt::Key_Return);
  EXPECT_EQ(chart.hidden(), Labels{"Prototypes"});
  QTest::keyClick(entry("Ours"), Qt::Key_Return);
  EXPECT_EQ(visible(), whole);
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
  QWidget* viewport = chart.findChild<QChartView*>()->viewport();
  const figures::CurvesPanel panel = smallPanel();
  for (int series = 0; series < int(panel.series.size()); ++series) {
    for (int point = 0; point < int(panel.series[std::size_t(series)].points.size()); ++point) {
      clicked.clear();
      const QPoint at = viewport->mapFrom(&chart, chart.placeOf(series, point).toPoint());
      QTest::mouseClick(viewport, Qt::LeftButton, {}, at);
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
  QWidget* viewport = chart.findChild<QChartView*>()->viewport();
  QTest::mouseClick(viewport, Qt::LeftButton, {}, viewport->mapFrom(&chart, chart.placeOf(0, 3).toPoint()));
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

TEST_F(CurveChartTest, BandsHaveTheirValues) {
  const auto bands = all<QAreaSeries>();
  ASSERT_EQ(bands.size(), 2u);
  ASSERT_EQ(bands[0]->upperSeries()->count(), 5);
  EXPECT_NEAR(bands[0]->upperSeries()->at(2).y(), 74.0, 1e-9);
  EXPECT_NEAR(bands[0]->lowerSeries()->at(2).y(), 65.0, 1e-9);
  EXPECT_NEAR(bands[1]->upperSeries()->at(2).y(), bands[1]->lowerSeries()->at(2).y(), 1e-9);
}

TEST_F(CurveChartTest, ReferencesRunAcrossThePlotAndZeroShotIsHollow) {
  const QLineSeries* reference = all<QLineSeries>().back();
  EXPECT_NEAR(reference->at(0).y(), 97.0, 1e-9);
  EXPECT_DOUBLE_EQ(reference->at(0).x(), axis(Qt::Horizontal)->min());
  EXPECT_DOUBLE_EQ(reference->at(1).x(), axis(Qt::Horizontal)->max());
  const auto dots = all<QScatterSeries>();
  ASSERT_EQ(dots[1]->count(), 1);
  EXPECT_NEAR(dots[1]->at(0).y(), 30.0, 1e-9);
  EXPECT_EQ(dots[1]->brush().color(), figures::palette(figures::Theme::Light).background);
}

TEST_F(CurveChartTest, PointsWithoutANumberAreNotDrawn) {
  figures::CurvesPanel panel = smallPanel();
  panel.series[0].points[2].mean = NAN;
  chart.setPanel(panel);
  EXPECT_EQ(all<QScatterSeries>()[0]->count(), 4);
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
  const QColor light = all<QLineSeries>()[0]->color();
  theme(ThemeChoice::Dark);
  EXPECT_NE(all<QLineSeries>()[0]->color(), light);
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
