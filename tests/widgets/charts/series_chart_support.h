#pragma once
#include <gtest/gtest.h>

#include <QApplication>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QLineSeries>
#include <QMouseEvent>
#include <QTest>

#include "charts/series_chart.h"
#include "theme/theme.h"

namespace lix::widgets {

/// A live chart as a person has it before him.
class SeriesChartTest : public testing::Test {
 protected:
  void SetUp() override {
    theme(ThemeChoice::Light);
    chart.setEmptyText("Nothing is measured yet.");
    chart.resize(700, 420);
    chart.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&chart));
  }
  static void theme(ThemeChoice choice) {
    applyTheme(*qobject_cast<QApplication*>(QCoreApplication::instance()), choice);
    QCoreApplication::processEvents();
  }
  void set(const figures::SeriesPanel& panel) {
    chart.setPanel(panel);
    settle();
  }
  void settle() const {
    ASSERT_TRUE(QTest::qWaitFor([this] { return !chart.isPending(); }, 5000));
    QCoreApplication::processEvents();
  }
  QWidget* viewport() const { return chart.findChild<QChartView*>()->viewport(); }
  QCategoryAxis* axis(Qt::Orientation direction) const {
    return qobject_cast<QCategoryAxis*>(chart.chart()->axes(direction).first());
  }
  std::pair<double, double> range(Qt::Orientation direction) const {
    return {axis(direction)->min(), axis(direction)->max()};
  }
  /// Drawn series that are not empty, in the order in which they are drawn.
  std::vector<QLineSeries*> drawn() const {
    std::vector<QLineSeries*> found;
    for (QAbstractSeries* series : chart.chart()->series()) {
      if (auto* line = qobject_cast<QLineSeries*>(series); line->count() > 0) {
        found.push_back(line);
      }
    }
    return found;
  }
  void drag(const QPointF& from, const QPointF& to) const {
    QTest::mousePress(viewport(), Qt::LeftButton, {}, from.toPoint());
    for (const QPointF& at : {(from + to) / 2, to}) {
      QMouseEvent move(QEvent::MouseMove, at, QPointF(viewport()->mapToGlobal(at.toPoint())), Qt::NoButton,
                       Qt::LeftButton, {});
      QApplication::sendEvent(viewport(), &move);
    }
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, to.toPoint());
    QCoreApplication::processEvents();
  }
  void zoomToMiddle() const {
    const QRectF plot = chart.chart()->plotArea();
    drag(plot.center() - QPointF(plot.width(), plot.height()) / 4, plot.center() + QPointF(plot.width(), plot.height()) / 4);
  }
  void doubleClick() const {
    const QPoint at = chart.chart()->plotArea().center().toPoint();
    QTest::mouseClick(viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(viewport(), Qt::LeftButton, {}, at);
    QTest::mouseRelease(viewport(), Qt::LeftButton, {}, at);
  }

  SeriesChart chart;
};

}  // namespace lix::widgets
