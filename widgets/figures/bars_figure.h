#pragma once
#include <QRectF>
#include <cmath>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/figure.h"

namespace lix::figures {

/// A bar's length from zero (NaN: none) and its interval (low > high or NaN: none), in the axis' unit.
struct Bar {
  double value = NAN;
  double low = NAN;
  double high = NAN;
  std::vector<long long> keys{};  ///< of its Source
};

struct BarRow {
  std::string label;
  std::vector<Bar> bars;  ///< one a series
};

enum class BarLayout { Grouped, Stacked };

struct BarsData {
  Headings headings;
  std::string xLabel;
  std::vector<std::string>
      series;  ///< names in the legend; a single one has none, and its negative bars another colour
  BarLayout layout = BarLayout::Grouped;
  std::vector<BarRow> rows;  ///< from above, in this order
};

/// Horizontal bars from zero. Stacked: each part begins where the one before ended, one that goes back is hatched.
/// Names stand left of the plot on up to three lines, numbers (of a stack its end) right of it, so that neither meets a
/// bar.
class BarsFigure : public Figure {
 public:
  explicit BarsFigure(BarsData data);

  double naturalWidth() const override { return 700.0; }
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;
  std::vector<Source> sources() const override;
  std::vector<QRectF> sourcePlaces(const QRectF& rect) const override;

  struct Places {
    QRectF plot;
    Axis x;
    std::vector<std::vector<QRectF>> bars;  ///< [row][series]; null where there is no bar
  };
  Places places(const QRectF& rect) const;

 private:
  struct Parts;
  Parts parts(double bodyWidth) const;
  Axis axis() const;

  BarsData data_;
};

}  // namespace lix::figures
