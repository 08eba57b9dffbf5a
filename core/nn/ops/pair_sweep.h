#pragma once
#include "nn/ops/tiles.h"

/// Inside of the pairwise losses: the sweeps over tiles, without autograd.
namespace lix::nn {

/// Which gradients are made beside the loss.
struct PairWants {
  bool images = true;
  bool texts = true;
  bool scalars = true;
};

/// A loss and its gradients; what is not wanted, or is not there, is undefined.
struct PairSweep {
  at::Tensor loss;    ///< [] double
  at::Tensor images;  ///< [N, D]
  at::Tensor texts;   ///< [N, D]
  at::Tensor scale;   ///< [] double
  at::Tensor bias;    ///< [] double
};

/// One sweep, 6 N^2 D operations. `images`, `texts` [N, D], both fp32 or both fp64.
PairSweep sigmoidSweep(const at::Tensor& images, const at::Tensor& texts, double scale, double bias, PairWants wants,
                       const Tiling& tiling);
/// Two sweeps, 8 N^2 D operations; one and 2 N^2 D where no gradient is wanted.
PairSweep softmaxSweep(const at::Tensor& images, const at::Tensor& texts, double scale, PairWants wants,
                       const Tiling& tiling);

}  // namespace lix::nn
