#pragma once
#include <QPointF>
#include <QWidget>
#include <memory>
#include <string>
#include <vector>

#include "figures/series_figure.h"

class QCategoryAxis;
class QChart;
class QChartView;
class QLabel;
class QLineSeries;

namespace lix::widgets {

class ChartLegend;

/// Live training series (Qt Charts): one panel with several lines over steps, linear or logarithmic values (drawn over
/// their log10), marks at steps, levels. Points are appended cheaply; long series are decimated for drawing
/// (figures::decimated), anew for what a zoom shows; values that are not finite (or not positive on a logarithmic axis)
/// are left out. The same legend clicks as CurveChart; a rubber band or Ctrl+wheel zooms, kept while data
/// grow; a double click on the plot resets.
class SeriesChart : public QWidget {
  Q_OBJECT

 public:
  explicit SeriesChart(QWidget* parent = nullptr);

  /// Replaces everything. Cheap where the lines are those shown already and have only grown.
  void setPanel(const figures::SeriesPanel& panel);
  /// Exponential smoothing 0 (none) to 0.99; raw values stay faintly behind.
  void setSmoothing(double weight);
  void setEmptyText(const QString& text);
  QChart* chart() const { return chart_; }
  bool isZoomed() const;
  /// What is shown now as a figure, in the same colours; null while there is nothing. Its table has the measured values,
  /// not the smoothed ones. It is copied and saved by FigureExport's keys and the context menu.
  std::shared_ptr<const figures::Figure> figure() const;

 Q_SIGNALS:
  /// Copying or saving did not work.
  void failed(const QString& sentence);

 protected:
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void rebuild();
  void restyle();
  void refresh();
  void drawLines();
  void updateRanges();
  void updateTicks();
  void placeMarks();
  void showAll();
  void zoomAt(const QPointF& place, double factor);
  void showHidden();
  bool isLog() const { return panel_.scale == figures::Scale::Log; }
  int mostTicks(Qt::Orientation direction) const;

  figures::SeriesPanel panel_;
  double smoothing_ = 0.0;
  QChart* chart_;
  QChartView* view_;
  ChartLegend* legend_;
  QCategoryAxis* x_ = nullptr;
  QCategoryAxis* y_ = nullptr;
  QLabel* title_;
  QLabel* nothing_;
  QPoint pressed_;
  std::vector<QLineSeries*> raw_, smooth_, marks_, levels_;
};

/// Exponential moving mean with weight w of what came before, corrected for its start (Kingma and Ba 2015, the bias
/// correction of Adam's moments): s_t = w s_(t-1) + (1 - w) y_t, shown s_t / (1 - w^t).
std::vector<double> smoothed(const std::vector<double>& values, double weight);

}  // namespace lix::widgets
