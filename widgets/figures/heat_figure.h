#pragma once
#include <QRectF>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/figure.h"

namespace lix::figures {

/// A grid of numbers; NaN is a blank cell.
struct HeatPanel {
  std::string title;
  std::vector<std::string> rows, columns;       ///< names, the first row at the top
  std::vector<double> values;                   ///< [rows][columns]
  std::optional<std::pair<int, int>> marked{};  ///< (row, column) with a frame
};

/// Colours that rise from the lowest to the highest number, or go from zero to either end of an even range.
enum class HeatScale { Rising, Diverging };

struct HeatData {
  Headings headings;
  std::string rowLabel, columnLabel, valueLabel;
  std::vector<HeatPanel> panels;                   ///< side by side where they fit; one colour scale
  std::optional<std::pair<double, double>> range;  ///< of the colours; else that of the values
  HeatScale scale = HeatScale::Rising;             ///< Diverging: a range is widened until zero is its middle
  bool sharedRows = false;                         ///< all panels have the same rows: those at the left name them
};

/// Heatmaps with named rows and columns, a colour bar, and the numbers in the cells where cells are large enough. Names
/// that have no room are thinned; columns that are no numbers are written upwards.
class HeatFigure : public Figure {
 public:
  explicit HeatFigure(HeatData data);

  double naturalWidth() const override { return data_.panels.size() > 1 ? 820.0 : 600.0; }
  double heightFor(double width) const override;
  /// Less shows everything too, down to here: rows become lower where a rectangle is.
  double leastHeightFor(double width) const;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  struct Places {
    std::vector<QRectF> grids;  ///< one a panel
    QRectF colourBar;
    double low = 0.0, high = 1.0;  ///< of the colours
    QRectF cell(int panel, int row, int column, const HeatData& data) const;
  };
  Places places(const QRectF& rect) const;

 private:
  struct Parts;
  Parts parts(double bodyWidth) const;
  Parts partsIn(const QRectF& body) const;

  HeatData data_;
};

}  // namespace lix::figures
