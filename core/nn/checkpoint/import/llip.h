#pragma once
#include <optional>
#include <string>
#include <vector>

#include "nn/checkpoint/import/weights.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"

namespace lix::nn::detail {

/// A source turned into one of our models, and what had to be assumed for it, a sentence each.
struct Converted {
  SourceWeights weights;  ///< keeps the mapped file, in which parameters may lie
  Model model;
  std::vector<std::string> notes;
};

/// Whether the weights are those of a released Llip (arXiv 2405.00740): projections for mixture tokens beside CLIP's.
bool isLlip(const SourceWeights& weights);

/// A released Llip. `config` is the text of its model_config.json, "" where there is none: then the shapes tell all but
/// the heads, which are 8 for mixing and of the published widths in the towers. Its files do not hold tau; without one
/// it is 5, or 1 for a vision tower of width 1024, as published.
Result<Converted> convertLlip(SourceWeights weights, const std::string& config, std::optional<double> tau);

}  // namespace lix::nn::detail
