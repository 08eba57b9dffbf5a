#include "adapt/nearest.h"

#include <algorithm>

#include "adapt/linear.h"
#include "base/contracts.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kNeighboursAtOnce = std::size_t{1} << 20;  // of a block of queries: 8 MiB

}  // namespace

void nearest(Matrix queries, const PackedRows& keys, std::size_t k, const TakeNeighbours& take) {
  LIX_REQUIRE(queries.values.size() == queries.rows * queries.columns);
  k = std::min(k, keys.rows());
  const std::size_t most =
      std::clamp<std::size_t>(kNeighboursAtOnce / (2 * k + 1), TileProducts::kGroup, TileProducts::kBlockRows);
  const double aRow = static_cast<double>(keys.rows()) * static_cast<double>(keys.columns());
  overBlocks(queries.rows, aRow, most, [&](std::size_t first, std::size_t count) {
    std::vector<TopK> largest(count, TopK(k));
    TileProducts(slice(queries, first, count), keys)
        .each([&](std::size_t row, std::size_t key, std::span<const float> products) {
          largest[row].take(key, products);
        });
    for (std::size_t i = 0; i < count; ++i) {
      take(first + i, largest[i].finish());
    }
  });
}

}  // namespace lix::adapt
