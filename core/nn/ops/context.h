#pragma once
#include "nn/ops/context_options.h"
#include "nn/ops/tensor.h"

namespace lix::nn {

struct Context {
  at::Tensor vectors;                ///< [B, D], not normalised, with gradients to images and tau
  double effectiveNeighbours = 0.0;  ///< mean over rows of exp(entropy of the weights)
};

/// x^ctx_i = sum_j w_ij X_j with w = softmax_j(x_i . x_j / (tau sqrt(D)) + mask), x the unit rows of X: keys and
/// queries are normalised, values are not. `images` X [B, D] (fp64, fp32, bf16 with fp32 accumulation), `tau` a scalar.
/// Tiled: no B x B tensor; since the scores are symmetric one tile serves both directions. B >= 2 where masked.
/// On the CPU on all cores; on other devices the same tiles from ATen's operators.
Context contextOf(const at::Tensor& images, const at::Tensor& tau, const ContextOptions& options = {});

/// The same attention over a buffer that is not the batch: `queries` [B, D], `buffer` [S, D], both raw; `self[i]` is
/// the row of the buffer that query i may not see, or -1 ([B] int64; undefined = none masked). A query with nothing
/// left to see is a contract violation.
Context contextOver(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self, const at::Tensor& tau,
                    const ContextOptions& options = {});

}  // namespace lix::nn
