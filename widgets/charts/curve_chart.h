#pragma once
#include <QWidget>
#include <memory>
#include <string>
#include <vector>

#include "figures/curves_figure.h"
#include "figures/curves_parts.h"

class QCategoryAxis;
class QChart;
class QChartView;
class QLabel;

namespace lix::widgets {

class ChartLegend;
class CurveLayer;

/// An interactive chart of one panel of a curves figure: accuracy in percent against shots on a base-2 logarithmic axis
/// with zero-shot left of it, bands, dashed reference lines; axes by Qt Charts, curves by CurveLayer. A click in the legend
/// hides a curve, a double click shows it alone (again: all); hovering a point tells its numbers; a click on a point is
/// told. Left and right go along a curve, up and down from curve to curve, Return is the click.
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
  /// What is drawn: the panel without what is hidden.
  const figures::CurvesPanel& drawn() const;
  /// Where a point is drawn, in this widget's coordinates; null where it is not.
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
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void addAxes();
  void rebuild();
  void setAxes();
  void setAccuracyTicks();
  void showHidden();
  void goTo(int key);
  void tellPoint(int series, int point, const QPoint& at);
  QString hint(const figures::CurveSeries& series, const figures::CurvePoint& point) const;

  figures::CurvesPanel panel_;
  figures::CurvesData all_;
  figures::Styles styles_;    // of all panels
  std::vector<int> kept_;     // places in panel_ of the series that are drawn
  int series_ = -1, at_ = 0;  // the point that the keys have come to, among the drawn ones
  double zero_ = 0.0;         // where zero shots stand on the x axis
  QChart* chart_;
  QChartView* view_;
  QCategoryAxis *x_ = nullptr, *y_ = nullptr;
  CurveLayer* layer_ = nullptr;
  ChartLegend* legend_;
  QLabel* title_;
  QLabel* nothing_;
};

}  // namespace lix::widgets
