#pragma once
#include <string>
#include <vector>

#include "nn/model.h"

namespace lix::nn {

// Towers::Heads: MLPs [F -> hidden -> ... -> out] with GELU between the linear layers, on frozen features. A feature
// row is brought to the norm sqrt(F) first, so that its scale does not matter. Names: image_head.layers.<i>.{weight,
// bias}, text_head.layers.<i>.{weight, bias}. For the head Vector both give embeddings; for the others K tokens of
// width W, read as a CLIP tower's (nn/image_heads.h), and a state that text_projection.weight and a Llip's q_proj
// project.

/// Features [B, F] -> [B, D], or a Llip's tokens [B, K, W]. A model with a base takes pixels instead.
at::Tensor encodeHeadImages(const Model& model, const at::Tensor& input, std::vector<at::Tensor>* attention);
/// Features [N, F_t] -> [N, D], or the states [N, W_t] of heads with tokens. A model with a base takes ids instead.
at::Tensor encodeHeadTexts(const Model& model, const at::Tensor& input);

/// What the base of a heads model says of pictures and captions: unit vectors [n, F]; of a Llip its pooled vectors.
at::Tensor baseImageFeatures(const Model& base, const at::Tensor& pixels, std::vector<at::Tensor>* attention = nullptr);
at::Tensor baseTextFeatures(const Model& base, const at::Tensor& ids);

/// The MLPs and text_projection.weight; what reads the tokens is that of CLIP towers.
std::vector<ParameterSpec> headParameterSpecs(const ModelConfig& config);
Result<void> validateHeads(const ModelConfig& config);

/// config.json with model_type "lix-heads".
Result<ModelConfig> headConfigFromJson(const std::string& json, const std::string& source);
std::string headConfigToJson(const ModelConfig& config, const std::string& recipe, std::optional<long long> seed);

}  // namespace lix::nn
