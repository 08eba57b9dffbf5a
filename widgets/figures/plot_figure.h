#pragma once
#include <QRectF>
#include <cmath>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/curves_figure.h"
#include "figures/figure.h"

namespace lix::figures {

/// A dot; its interval in y (low > high or NaN: none), and what stands beside it ("": nothing).
struct PlotPoint {
  double x = NAN;
  double y = NAN;
  double low = NAN;
  double high = NAN;
  std::string label{};
  std::vector<long long> keys{};  ///< of its Source
};

enum class Joined { Line, Dots };

/// Points of one look; of a line, xs rise. Series of one `group` share a colour; the same group and label look the same
/// in every panel.
struct PlotSeries {
  std::string label;
  std::string group;
  Joined joined = Joined::Line;
  std::vector<PlotPoint> points;
};

/// Whether its dots are drawn.
bool isMarked(const PlotSeries& series);

struct PlotPanel {
  std::string title;
  std::vector<PlotSeries> series;
  std::vector<ReferenceLine> levels{};
};

struct PlotData {
  Headings headings;
  std::string xLabel, yLabel;
  Scale x = Scale::Linear;
  Scale y = Scale::Linear;
  std::vector<PlotPanel> panels;  ///< one, or small multiples that share both axes
};

/// Two numbers against each other, as lines, as dots with their names beside them, or both. Points that are not finite
/// (or not positive on a logarithmic axis) are left out. Lines are named at their ends where one panel has room, else
/// in a legend above.
class PlotFigure : public Figure {
 public:
  explicit PlotFigure(PlotData data);

  double naturalWidth() const override { return data_.panels.size() > 1 ? 820.0 : 660.0; }
  double heightFor(double width) const override;
  double mostHeight(double width) const override { return 0.66 * width; }
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;
  std::vector<Source> sources() const override;
  std::vector<QRectF> sourcePlaces(const QRectF& rect) const override;

  struct PanelPlace {
    QRectF cell, plot;
    Axis x, y;
    QPointF at(double x, double y) const;
  };
  std::vector<PanelPlace> places(const QRectF& rect) const;

 private:
  struct Parts;
  Parts parts(double bodyWidth) const;
  bool drawable(const PlotPoint& point) const;
  /// Whether it can be pointed at: it is drawn as a dot, and has keys.
  bool isSource(const PlotSeries& series, const PlotPoint& point) const;
  Axis axisOf(double PlotPoint::*of, Scale scale, int most) const;
  void drawPanel(QPainter& painter, const PanelPlace& place, const PlotPanel& panel, Theme theme) const;
  void drawEnds(QPainter& painter, const PanelPlace& place, const PlotPanel& panel, double width, Theme theme) const;

  PlotData data_;
};

/// A text that wants to stand beside a dot.
struct DotLabel {
  QPointF dot;
  double width = 0.0;
};
/// Where each text stands, as a box of kDotLabelHeight within `room`: beside, above or below its dot, else farther off,
/// clear of all dots, of lines (`avoid`) and of one another. A null box where nothing is free.
std::vector<QRectF> placeDotLabels(const std::vector<DotLabel>& labels, const std::vector<QPointF>& avoid,
                                   const QRectF& room);
inline constexpr double kDotLabelHeight = 14.0;

}  // namespace lix::figures
