#include "nn/ops/tiles.h"

#include <ATen/ops/empty.h>

#include <cmath>

namespace lix::nn {
namespace {

/// A core's second-level cache, as most processors of today have it (1 to 2 MiB). Not asked of the machine: the tiles
/// decide in which order sums are taken, and the same threads and shapes must give the same bits everywhere.
constexpr double kCacheBytes = 1048576.0;

}  // namespace

Tiling tilingFor(const at::Tensor& like, std::int64_t count) {
  constexpr std::int64_t kStep = 32, kLeast = 64, kMost = 512, kOnDevices = 2048;
  if (!like.is_cpu()) {
    return {TilePath::Operators, kOnDevices};
  }
  const double bytes = like.scalar_type() == at::kDouble ? 8.0 : 4.0;
  const auto cached = static_cast<std::int64_t>(std::sqrt(0.5 * kCacheBytes / bytes));
  const auto shared = (count + 2 * at::get_num_threads() - 1) / (2 * at::get_num_threads());
  const auto edge = std::min(cached, shared) / kStep * kStep;
  return {TilePath::Kernels, std::clamp(edge, kLeast, kMost)};
}

Scratch::Scratch(const at::Tensor& like, const Tiling& tiling, std::int64_t numbers, std::int64_t tiles)
    : room_(at::empty({tiling.path == TilePath::Kernels ? at::get_num_threads() : 1, tiles, numbers}, like.options())) {
}

}  // namespace lix::nn
