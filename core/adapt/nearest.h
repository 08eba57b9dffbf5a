#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/packed_rows.h"
#include "adapt/top_k.h"

namespace lix::adapt {

/// What is done with the neighbours of query `query`, the nearest first; called from several threads, once for each
/// query.
using TakeNeighbours = std::function<void(std::size_t query, std::span<const Neighbour> neighbours)>;

/// The k keys of the largest product with each query, exactly; of equal ones the lower row. All of them where k is
/// more. Beside packed keys and the queries it needs a tile and 2 k neighbours for each query of a block. Values
/// must be finite and the widths the same.
void nearest(Matrix queries, const PackedRows& keys, std::size_t k, const TakeNeighbours& take);

/// A row-major matrix of IEEE half floats that belongs to somebody else, such as a mapped file.
struct HalfMatrix {
  std::span<const std::uint16_t> values;
  std::size_t rows = 0;
  std::size_t columns = 0;
};

/// The k keys of the largest product with one query, the nearest first, of equal ones the lower row. Each key is read
/// once, in order, and nothing of its size is allocated. Values must be finite.
std::vector<Neighbour> nearest(std::span<const float> query, HalfMatrix keys, std::size_t k);

}  // namespace lix::adapt
