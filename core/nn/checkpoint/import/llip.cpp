#include "nn/checkpoint/import/llip.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/checkpoint/import/open_clip_names.h"

namespace lix::nn::detail {
namespace {
using nlohmann::json;

constexpr int kPublishedHeads = 8;  ///< M
constexpr double kNormEpsilon = 1e-5;

/// Axes that the dimensions are read from.
constexpr std::pair<const char*, std::size_t> kNeeded[] = {
    {"visual.class_embedding", 1}, {"visual.conv1.weight", 4}, {"visual.positional_embedding", 2},
    {"token_embedding.weight", 2}, {"positional_embedding", 2}, {"text_projection", 2},
    {"k_proj", 3},                 {"visual.transformer.resblocks.0.mlp.c_fc.weight", 2},
    {"transformer.resblocks.0.mlp.c_fc.weight", 2}};

int depthOf(const SourceWeights& weights, const std::string& blocks) {
  int depth = 0;
  while (weights.has(cat(blocks, depth, ".ln_1.weight"))) {
    ++depth;
  }
  return depth;
}

int publishedHeadWidth(int width) { return width == 1280 ? 80 : width == 1664 ? 104 : 64; }

int mlpWidth(int width, double ratio) { return static_cast<int>(std::clamp(width * ratio, 0.0, 1e8)); }

/// K and W from the class embedding, which has one axis where K is 1.
std::pair<int, int> tokensAndWidth(const SourceWeights& weights) {
  const auto& shape = weights.tensors().at("visual.class_embedding").shape;
  return {shape.size() == 1 ? 1 : static_cast<int>(shape[0]), static_cast<int>(shape.back())};
}

Result<void> checkNeeded(const SourceWeights& weights) {
  for (const auto& [name, rank] : kNeeded) {
    if (weights.extent(name, rank - 1) < 1 || weights.extent(name, 0) > 1 << 24) {
      return fail(ErrorCode::BadInput, cat(weights.path().string(), " is not a whole Llip: the weight '", name,
                                           "' is missing or has too few axes. Get the checkpoint again."));
    }
  }
  return {};
}

/// What the shapes alone tell, with the published numbers of heads.
ModelConfig fromShapes(const SourceWeights& weights) {
  const auto extent = [&](const char* name, std::size_t axis) { return static_cast<int>(weights.extent(name, axis)); };
  const auto [tokens, width] = tokensAndWidth(weights);
  const int patch = extent("visual.conv1.weight", 2), textWidth = extent("token_embedding.weight", 1);
  const int patches = extent("visual.positional_embedding", 0) - tokens;
  const int side = static_cast<int>(std::lround(std::sqrt(std::max(patches, 0))));
  ModelConfig config{.towers = Towers::Clip, .imageSize = side * patch, .patch = patch};
  config.vision = {width,
                   depthOf(weights, "visual.transformer.resblocks."),
                   width / publishedHeadWidth(width),
                   extent("visual.transformer.resblocks.0.mlp.c_fc.weight", 0),
                   Activation::QuickGelu,
                   kNormEpsilon};
  config.classTokens = tokens;
  config.head = ImageHead::Mixture;
  config.text = {textWidth,
                 depthOf(weights, "transformer.resblocks."),
                 textWidth / 64,
                 extent("transformer.resblocks.0.mlp.c_fc.weight", 0),
                 Activation::QuickGelu,
                 kNormEpsilon};
  config.vocabulary = extent("token_embedding.weight", 0);
  config.contextLength = extent("positional_embedding", 0);
  config.embedWidth = extent("text_projection", 1);
  config.mixture = MixtureConfig{.heads = kPublishedHeads,
                                 .norms = weights.has("K_norm.weight"),
                                 .patches = patches > 0 && extent("k_proj", 0) == tokens + patches};
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
  const json whole = json::parse(text, nullptr, false);
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
    converted.notes.push_back(cat("The weights do not say tau; ", mixture.tau, " was assumed, the release's for a vision "
                                  "tower ", width == 1024 ? "1024 wide" : "not 1024 wide", "; --tau chooses another."));
  }
  if (!(mixture.tau > 0.0) || !std::isfinite(mixture.tau)) {
    return fail(ErrorCode::BadInput, cat("A tau of ", mixture.tau, " cannot be used; it must be positive."));
  }
  return {};
}

}  // namespace

bool isLlip(const SourceWeights& weights) {
  const auto has = [&](const char* name) { return weights.has(name); };
  return has("k_proj") && has("v_proj") && has("q_proj") && has("visual.class_embedding");
}

Result<Converted> convertLlip(SourceWeights weights, const std::string& text, std::optional<double> tau) {
  weights.rename("out_proj", "pred.out_proj");  // its name in old files
  LIX_CHECK(checkNeeded(weights));
  Converted converted;
  ModelConfig& config = converted.model.config;
  config = fromShapes(weights);
  const std::string configName = (weights.path().parent_path() / "model_config.json").string();
  if (text.empty()) {
    converted.notes.push_back(
        cat("There is no model_config.json beside the weights: dimensions were taken from their shapes, with ",
            config.mixture->heads, " heads of mixing, ", config.vision.heads, " of the vision tower and ",
            config.text.heads, " of the text tower, as published."));
  } else {
    LIX_CHECK(readConfig(text, configName, config));
  }
  LIX_CHECK(applyTau(tau, converted));
  config.eosId = config.vocabulary - 1;  // pooled where the ids are greatest, which is the end mark, the last of them
  config.padId = 0;
  const std::string source = text.empty() ? weights.path().string() : configName;
  if (auto valid = config.validate(); !valid) {
    return fail(ErrorCode::BadInput, cat(source, ": ", valid.error().message));
  }
  std::vector<ParameterSpec> specs = parameterSpecs(config);
  for (const char* scalar : {"logit_scale", "logit_bias"}) {
    specs.push_back({scalar, {1}, {}});
  }
  LIX_TRY(converted.model.parameters,
          takeParameters(weights, specs, openClipNames(specs), text.empty() ? "a Llip of its size" : configName));
  for (const char* scalar : {"logit_scale", "logit_bias"}) {
    at::Tensor& value = converted.model.parameters.at(scalar);
    value = value.reshape({});
  }
  converted.weights = std::move(weights);
  return converted;
}

}  // namespace lix::nn::detail
