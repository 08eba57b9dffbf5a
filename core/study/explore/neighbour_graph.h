#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "study/explore/half_rows.h"

namespace lix::study {

/// The k nearest other rows of every row and their cosines, nearest first; among equals the lower row comes first.
struct NeighbourGraph {
  std::size_t k = 0;
  std::vector<std::uint32_t> rows;  ///< [N, k]
  std::vector<float> cosines;       ///< [N, k]
  std::size_t size() const { return k == 0 ? 0 : rows.size() / k; }
  std::span<const std::uint32_t> rowsOf(std::size_t row) const { return std::span(rows).subspan(row * k, k); }
  std::span<const float> cosinesOf(std::size_t row) const { return std::span(cosines).subspan(row * k, k); }
};

/// Exact, by products of blocks of rows with blocks of rows; k is brought down to N - 1. Beside the graph it holds some
/// 200 MB at 512 numbers a row, however many rows there are. Takes N^2 D multiplications; `progress` counts pairs of
/// blocks. Fails for fewer than two rows, and as cancelled.
Result<NeighbourGraph> neighbourGraph(const HalfRows& rows, std::size_t k, const Progress& progress = {});

}  // namespace lix::study
