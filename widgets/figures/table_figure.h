#pragma once
#include <string>
#include <vector>

#include "figures/figure.h"

namespace lix::figures {

struct TableRow {
  std::string name;
  std::vector<std::string> cells;  ///< one a column
  std::vector<bool> best{};        ///< which cells are bold; may be shorter
  std::vector<std::vector<long long>> keys{};  ///< of each cell's Source; may be shorter
};

struct TableData {
  Headings headings;
  std::string corner;                ///< head of the names
  std::vector<std::string> columns;  ///< heads
  std::vector<TableRow> rows;
};

inline constexpr double kTableColumnGap = 20.0;
inline constexpr double kTableBlockGap = 22.0;  ///< between columns that go on below

/// A table as papers set it: names at the left on up to three lines, numbers at the right of their columns. Columns
/// that do not fit beside each other go on below, with the names again.
class TableFigure : public Figure {
 public:
  explicit TableFigure(TableData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;
  std::vector<Source> sources() const override;
  std::vector<QRectF> sourcePlaces(const QRectF& rect) const override;

  /// The columns of each block.
  std::vector<std::vector<std::size_t>> blocks(double bodyWidth) const;

 private:
  double nameWidth(double bodyWidth) const;
  double columnWidth(std::size_t column) const;
  std::vector<double> rowHeights(double names) const;
  double headHeight(const std::vector<std::size_t>& block) const;

  TableData data_;
};

}  // namespace lix::figures
