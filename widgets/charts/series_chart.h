#pragma once
#include <QElapsedTimer>
#include <QPointF>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "charts/chart_line.h"
#include "charts/series_cursor.h"
#include "charts/series_layer.h"
#include "figures/parts.h"

class QCategoryAxis;
class QChart;
class QChartView;
class QLabel;
class QLineSeries;

namespace lix::widgets {

class ChartLegend;

/// Live training series: one panel with several lines over steps, linear or logarithmic values (drawn over their log10),
/// marks at steps, levels. Axes, zoom, marks and short lines are Qt Charts'; a line of more points than that draws in time
/// is painted by a SeriesLayer from its SeriesPyramid. Appending costs what is new, and drawing what the pixels can show.
/// Values that are not finite (or not positive on a logarithmic axis) break a line; a panel with negative values stays
/// linear and says so. The same legend clicks as CurveChart; a rubber band or Ctrl+wheel zooms, kept while data grow; a
/// double click on the plot resets. The pointer over the plot, or Left and Right, reads the values at the nearest sample.
/// Drawn at most 30 times a second.
class SeriesChart : public QWidget {
  Q_OBJECT

 public:
  explicit SeriesChart(QWidget* parent = nullptr);

  /// Replaces everything; where the lines are those shown already and have only grown, the new samples are appended.
  void setPanel(const figures::SeriesPanelView& panel);
  void setPanel(const figures::SeriesPanel& panel) { setPanel(figures::viewOf(panel)); }
  /// Exponential smoothing 0 (none) to 0.99; raw values stay faintly behind.
  void setSmoothing(double weight);
  /// What the axis of values holds: everything, or all but the outermost 2 % of what is drawn at either end.
  enum class Range { All, WithoutOutliers };
  void setRange(Range range);
  /// Values over their logarithm, whatever the panel asks for, as far as they have one.
  void setLogarithmic(bool logarithmic);
  void setEmptyText(const QString& text);
  QChart* chart() const { return chart_; }
  bool isZoomed() const;
  /// What is drawn of a line, in the axes' coordinates; a gap is a point whose y is not a number.
  const std::vector<QPointF>& drawnPoints(std::size_t line) const { return drawn_[line]; }
  /// Whether something was set that is not drawn yet.
  bool isPending() const { return pending_.isActive(); }
  /// What is read at the pointer or by the keys: "Step 20: loss 1.5"; "" where nothing is.
  const QString& readingText() const { return reading_; }
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
  void refreshSoon();
  void drawLines();
  void drawLine(std::size_t line, std::vector<SeriesLayer::Line>& layer);
  /// The outline of the interval around a line, in the axes' coordinates; empty where it has none.
  std::vector<QPointF> bandOf(std::size_t line) const;
  std::pair<double, double> steps() const;
  void updateRanges();
  void fitValues();
  void updateTicks();
  void placeMarks();
  void showAll();
  void zoomAt(const QPointF& place, double factor);
  void showHidden();
  bool isLog() const { return scale_ == figures::Scale::Log; }
  figures::Scale scale() const { return scale_; }
  figures::Scale possibleScale() const;
  void rescale();
  QString titleText() const;
  /// Steps of visible lines: the nearest one, or the next one in a direction.
  std::optional<double> sampleNear(double step) const;
  std::optional<double> sampleBeside(double step, int direction) const;
  void readAt(const QPointF& place);
  void readStep(std::optional<double> step);
  bool readByKey(int key);
  SeriesCursor::Reading readingOf(std::size_t line, double step) const;
  figures::SeriesStyle styleOf(std::size_t line) const;
  int mostTicks(Qt::Orientation direction) const;

  figures::SeriesPanelView panel_;  // its lines' samples are in lines_
  std::vector<ChartLine> lines_;
  std::vector<std::vector<QPointF>> drawn_, faint_;
  double smoothing_ = 0.0;
  Range range_ = Range::All;
  bool logarithmic_ = false;
  figures::Scale scale_ = figures::Scale::Linear;
  std::optional<double> read_;  ///< the step that is read
  QString reading_;
  QTimer pending_;
  QElapsedTimer sinceDrawn_;
  QChart* chart_;
  QChartView* view_;
  ChartLegend* legend_;
  QCategoryAxis* x_ = nullptr;
  QCategoryAxis* y_ = nullptr;
  QLabel* title_;
  QLabel* nothing_;
  QPoint pressed_;
  SeriesLayer* layer_ = nullptr;
  SeriesCursor* cursor_ = nullptr;
  std::vector<QLineSeries*> raw_, smooth_, marks_, levels_;
};

}  // namespace lix::widgets
