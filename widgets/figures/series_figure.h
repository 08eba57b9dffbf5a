#pragma once
#include <QPointF>
#include <QRectF>
#include <span>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/figure.h"

namespace lix::figures {

/// One line of a panel; xs rise. Points that are not finite (or not positive on a logarithmic axis) break it. lows and
/// highs, as many as ys or none, are an interval around each value, drawn as a band.
struct SeriesLine {
  std::string label;  ///< what is measured: "tau_ctx"
  std::string run;    ///< "" where there is one run
  std::vector<double> xs;
  std::vector<double> ys;
  int look = -1;  ///< which colour and dash of one run's lines; -1: by its place among the panel's labels
  std::vector<double> lows = {}, highs = {};
};

/// The same where the samples lie elsewhere (and may grow there).
struct SeriesLineView {
  enum class Values { AsMeasured, Reciprocal, Percent };
  std::string label;
  std::string run;
  std::span<const double> xs;
  std::span<const double> ys;
  Values values = Values::AsMeasured;  ///< what is drawn of ys: a temperature is the reciprocal of its scale
  int look = -1;
  std::span<const double> lows = {}, highs = {};

  double drawn(double value) const {
    return values == Values::Reciprocal ? 1.0 / value : values == Values::Percent ? 100.0 * value : value;
  }
};

/// A step worth a mark on a panel, such as the inflection of tau_ctx.
struct StepMark {
  std::string label;
  double x = 0.0;
  std::string help = {};  ///< what that is, in a sentence
};

struct LevelMark {
  std::string label;
  double y = 0.0;
};

/// Whether a chart may show moving means of a panel's lines: of measurements at every step, not of rare or exact ones.
enum class Smoothing { Allowed, Never };

struct SeriesPanel {
  std::string title;
  Scale scale = Scale::Linear;
  std::vector<SeriesLine> lines;
  std::vector<StepMark> marks;
  std::vector<LevelMark> levels;
  Smoothing smoothing = Smoothing::Allowed;
};

/// What a panel shows, without the samples themselves.
struct SeriesPanelView {
  std::string title;
  Scale scale = Scale::Linear;
  std::vector<SeriesLineView> lines;
  std::vector<StepMark> marks;
  std::vector<LevelMark> levels;
  Smoothing smoothing = Smoothing::Allowed;
};
SeriesPanelView viewOf(const SeriesPanel& panel);
/// A copy of what it shows.
SeriesPanel copyOf(const SeriesPanelView& view);

struct SeriesData {
  Headings headings;
  std::string xLabel = "Step";
  std::vector<SeriesPanel> panels;
};

/// Training series in panels one below the other that share the step axis. One run: a line's label gives its colour,
/// and stands beside its panel; several: the run gives the colour (legend above), the label the dash.
class SeriesFigure : public Figure {
 public:
  explicit SeriesFigure(SeriesData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  double mostHeight(double width) const override { return 0.66 * width; }
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  struct PanelPlace {
    QRectF plot;
    Axis x;
    Axis y;
    QPointF at(double step, double value) const;
  };
  std::vector<PanelPlace> places(const QRectF& rect) const;

 private:
  struct Parts;
  Parts parts(double bodyWidth) const;

  SeriesData data_;
};

/// A line as drawn over `columns` columns of equal width from low to high: per column its first, lowest, highest and
/// last point in the order of x, so that no peak is lost. Lines with at most four points a column come back whole.
std::vector<QPointF> decimated(const std::vector<QPointF>& points, double low, double high, int columns);

}  // namespace lix::figures
