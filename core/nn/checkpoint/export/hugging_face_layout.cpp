#include <ATen/ops/zeros.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/export/layouts.h"

namespace lix::nn::detail {

Result<Layout> huggingFaceLayout(const Checkpoint& checkpoint) {
  const ModelConfig& config = checkpoint.model.config;
  if (config.head != ImageHead::Vector) {
    return fail(ErrorCode::Unsupported,
                "transformers has no class for image tokens that captions mix or average; export a "
                "Llip with --format llip, and use other rungs of its ladder where they are.");
  }
  if (config.variant != TowerVariant()) {
    return fail(ErrorCode::Unsupported,
                "transformers' CLIP and SigLIP do not pool, mask or project as this model does; export "
                "it with --format open_clip.");
  }
  Layout layout{.configName = "config.json", .weightsName = "model.safetensors"};
  layout.config = configToJson(config, checkpoint.recipe, checkpoint.seed);
  const bool siglip = config.towers == Towers::Siglip;
  for (const auto& [name, value] : checkpoint.model.parameters) {
    const bool scalar = name == "logit_scale" || name == "logit_bias";
    if (name.starts_with("lixp.") || (name == "logit_bias" && !siglip)) {
      layout.notes.push_back(cat("'", name,
                                 "' has no place in transformers' model and was left out; embeddings are the same",
                                 name == "logit_bias" ? ", logits lack the bias." : "."));
    } else {
      layout.weights[name] = !scalar ? value : siglip ? value.reshape({1}) : value.reshape({});
    }
  }
  if (siglip && !layout.weights.contains("logit_bias")) {
    layout.weights["logit_bias"] = at::zeros({1});
  }
  return layout;
}

}  // namespace lix::nn::detail
