#pragma once
#include "nn/ops/context.h"

/// Inside of the context: the placebo, whose weights are all the same whatever the scores are.
namespace lix::nn {

/// Means over all rows of `buffer` [S, D] but `self[i]` (all where it is -1): [B, D], through autograd. O((B + S) D):
/// what lies before the row is added to what lies after it; taking the row from the whole sum would cancel.
Context uniformContext(const at::Tensor& buffer, const at::Tensor& self, const at::Tensor& tau);

}  // namespace lix::nn
