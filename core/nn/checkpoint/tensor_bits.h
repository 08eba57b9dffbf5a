#pragma once
#include "nn/checkpoint/safetensors.h"

namespace lix::nn {

/// Whether weights can have this type: F32, F16, BF16, F64.
bool isFloating(DType type);

/// Whether every number of a floating tensor is finite, from its bits, in one pass.
bool allFinite(const TensorView& view);

/// FNV-1a of a tensor's bytes from `seed` on: byte by byte up to 1 MiB, beyond that in eight lanes of 8 bytes each, since
/// one lane waits for every multiplication.
unsigned long long hashBytes(std::span<const std::byte> bytes, unsigned long long seed);

}  // namespace lix::nn
