#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "base/parallel.h"

namespace lix::adapt {

/// Floats from an address that the widest vector register loads without crossing a cache line.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t count) : lines_((count + kLine - 1) / kLine) {}
  float* data() { return lines_.empty() ? nullptr : lines_.front().data(); }
  const float* data() const { return lines_.empty() ? nullptr : lines_.front().data(); }

 private:
  static constexpr std::size_t kLine = 16;
  struct alignas(64) Line : std::array<float, kLine> {};
  std::vector<Line> lines_;
};

/// Rows [N, D] made ready for products with many others: panels of 32 rows, each transposed to [D, 32], the last one
/// filled with zeros. A value of its own, as large as the rows.
class PackedRows {
 public:
  static constexpr std::size_t kPanel = 32;

  PackedRows() = default;
  explicit PackedRows(Matrix rows) : PackedRows(rows, {}) {}
  /// Row i is rows.row(order[i]); an empty order is the rows' own.
  PackedRows(Matrix rows, std::span<const std::uint32_t> order);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  std::size_t panels() const { return (rows_ + kPanel - 1) / kPanel; }
  const float* panel(std::size_t i) const { return values_.data() + i * kPanel * columns_; }

 private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  AlignedFloats values_;
};

/// The products of a block of rows with packed ones, tile by tile, so that the matrix of all products is never held.
/// Every product is summed in the order of D by the same instructions wherever its rows lie.
class TileProducts {
 public:
  static constexpr std::size_t kGroup = 12;  ///< rows of one tile: 12 x 32 fill 24 registers of AVX-512
  static constexpr std::size_t kBlockRows =
      240;  ///< a good size of `block`: packed, it stays in the second-level cache

  /// Packs the block; `keys` must outlive this.
  TileProducts(Matrix block, const PackedRows& keys);

  /// body(row, first, products): the products of a row of the block with keys first, first + 1, ... Each row meets all
  /// keys, in their order.
  template <class Body>
  void each(Body&& body) {
    for (std::size_t panel = 0; panel < keys_.panels(); panel += panelsAtOnce_) {
      const std::size_t panels = std::min(panelsAtOnce_, keys_.panels() - panel);
      const std::size_t first = panel * PackedRows::kPanel;
      const std::size_t count = std::min(panels * PackedRows::kPanel, keys_.rows() - first);
      for (std::size_t row = 0; row < rows_; row += kGroup) {
        multiply(row, panel, panels);
        for (std::size_t i = 0; i < std::min(kGroup, rows_ - row); ++i) {
          body(row + i, first, std::span<const float>(tile_.data() + i * stride(), count));
        }
      }
    }
  }

 private:
  std::size_t stride() const { return panelsAtOnce_ * PackedRows::kPanel; }
  void multiply(std::size_t firstRow, std::size_t firstPanel, std::size_t panels);

  const PackedRows& keys_;
  std::size_t rows_;
  std::size_t panelsAtOnce_;
  AlignedFloats packed_;  ///< groups of 12 rows, each transposed to [D, 12]
  AlignedFloats tile_;    ///< [12, stride]
};

/// How many threads a loop of so many multiplications deserves: one where threads would cost more than they save, else
/// OMP_NUM_THREADS, or one a core. What is computed must not depend on it.
unsigned workers(double multiplications);

/// body(first, count) for blocks of at most `most` rows that cover [0, rows), from several threads.
template <class Body>
void overBlocks(std::size_t rows, double multiplicationsARow, std::size_t most, Body&& body) {
  if (rows == 0) {
    return;
  }
  const unsigned threads = workers(multiplicationsARow * static_cast<double>(rows));
  const std::size_t share = (rows + 4 * threads - 1) / (4 * threads);  // of four blocks a thread the last waits little
  const std::size_t groups = (share + TileProducts::kGroup - 1) / TileProducts::kGroup;
  const std::size_t size = threads == 1 ? most : std::min(most, groups * TileProducts::kGroup);
  parallelFor((rows + size - 1) / size, [&](std::size_t i) { body(i * size, std::min(size, rows - i * size)); },
              threads);
}

}  // namespace lix::adapt
