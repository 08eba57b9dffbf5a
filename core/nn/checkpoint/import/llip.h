#pragma once
#include <string>
#include <vector>

#include "nn/checkpoint/import/weights.h"
#include "nn/config.h"

namespace lix::nn::detail {

/// Texts in the metadata of safetensors that an export of ours adds: Llip's temperature, and the id that ends a caption
/// where it is not the vocabulary's last.
inline constexpr const char* kTauKey = "lix.tau";
inline constexpr const char* kEosKey = "lix.eos_id";

/// Whether the weights are those of a released Llip (arXiv 2405.00740): projections for mixture tokens beside CLIP's.
bool isLlip(const SourceWeights& weights);

struct Source;
struct ConvertOptions;
/// The model that its configuration, or the shapes of its weights, describe, with what was assumed; a weight that old
/// files call otherwise is renamed.
Result<ModelConfig> llipConfig(Source& source, const ConvertOptions& options, std::vector<std::string>& notes);
/// What it calls for: the towers' parameters and the two scalars beside them.
std::vector<ParameterSpec> llipSpecs(const ModelConfig& config);

}  // namespace lix::nn::detail
