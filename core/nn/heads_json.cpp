#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/head_names.h"
#include "nn/heads.h"

namespace lix::nn {
namespace {
using nlohmann::json;
}  // namespace

Result<ModelConfig> headConfigFromJson(const std::string& text, const std::string& source) {
  ModelConfig config{.towers = Towers::Heads};
  try {
    const json whole = json::parse(text);
    const json& part = whole.at("heads");
    config.heads = HeadsConfig{.imageFeatures = part.at("image_features"),
                               .textFeatures = part.at("text_features"),
                               .hidden = part.at("hidden"),
                               .depth = part.at("depth"),
                               .base = part.value("base", ""),
                               .baseHash = part.value("base_hash", "")};
    config.embedWidth = whole.at("projection_dim");
    const auto head =
        std::ranges::find(kHeadNames, whole.value("head", "vector"), &std::pair<std::string_view, ImageHead>::first);
    if (head == std::end(kHeadNames)) {
      return fail(ErrorCode::BadInput, cat(source, " names the head ", whole["head"].dump(), ", which is not known."));
    }
    config.head = head->second;
    if (config.head != ImageHead::Vector) {
      const json& mixing = whole.at("mixture");
      config.classTokens = mixing.at("num_tokens");
      config.vision.width = mixing.at("token_width");
      config.text.width = mixing.at("text_width");
      if (mixing.contains("tau")) {
        config.mixture =
            MixtureConfig{.heads = mixing.at("num_heads"), .tau = mixing.at("tau"), .norms = mixing.at("use_norm")};
      }
    }
  } catch (const json::exception& problem) {
    return fail(ErrorCode::BadInput, cat(source, " does not describe MLP heads: ", problem.what(), "."));
  }
  if (const auto valid = validateHeads(config); !valid) {
    return fail(ErrorCode::BadInput, cat(source, ": ", valid.error().message));
  }
  return config;
}

std::string headConfigToJson(const ModelConfig& config, const std::string& recipe, std::optional<long long> seed) {
  const HeadsConfig& heads = *config.heads;
  const auto head = std::ranges::find(kHeadNames, config.head, &std::pair<std::string_view, ImageHead>::second);
  json whole{{"model_type", "lix-heads"},
             {"architectures", {"LixHeadsModel"}},
             {"projection_dim", config.embedWidth},
             {"head", head->first},
             {"heads",
              {{"image_features", heads.imageFeatures},
               {"text_features", heads.textFeatures},
               {"hidden", heads.hidden},
               {"depth", heads.depth},
               {"base", heads.base},
               {"base_hash", heads.baseHash}}},
             {"torch_dtype", "float32"},
             {"lix", {{"recipe", recipe}}}};
  if (config.head != ImageHead::Vector) {
    json& mixture = whole["mixture"];
    mixture = {
        {"num_tokens", config.classTokens}, {"token_width", config.vision.width}, {"text_width", config.text.width}};
    if (config.mixture) {
      mixture.update(
          {{"num_heads", config.mixture->heads}, {"tau", config.mixture->tau}, {"use_norm", config.mixture->norms}});
    }
  }
  if (seed) {
    whole["lix"]["seed"] = *seed;
  }
  return whole.dump(2) + "\n";
}

}  // namespace lix::nn
