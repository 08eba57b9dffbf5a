#pragma once
#include "nn/checkpoint/safetensors.h"

namespace lix::nn {

/// Whether weights can have this type: F32, F16, BF16, F64.
bool isFloating(DType type);

/// Whether every number of a floating tensor is finite, from its bits, in one pass.
bool allFinite(const TensorView& view);

/// FNV-1a of a tensor's bytes from `seed` on. Results and heads are recorded by it, so it never changes.
unsigned long long hashBytes(std::span<const std::byte> bytes, unsigned long long seed);

}  // namespace lix::nn
