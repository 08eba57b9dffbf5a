#pragma once
#include "kernels/pair_tile.h"
#include "nn/ops/tiles.h"

/// Inside of the pairwise losses: kernels/pair_tile.h on tensors, and the same by ATen's operators.
namespace lix::nn {

/// x = scale c + bias; the tile c [rows, columns] becomes gain dL/dx, `sums` [3] double: loss, slope, slope times
/// cosine.
struct SigmoidNumbers {
  double scale, bias, gain;
};
void sigmoidTile(TilePath path, at::Tensor& cosines, kernels::Diagonal diagonal, const SigmoidNumbers& numbers,
                 at::Tensor sums);

/// Online sums of e^(scale c - max) of rows or columns, true pairs left out until the end.
struct SoftmaxSums {
  at::Tensor max;       ///< [n]
  at::Tensor sum;       ///< [n] double
  at::Tensor truePair;  ///< [n] cosines
  at::Tensor inverse;   ///< [n] 1 / sum, once finished
  at::Tensor others;    ///< [n] 1 - p of the true pair, once finished

  static SoftmaxSums none(const at::Tensor& like, const at::Tensor& truePair);
  SoftmaxSums of(const Blocks& blocks, std::int64_t block) const;
  /// Takes the true pairs in; the sum of all cross-entropies, [] double.
  at::Tensor finish(double scale);
};
void addToSums(TilePath path, at::Tensor& cosines, kernels::Diagonal diagonal, double scale, SoftmaxSums ofRows,
               SoftmaxSums ofColumns);

/// The tile becomes gain times the slope of both cross-entropies; `slopeCosine` [] double its sum with the cosines.
void softmaxTile(TilePath path, at::Tensor& cosines, kernels::Diagonal diagonal, double scale, double gain,
                 const SoftmaxSums& ofRows, const SoftmaxSums& ofColumns, at::Tensor slopeCosine);

}  // namespace lix::nn
