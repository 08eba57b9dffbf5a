#pragma once
#include <QRectF>
#include <cmath>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/figure.h"

namespace lix::figures {

struct Column {
  double value = 0.0;  ///< from zero; NaN: none
  bool flagged = false;
};

struct ColumnsData {
  Headings headings;
  std::string xLabel, yLabel;
  std::vector<Column> columns;
  double first = 0.0, step = 1.0;  ///< where the first begins on the x axis, and how wide each is
  bool numbered = false;           ///< columns are things with the numbers 0, 1, ..., not ranges of x
  double level = NAN;              ///< a dotted line across the plot, NaN: none
  std::string levelName, flagName;  ///< in the legend
};

/// Columns from zero along an axis: shares of numbered things, or a histogram. A level to compare with is dotted;
/// flagged columns have another colour, and a mark at the axis, since they may be too low to be seen.
class ColumnsFigure : public Figure {
 public:
  explicit ColumnsFigure(ColumnsData data) : data_(std::move(data)) {}

  double naturalWidth() const override { return 560.0; }
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  struct Places {
    QRectF plot;
    Axis y;
    std::vector<QRectF> columns;  ///< as high as the plot
  };
  Places places(const QRectF& rect) const;

 private:
  Axis axis() const;
  double legend(double width, QPainter* painter, const QPointF& at, Theme theme) const;

  ColumnsData data_;
};

}  // namespace lix::figures
