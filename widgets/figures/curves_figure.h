#pragma once
#include <QPointF>
#include <string>
#include <vector>

#include "figures/figure.h"

namespace lix::figures {

/// Accuracy at a number of shots; x = 0 is zero-shot. Fractions in 0..1; low > high or NaN: no band.
struct CurvePoint {
  double x = 0.0;
  double mean = 0.0;
  double low = 0.0;
  double high = 0.0;
  int n = 1;  ///< repeats: support draws, or models that differ in their seed
};

/// One curve. `label` is shown; series of one `group` ("" = each its own) share a colour and differ in dash and marker.
/// The same group and label look the same in every panel. Where `dash` names something, series of one name have one
/// dash and marker whatever their group.
struct CurveSeries {
  std::string label;
  std::string group;
  std::vector<CurvePoint> points;
  std::string dash{};
};

struct ReferenceLine {
  std::string label;
  double y = 0.0;
};

struct CurvesPanel {
  std::string title;
  std::vector<CurveSeries> series;
  std::vector<ReferenceLine> references;
};

struct CurvesData {
  Headings headings;
  std::string xLabel = "Shots per class";
  std::string yLabel = "Accuracy, %";
  std::string bandLabel = "95 % interval";
  std::vector<CurvesPanel> panels;  ///< one, or small multiples that share both axes
  std::vector<CurveSeries> looks{};  ///< get their looks first, shown or not: those that stay look the same without some
};

/// Few-shot accuracy against shots: base-2 logarithmic x axis, zero-shot as hollow points left of its break, bands,
/// dashed references. Labels stand beside the plot or above it, never in it.
class CurvesFigure : public Figure {
 public:
  explicit CurvesFigure(CurvesData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  double mostHeight(double width) const override { return 0.66 * width; }
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  /// Where a panel's data lie.
  struct PanelPlace {
    QRectF cell;
    QRectF plot;
    double uLow = 0.0;  ///< log2(shots) at the plot's left side
    double uHigh = 1.0;
    double uZero = 0.0;  ///< where zero shots stand
    double yLow = 0.0;
    double yHigh = 1.0;
    QPointF at(double shots, double accuracy) const;
  };
  std::vector<PanelPlace> places(const QRectF& rect) const;

 private:
  struct Parts;
  Parts parts(double bodyWidth) const;
  Headings headings() const;

  CurvesData data_;
};

}  // namespace lix::figures
