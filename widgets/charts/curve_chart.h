#pragma once
#include <QWidget>
#include <memory>
#include <string>
#include <vector>

#include "figures/curves_figure.h"

class QAbstractSeries;
class QChart;
class QChartView;
class QLabel;

namespace lix::figures {
struct SeriesStyle;
}

namespace lix::widgets {

class ChartLegend;

/// An interactive chart (Qt Charts) of one panel of a curves figure: accuracy in percent against shots on a base-2
/// logarithmic axis with zero-shot left of it, bands, dashed reference lines. A click in the legend hides a curve, a
/// double click shows it alone (again: all); hovering a point tells its numbers; a click on a point is told.
class CurveChart : public QWidget {
  Q_OBJECT

 public:
  explicit CurveChart(QWidget* parent = nullptr);

  void setPanel(const figures::CurvesPanel& panel);
  /// The same, with the looks and the ranges of both axes that it has among all panels of `all`.
  void setPanel(const figures::CurvesPanel& panel, const figures::CurvesData& all);
  /// Labels of curves that are hidden now.
  std::vector<std::string> hidden() const;
  void setHidden(const std::vector<std::string>& labels);
  QChart* chart() const { return chart_; }
  /// The legend wraps, but the plot takes what room there is, so that a scroll area need not grow.
  bool hasHeightForWidth() const override { return false; }
  /// What is shown now as a figure, in the same colours; null while there is nothing. It is copied and saved by
  /// FigureExport's keys and the context menu.
  std::shared_ptr<const figures::Figure> figure() const;
  /// Where a point is drawn, in this widget's coordinates.
  QPointF placeOf(int series, int point) const;

 Q_SIGNALS:
  /// A point of a series: its positions in the panel.
  void pointClicked(int series, int point);
  void hiddenChanged();
  /// Copying or saving did not work.
  void failed(const QString& sentence);

 protected:
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void rebuild();
  std::vector<QAbstractSeries*> bandAndLine(int index, const figures::SeriesStyle& style, double xZero);
  std::vector<QAbstractSeries*> dots(int index, const figures::SeriesStyle& style);
  void setAccuracyTicks();
  void addAxes(double& low, double& high, double& zero);
  void showHidden();
  QString hint(const figures::CurveSeries& series, const figures::CurvePoint& point) const;

  figures::CurvesPanel panel_;
  figures::CurvesData all_;
  std::vector<std::vector<QPointF>> places_;  // of each curve's points; not a number where there is none
  QChart* chart_;
  QChartView* view_;
  ChartLegend* legend_;
  QLabel* title_;
  QLabel* nothing_;
};

}  // namespace lix::widgets
