#pragma once
#include <Eigen/Core>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "adapt/adapter.h"
#include "base/parallel.h"

namespace lix::study {

using CosineTile = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Inner products of all rows with all rows, a tile of whole rows [t, n] at a time from all threads: visit(first, tile)
/// gives a value of the tile, and those come back in the order of the rows, whatever the number of threads.
template <class Visit>
auto visitTiles(adapt::Matrix rows, Visit visit) {
  constexpr std::size_t kRows = 128;
  const std::size_t tiles = (rows.rows + kRows - 1) / kRows;
  using Value = decltype(visit(std::size_t(0), CosineTile()));
  std::vector<Value> found(tiles);
  const auto columns = Eigen::Index(rows.columns);
  const Eigen::Map<const CosineTile> all(rows.values.data(), Eigen::Index(rows.rows), columns);
  parallelFor(tiles, [&](std::size_t tile) {
    const std::size_t first = tile * kRows, count = std::min(kRows, rows.rows - first);
    CosineTile products(Eigen::Index(count), Eigen::Index(rows.rows));
    products.noalias() = all.middleRows(Eigen::Index(first), Eigen::Index(count)) * all.transpose();
    found[tile] = visit(first, products);
  });
  return found;
}

}  // namespace lix::study
