#pragma once
#include <ATen/core/TensorBody.h>

#include <vector>

namespace lix::study {

/// Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928): each block's attention [B, T, T], first block first,
/// is taken half and half with the identity for the residual, its rows normalised, and multiplied onto the blocks
/// before it. Row t of the result [B, T, T] says from which input tokens the output token t comes; rows sum to one.
at::Tensor attentionRollout(const std::vector<at::Tensor>& attention);

}  // namespace lix::study
