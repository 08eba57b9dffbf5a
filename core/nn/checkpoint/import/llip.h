#pragma once
#include "nn/checkpoint/import/weights.h"

namespace lix::nn::detail {

/// Texts in the metadata of safetensors that an export of ours adds: Llip's temperature, and the id that ends a caption
/// where it is not the vocabulary's last.
inline constexpr const char* kTauKey = "lix.tau";
inline constexpr const char* kEosKey = "lix.eos_id";

/// Whether the weights are those of a released Llip (arXiv 2405.00740): projections for mixture tokens beside CLIP's.
bool isLlip(const SourceWeights& weights);

}  // namespace lix::nn::detail
