#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// The k nearest other rows of every row by inner product, nearest first; among equals the lower row comes first.
struct NeighbourLists {
  std::size_t k = 0;
  std::vector<std::uint32_t> rows;  ///< [n, k]
  std::span<const std::uint32_t> of(std::size_t row) const { return std::span(rows).subspan(row * k, k); }
  std::size_t size() const { return k == 0 ? 0 : rows.size() / k; }
};

/// Of unit vectors [n, D], a tile of rows at a time; 1 <= k < n.
Result<NeighbourLists> neighbours(adapt::Matrix rows, std::size_t k);

/// The mean share of a row's neighbours that have its label.
Result<double> neighbourPurity(const NeighbourLists& lists, std::span<const int> labels);

/// How the neighbours of one picture differ between two models, by their ranks in each list.
struct NeighbourChange {
  std::vector<bool> left;     ///< [k], of the first model's list: not in the second's
  std::vector<bool> entered;  ///< [k], of the second model's list: not in the first's
  double overlap = 0.0;       ///< share that both have
};

/// One for every row; the lists must be of the same rows and k.
Result<std::vector<NeighbourChange>> compareNeighbours(const NeighbourLists& first, const NeighbourLists& second);

}  // namespace lix::study
