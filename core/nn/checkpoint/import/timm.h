#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "nn/config.h"

namespace lix::nn::detail {

/// What a timm name of a SigLIP image tower stands for (timm 1.0): its activation is in no file of weights.
struct TimmTower {
  std::string_view name;  ///< without the image size: "vit_base_patch16_siglip"
  int patch, width, depth, heads, mlpWidth;
  Activation activation;
};

/// By the name that OpenCLIP's configuration has ("vit_base_patch16_siglip_224", "..._gap_224", with or without a tag
/// behind a dot).
std::optional<TimmTower> timmTower(const std::string& name);

/// The name under which timm makes such a tower, whatever its activation where `strict` is false; "" where it has none.
std::string timmName(const ModelConfig& config, bool strict);

/// Whether the name pools by the mean.
bool poolsByMean(const std::string& name);

}  // namespace lix::nn::detail
