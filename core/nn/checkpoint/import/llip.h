#pragma once
#include "nn/checkpoint/import/weights.h"

namespace lix::nn::detail {

/// Whether the weights are those of a released Llip (arXiv 2405.00740): projections for mixture tokens beside CLIP's.
bool isLlip(const SourceWeights& weights);

}  // namespace lix::nn::detail
