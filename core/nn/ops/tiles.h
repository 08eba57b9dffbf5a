#pragma once
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "nn/ops/tensor.h"

/// Inside of the pairwise losses: how the pairs of N things and M things are cut into tiles, and in which order.
namespace lix::nn {

/// Who works on a tile between the matrix products: lix::kernels over raw pointers on all cores, or ATen's operators
/// one tile after another (any device).
enum class TilePath { Kernels, Operators };

struct Tiling {
  TilePath path = TilePath::Kernels;
  std::int64_t edge = 256;  ///< rows and columns of a tile
};

/// For `count` rows of a tensor like `like`: the kernels on the CPU, with a tile in half of a MiB (half of a core's
/// second-level cache) and at least two blocks a thread where there are enough rows. A function of its arguments and
/// the number of threads alone, so that another machine gives the same bits.
Tiling tilingFor(const at::Tensor& like, std::int64_t count);

/// `total` rows in equal blocks of at most `edge`.
class Blocks {
 public:
  Blocks(std::int64_t total, std::int64_t edge)
      : total_(total),
        count_(std::max<std::int64_t>(1, (total + edge - 1) / edge)),
        edge_((total + count_ - 1) / count_) {
    count_ = std::max<std::int64_t>(1, (total + edge_ - 1) / std::max<std::int64_t>(1, edge_));
  }
  std::int64_t count() const { return count_; }
  std::int64_t edge() const { return edge_; }
  std::int64_t start(std::int64_t block) const { return block * edge_; }
  std::int64_t size(std::int64_t block) const { return std::min(edge_, total_ - start(block)); }
  at::Tensor of(const at::Tensor& rows, std::int64_t block) const { return rows.narrow(0, start(block), size(block)); }

 private:
  std::int64_t total_, count_, edge_;
};

/// Room for the tiles of every thread.
class Scratch {
 public:
  Scratch(const at::Tensor& like, const Tiling& tiling, std::int64_t numbers, std::int64_t tiles);
  /// Tile `index` of thread `worker`, [rows, columns] without gaps; its contents are whatever was there.
  at::Tensor tile(std::int64_t worker, std::int64_t index, std::int64_t rows, std::int64_t columns) const {
    return room_.select(0, worker).select(0, index).narrow(0, 0, rows * columns).view({rows, columns});
  }

 private:
  at::Tensor room_;  // [threads, tiles, numbers]
};

/// body(k, worker) for k of [0, count): at the same time on the kernels' path.
template <class Body>
void overWorkers(std::int64_t count, TilePath path, const Body& body) {
  if (path == TilePath::Operators) {
    for (std::int64_t k = 0; k < count; ++k) {
      body(k, std::int64_t{0});
    }
    return;
  }
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      body(k, std::int64_t{at::get_thread_num()});
    }
  });
}

/// visit(i, j, worker) for every tile of a grid, diagonal by diagonal: tiles that run at the same time share neither a
/// row nor a column of blocks. What they add to is theirs alone, there is one copy of it, and the order of its terms
/// does not depend on the threads.
template <class Visit>
void overGrid(const Blocks& rows, const Blocks& columns, TilePath path, const Visit& visit) {
  const auto shorter = std::min(rows.count(), columns.count()), longer = std::max(rows.count(), columns.count());
  for (std::int64_t round = 0; round < longer; ++round) {
    overWorkers(shorter, path, [&](std::int64_t k, std::int64_t worker) {
      const auto other = (k + round) % longer;
      rows.count() <= columns.count() ? visit(k, other, worker) : visit(other, k, worker);
    });
  }
}

/// visit(i, j, worker), i <= j, for every unordered pair of blocks: in round r those with i + j = r (mod count), so
/// that again no block is met twice at the same time. Blocks paired with themselves, half the work, come first.
template <class Visit>
void overUnorderedPairs(const Blocks& blocks, TilePath path, const Visit& visit) {
  const auto count = blocks.count();
  for (std::int64_t round = 0; round < count; ++round) {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto j = (round - i + count) % count;
      if (i == j) {
        pairs.insert(pairs.begin(), {i, j});
      } else if (i < j) {
        pairs.emplace_back(i, j);
      }
    }
    overWorkers(std::int64_t(pairs.size()), path, [&](std::int64_t k, std::int64_t worker) {
      visit(pairs[std::size_t(k)].first, pairs[std::size_t(k)].second, worker);
    });
  }
}

/// What products are accumulated in: double stays, everything else becomes single.
inline at::ScalarType accumulationType(const at::Tensor& a, const at::Tensor& b) {
  return a.scalar_type() == at::kDouble || b.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

/// body(T{}) with T the type of the tensor, float or double.
template <class Body>
decltype(auto) byType(const at::Tensor& tensor, const Body& body) {
  return tensor.scalar_type() == at::kDouble ? body(double{}) : body(float{});
}

}  // namespace lix::nn
