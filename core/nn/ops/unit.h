#pragma once
#include "nn/ops/tensor.h"

namespace lix::nn {

/// x / max(|x|, 1e-12) over the last axis (torch's F.normalize).
inline at::Tensor unit(const at::Tensor& x) { return x / x.norm(2, {-1}, true).clamp_min(1e-12); }

}  // namespace lix::nn
