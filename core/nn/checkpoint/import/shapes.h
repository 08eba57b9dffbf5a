#pragma once
#include <string>

#include "nn/checkpoint/import/weights.h"
#include "nn/config.h"

namespace lix::nn::detail {

/// Blocks "<prefix>0.", "<prefix>1.", ... that have the weight `name`.
int depthOf(const SourceWeights& weights, const std::string& prefix, const std::string& name);

/// OpenCLIP's CLIP towers as the shapes of their weights tell, with the published widths of heads (64; 80, 88 and 104
/// for towers 1280, 1408 and 1664 wide), QuickGELU, and epsilon 1e-5. `text` stands before the text tower's names.
/// Missing weights are one sentence.
Result<ModelConfig> clipFromShapes(const SourceWeights& weights, const std::string& text);

/// width x ratio in whole numbers, truncated as OpenCLIP does.
int mlpWidth(int width, double ratio);

}  // namespace lix::nn::detail
