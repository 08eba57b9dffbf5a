#include "nn/checkpoint/import/llip.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/open_clip_names.h"
#include "nn/checkpoint/import/positions.h"
#include "nn/checkpoint/import/shapes.h"

namespace lix::nn::detail {
namespace {
using nlohmann::json;

constexpr int kPublishedHeads = 8;  ///< M

/// What the shapes alone tell, with the published numbers of heads.
Result<ModelConfig> fromShapes(const SourceWeights& weights) {
  LIX_TRY(ModelConfig config, clipFromShapes(weights, ""));
  config.head = ImageHead::Mixture;
  config.mixture = MixtureConfig{
      .heads = kPublishedHeads,
      .norms = weights.has("K_norm.weight"),
      .patches = config.patches() > 0 && weights.extent("k_proj", 0) == config.classTokens + config.patches()};
  return config;
}

/// What model_config.json says instead, with OpenCLIP's defaults; a wrong type throws json's exception.
void applyConfig(const json& whole, ModelConfig& config) {
  const json& vision = whole.at("vision_cfg");
  const json& text = whole.at("text_cfg");
  config.imageSize = vision.value("image_size", config.imageSize);
  config.patch = vision.value("patch_size", config.patch);
  config.vision.width = vision.value("width", config.vision.width);
  config.vision.depth = vision.value("layers", config.vision.depth);
  config.vision.mlpWidth = mlpWidth(config.vision.width, vision.value("mlp_ratio", 4.0));
  const int headWidth = vision.value("head_width", 64);
  const bool divides = headWidth > 0 && config.vision.width % headWidth == 0;
  config.vision.heads = divides ? config.vision.width / headWidth : 0;  // 0 is refused
  config.classTokens = vision.value("ncls", config.classTokens);
  config.text.width = text.value("width", config.text.width);
  config.text.depth = text.value("layers", config.text.depth);
  config.text.heads = text.value("heads", 8);
  config.text.mlpWidth = mlpWidth(config.text.width, text.value("mlp_ratio", 4.0));
  config.vocabulary = text.value("vocab_size", config.vocabulary);
  config.contextLength = text.value("context_length", config.contextLength);
  config.embedWidth = whole.value("embed_dim", config.embedWidth);
  config.mixture->heads = whole.value("num_heads", kPublishedHeads);
  config.mixture->norms = whole.value("use_norm", config.mixture->norms);
  if (!whole.value("quick_gelu", true)) {
    config.vision.activation = config.text.activation = Activation::GeluErf;
  }
}

Result<void> readConfig(const std::string& text, const std::string& source, ModelConfig& config) {
  json whole = json::parse(text, nullptr, false);
  if (whole.is_object() && whole.contains("model_cfg")) {
    whole = json(whole["model_cfg"]);
  }
  if (!whole.is_object() || !whole.contains("vision_cfg") || !whole.contains("text_cfg")) {
    return fail(ErrorCode::BadInput,
                cat(source, " does not describe a model (no vision_cfg and text_cfg); it may be cut off."));
  }
  try {
    applyConfig(whole, config);
  } catch (const json::exception& problem) {
    return fail(ErrorCode::BadInput, cat(source, " has a value that cannot be used: ", problem.what(), "."));
  }
  return {};
}

Result<void> applyTau(std::optional<double> tau, Converted& converted) {
  MixtureConfig& mixture = *converted.model.config.mixture;
  const int width = converted.model.config.vision.width;
  mixture.tau = tau.value_or(width == 1024 ? 1.0 : 5.0);
  if (!tau) {
    converted.notes.push_back(cat("The weights do not say tau; ", mixture.tau,
                                  " was assumed, the release's for a vision "
                                  "tower ",
                                  width == 1024 ? "1024 wide" : "not 1024 wide", "; --tau chooses another."));
  }
  if (!(mixture.tau > 0.0) || !std::isfinite(mixture.tau)) {
    return fail(ErrorCode::BadInput, cat("A tau of ", mixture.tau, " cannot be used; it must be positive."));
  }
  return {};
}

/// What an export of ours says beside the weights, in texts that other programs pass over.
void readOurs(const SourceWeights& weights, std::optional<double>& tau, ModelConfig& config) {
  const auto text = [&](const char* key) {
    const auto found = weights.metadata().find(key);
    return found == weights.metadata().end() ? std::string() : found->second;
  };
  const auto end = toInteger(text(kEosKey));
  if (end && *end >= 0 && *end < config.vocabulary) {
    config.eosId = config.padId = static_cast<int>(*end);
  }
  if (!tau) {
    tau = toReal(text(kTauKey));
  }
}

Result<void> configure(const Source& source, const ConvertOptions& options, Converted& converted) {
  ModelConfig& config = converted.model.config;
  LIX_TRY(config, fromShapes(source.weights));
  if (source.config.empty()) {
    converted.notes.push_back(
        cat("There is no model_config.json beside the weights: dimensions were taken from their shapes, with ",
            config.mixture->heads, " heads of mixing, ", config.vision.heads, " of the vision tower and ",
            config.text.heads, " of the text tower, as published."));
  } else {
    LIX_CHECK(readConfig(source.configText, source.config.string(), config));
  }
  config.eosId = config.vocabulary - 1;  // pooled where the ids are greatest, which is the end mark, the last of them
  config.padId = 0;
  std::optional<double> tau = options.tau;
  readOurs(source.weights, tau, config);
  LIX_CHECK(applyTau(tau, converted));
  return {};
}

}  // namespace

bool isLlip(const SourceWeights& weights) {
  const auto has = [&](const char* name) { return weights.has(name); };
  return has("k_proj") && has("v_proj") && has("q_proj") && has("visual.class_embedding");
}

std::vector<ParameterSpec> llipSpecs(const ModelConfig& config) {
  std::vector<ParameterSpec> specs = parameterSpecs(config);
  for (const char* scalar : {"logit_scale", "logit_bias"}) {
    specs.push_back({scalar, {}, {}});
  }
  return specs;
}

Result<ModelConfig> llipConfig(Source& source, const ConvertOptions& options, std::vector<std::string>& notes) {
  source.weights.rename("out_proj", "pred.out_proj");  // its name in old files
  Converted converted;
  LIX_CHECK(configure(source, options, converted));
  notes = std::move(converted.notes);
  return converted.model.config;
}

Result<Converted> convertLlip(Source source, const ConvertOptions& options) {
  SourceWeights& weights = source.weights;
  Converted converted{.kind = "Llip"};
  LIX_TRY(converted.model.config, llipConfig(source, options, converted.notes));
  ModelConfig& config = converted.model.config;
  const std::string origin = source.config.empty() ? weights.path().string() : source.config.string();
  LIX_CHECK(resizePositions(weights, {"visual.positional_embedding", "positional_embedding"}, options, config));
  if (auto valid = config.validate(); !valid) {
    return fail(ErrorCode::BadInput, cat(origin, ": ", valid.error().message));
  }
  const std::vector<ParameterSpec> specs = llipSpecs(config);
  LIX_TRY(converted.model.parameters,
          takeParameters(weights, specs, openClipNames(specs), source.config.empty() ? "a Llip of its size" : origin));
  LIX_TRY(converted.preprocess,  // OpenCLIP's, on which the release stands
          openClipPreprocess(source.config.empty() ? "{}" : source.configText, origin, config.imageSize));
  return converted;
}

}  // namespace lix::nn::detail
