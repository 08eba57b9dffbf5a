#include "study/explore/neighbour_graph.h"

#include <algorithm>

#include "adapt/linear.h"
#include "adapt/packed_rows.h"
#include "base/text.h"

namespace lix::study {
namespace {

constexpr std::size_t kQueries = 8192;  // rows that look for neighbours at once
constexpr std::size_t kKeys = 32768;    // rows that they look among at once

std::vector<float> floats(const HalfRows& rows, std::size_t first, std::size_t count) {
  std::vector<float> block(count * rows.width());
  rows.read(first, count, block);
  return block;
}

/// The k nearest without the row itself. Where k others are as near as it is, it need not be among the found.
void keep(std::size_t row, std::span<const adapt::Neighbour> found, NeighbourGraph& graph) {
  std::size_t at = row * graph.k;
  const std::size_t end = at + graph.k;
  for (const adapt::Neighbour& one : found) {
    if (one.row != row && at < end) {
      graph.rows[at] = one.row;
      graph.cosines[at++] = std::clamp(one.cosine, -1.f, 1.f);
    }
  }
}

}  // namespace

Result<NeighbourGraph> neighbourGraph(const HalfRows& rows, std::size_t k, const Progress& progress) {
  const std::size_t count = rows.rows(), width = rows.width();
  if (count < 2 || k == 0) {
    return fail(ErrorCode::BadInput, cat("Looking for neighbours needs at least two pictures, but there are ", count,
                                         "; choose a larger dataset."));
  }
  NeighbourGraph graph{.k = std::min(k, count - 1), .rows = {}, .cosines = {}};
  graph.rows.resize(count * graph.k);
  graph.cosines.resize(count * graph.k);
  const std::size_t keyBlocks = (count + kKeys - 1) / kKeys, queryBlocks = (count + kQueries - 1) / kQueries;
  for (std::size_t q = 0; q < queryBlocks; ++q) {
    const std::size_t first = q * kQueries, some = std::min(kQueries, count - first);
    const std::vector<float> queries = floats(rows, first, some);
    std::vector<adapt::TopK> largest(some, adapt::TopK(graph.k + 1));
    for (std::size_t b = 0; b < keyBlocks; ++b) {
      if (!report(progress, "Comparing the pictures", static_cast<long long>(q * keyBlocks + b),
                  static_cast<long long>(queryBlocks * keyBlocks))) {
        return fail(ErrorCode::Cancelled, "Comparing the pictures was cancelled.");
      }
      const std::size_t base = b * kKeys, many = std::min(kKeys, count - base);
      const std::vector<float> block = floats(rows, base, many);
      const adapt::PackedRows keys(adapt::Matrix{block, many, width});
      const adapt::Matrix all{queries, some, width};
      adapt::overBlocks(some, double(many) * double(width), adapt::TileProducts::kBlockRows,
                        [&](std::size_t from, std::size_t these) {
        adapt::TileProducts(adapt::slice(all, from, these), keys)
            .each([&](std::size_t row, std::size_t key, std::span<const float> products) {
              largest[from + row].take(base + key, products);
            });
      });
    }
    for (std::size_t i = 0; i < some; ++i) {
      keep(first + i, largest[i].finish(), graph);
    }
  }
  return graph;
}

}  // namespace lix::study
