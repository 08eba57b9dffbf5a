#include "study/probes/neighbours.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "study/probes/check.h"
#include "study/probes/tiles.h"

namespace lix::study {
namespace {

/// The k best columns of one row of products, but itself.
void nearest(const CosineTile& tile, Eigen::Index row, std::size_t self, std::size_t k,
             std::vector<std::uint32_t>& order, std::vector<std::uint32_t>& found) {
  order.resize(std::size_t(tile.cols()));
  std::iota(order.begin(), order.end(), 0u);
  order.erase(order.begin() + std::ptrdiff_t(self));
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    const float first = tile(row, Eigen::Index(a)), second = tile(row, Eigen::Index(b));
    return first != second ? first > second : a < b;
  };
  std::ranges::partial_sort(order, order.begin() + std::ptrdiff_t(k), before);
  found.insert(found.end(), order.begin(), order.begin() + std::ptrdiff_t(k));
}

}  // namespace

Result<NeighbourLists> neighbours(adapt::Matrix rows, std::size_t k) {
  LIX_CHECK(checkRows(rows, 2, "The image vectors"));
  if (k < 1 || k >= rows.rows || rows.rows > std::numeric_limits<std::uint32_t>::max()) {
    return fail(ErrorCode::BadInput, cat(rows.rows, " pictures have no ", k,
                                         " nearest others each; choose k from 1 to ", rows.rows - 1, "."));
  }
  const auto parts = visitTiles(rows, [&](std::size_t first, const CosineTile& tile) {
    std::vector<std::uint32_t> order, found;
    for (Eigen::Index i = 0; i < tile.rows(); ++i) {
      nearest(tile, i, first + std::size_t(i), k, order, found);
    }
    return found;
  });
  NeighbourLists lists{.k = k, .rows = {}};
  for (const auto& part : parts) {
    lists.rows.insert(lists.rows.end(), part.begin(), part.end());
  }
  return lists;
}

Result<double> neighbourPurity(const NeighbourLists& lists, std::span<const int> labels) {
  if (labels.size() != lists.size() || labels.empty()) {
    return fail(ErrorCode::BadInput,
                cat("There are ", labels.size(), " labels for the neighbours of ", lists.size(), " pictures."));
  }
  std::size_t same = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    same += std::size_t(
        std::ranges::count_if(lists.of(row), [&](std::uint32_t other) { return labels[other] == labels[row]; }));
  }
  return double(same) / double(lists.rows.size());
}

Result<std::vector<NeighbourChange>> compareNeighbours(const NeighbourLists& first, const NeighbourLists& second) {
  if (first.k != second.k || first.size() != second.size()) {
    return fail(ErrorCode::BadInput,
                cat("Neighbour lists are compared of the same pictures, but there are ", first.size(), " lists of ",
                    first.k, " and ", second.size(), " of ", second.k, "."));
  }
  std::vector<NeighbourChange> changes;
  const auto missing = [](std::span<const std::uint32_t> rows, std::span<const std::uint32_t> elsewhere) {
    std::vector<bool> gone;
    for (const std::uint32_t row : rows) {
      gone.push_back(std::ranges::find(elsewhere, row) == elsewhere.end());
    }
    return gone;
  };
  for (std::size_t row = 0; row < first.size(); ++row) {
    NeighbourChange change{missing(first.of(row), second.of(row)), missing(second.of(row), first.of(row)), 0.0};
    change.overlap = double(std::ranges::count(change.left, false)) / double(first.k);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace lix::study
