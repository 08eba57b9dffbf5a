#pragma once
#include "nn/ops/tensor.h"

namespace lix::nn {

/// Losses of N images and N captions, image i and caption i being a pair, from unit vectors in one sweep (sigmoid) or
/// two (softmax) over tiles: the loss and all gradients are made together, and nothing of size N x N is kept.
/// `images`, `texts` [N, D] of fp64, fp32 or bf16 (products accumulate in fp32); `scale` (what multiplies the cosines,
/// not its logarithm) and `bias` are scalar tensors. On the CPU tiles run on all cores; on any other device the
/// same tiles are made of ATen's operators. Gradients reach all inputs; a second derivative is refused.

/// -(1/N) sum_ij log sigma(y_ij (scale cos_ij + bias)), y = +1 on the diagonal, else -1 (SigLIP, arXiv 2303.15343, eq.
/// 1).
at::Tensor sigmoidPairLoss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale,
                           const at::Tensor& bias);

/// Mean of the two cross-entropies of scale cos_ij (InfoNCE, arXiv 2103.00020). Row and column sums online in the first
/// sweep, gradients in the second: 8 N^2 D operations.
at::Tensor softmaxPairLoss(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale);

}  // namespace lix::nn
