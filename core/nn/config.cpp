#include "nn/config.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "nn/heads.h"
#include "resources/resource.h"

namespace lix::nn {
namespace {

constexpr int kMostTokens = 4096;       // that a file may bring
constexpr int kMostPresetTokens = 128;  // the most that the paper trains

Result<void> validateEncoder(const EncoderConfig& encoder, const char* which) {
  if (encoder.width < 1 || encoder.depth < 1 || encoder.heads < 1 || encoder.mlpWidth < 1 || encoder.width > 65536 ||
      encoder.depth > 1024 || encoder.mlpWidth > 1 << 20) {
    return fail(ErrorCode::BadInput,
                cat("The ", which, " tower has a width, depth, number of heads or MLP width out of range."));
  }
  if (encoder.width % encoder.heads != 0) {
    return fail(ErrorCode::BadInput, cat("The ", which, " tower's width ", encoder.width, " is not a multiple of its ",
                                         encoder.heads, " heads."));
  }
  return {};
}

/// "1, 2, 3, 4, 6, 8": every number of heads that the width can be split into.
std::string divisorsOf(int width) {
  std::vector<std::string> divisors;
  for (int i = 1; i <= width; ++i) {
    if (width % i == 0) {
      divisors.push_back(std::to_string(i));
    }
  }
  return join(divisors, ", ");
}

bool mixes(ImageHead head) { return head == ImageHead::LearnedAverage || head == ImageHead::Mixture; }

Result<void> validateMixture(const MixtureConfig& mixture, int width) {
  if (mixture.heads < 1 || width % mixture.heads != 0) {
    return fail(ErrorCode::BadInput, cat("M = ", mixture.heads, " mixing heads cannot share the embedding width ", width,
                                         "; choose heads that divide it: ", divisorsOf(width), "."));
  }
  if (!(mixture.tau > 0.0) || !std::isfinite(mixture.tau)) {
    return fail(ErrorCode::BadInput, cat("The mixing's temperature is ", mixture.tau,
                                         "; it divides the scores, so it must be a positive tau, such as 5."));
  }
  return {};
}

/// The head and its tokens: SigLIP's towers pool by attention and have neither.
Result<void> validateHead(const ModelConfig& config) {
  if (config.towers == Towers::Siglip) {
    return config.head == ImageHead::Vector && config.classTokens == 0 && !config.mixture
               ? Result<void>()
               : fail(ErrorCode::BadInput,
                      "SigLIP towers have no class or mixture tokens; registers, averages and mixing need CLIP towers.");
  }
  if (config.head == ImageHead::Vector && config.classTokens != 1) {
    return fail(ErrorCode::BadInput, cat("A model with one vector an image has one class token, not ", config.classTokens,
                                         " class tokens; take a recipe that averages or mixes tokens."));
  }
  if (config.classTokens < 1 || config.classTokens > kMostTokens) {
    return fail(ErrorCode::BadInput, cat("A model cannot have ", config.classTokens, " class tokens; K lies between 1 and ",
                                         kMostTokens, "."));
  }
  if (mixes(config.head) != config.mixture.has_value()) {
    return fail(ErrorCode::BadInput, "Heads, tau, norms and patch tokens belong to a head that mixes tokens by attention.");
  }
  return config.mixture ? validateMixture(*config.mixture, config.embedWidth) : Result<void>();
}

}  // namespace

Result<void> ModelConfig::validate() const {
  if (towers == Towers::Heads) {
    return validateHeads(*this);
  }
  LIX_CHECK(validateEncoder(vision, "vision"));
  LIX_CHECK(validateEncoder(text, "text"));
  if (imageSize < 1 || patch < 1 || patch > imageSize || imageSize > 8192) {
    return fail(ErrorCode::BadInput,
                cat("An image size of ", imageSize, " with patches of ", patch, " is not possible."));
  }
  if (vocabulary < 4 || vocabulary > 1 << 24 || contextLength < 1 || contextLength > 1 << 16 || embedWidth < 1 ||
      embedWidth > 65536) {
    return fail(ErrorCode::BadInput, "The vocabulary, context length or embedding width is out of range.");
  }
  if (towers == Towers::Siglip && embedWidth != vision.width) {
    return fail(ErrorCode::BadInput, cat("A SigLIP vision tower of width ", vision.width,
                                         " cannot give embeddings of width ", embedWidth, "."));
  }
  if (towers == Towers::Siglip &&
      (!variant.preNorm || variant.imagePool == TowerVariant::ImagePool::MeanThenNorm)) {
    return fail(ErrorCode::BadInput, "SigLIP towers have no LayerNorm before their blocks and none after their pooling.");
  }
  if (head != ImageHead::Vector && variant.imagePool != TowerVariant::ImagePool::Own) {
    return fail(ErrorCode::BadInput, "A model whose head reads class tokens cannot pool its patches by their mean.");
  }
  return validateHead(*this);
}

namespace {

/// Towers of a preset, without a head.
ModelConfig presetTowers(const nlohmann::json& json, Towers towers) {
  const bool siglip = towers == Towers::Siglip;
  const auto encoder = [&](const char* name) {
    const auto& part = json.at(name);
    return EncoderConfig{.width = part.at("width"),
                         .depth = part.at("depth"),
                         .heads = part.at("heads"),
                         .mlpWidth = part.at("mlp_width"),
                         .activation = siglip ? Activation::GeluTanh : Activation::QuickGelu,
                         .normEpsilon = siglip ? 1e-6 : 1e-5};
  };
  ModelConfig config{.towers = towers,
                     .imageSize = json.at("image_size"),
                     .patch = json.at("patch"),
                     .vision = encoder("vision"),
                     .classTokens = siglip ? 0 : 1,
                     .text = encoder("text"),
                     .vocabulary = json.at("text").at("vocabulary"),
                     .contextLength = json.at("text").at("context_length"),
                     .embedWidth = json.at("embed_width")};
  if (siglip) {
    config.embedWidth = config.vision.width;  // its attention pooling keeps the tower's width
  }
  return config;
}

std::string presetText(const std::string& preset, const char* key) {
  const auto text = resource(cat("models/", preset, ".json"));
  return text ? nlohmann::json::parse(*text).value(key, "") : "";
}

/// What was asked of a head that has no use for it.
Result<void> checkAsked(const Architecture& asked) {
  if (asked.tokens < 0 || asked.tokens > kMostPresetTokens) {
    return fail(ErrorCode::BadInput, cat("K = ", asked.tokens, " tokens are not possible; K lies between 1 and ",
                                         kMostPresetTokens, "."));
  }
  if (asked.head == ImageHead::Vector && asked.tokens > 1) {
    return fail(ErrorCode::BadInput, cat("This recipe makes one vector of an image from one token, so K = ", asked.tokens,
                                         " has no meaning; take llip or a rung of llip-ladder."));
  }
  const bool ofMixing = asked.mixtureHeads != 0 || asked.tau != 0.0 || asked.norms || asked.patches;
  if (ofMixing && !mixes(asked.head)) {
    return fail(ErrorCode::BadInput, "Mixing heads, tau, norms and patch tokens belong to a recipe that mixes tokens by "
                                     "attention; take llip or llip-ladder/learned-average.");
  }
  return {};
}

}  // namespace

std::vector<std::string> presets() {
  std::vector<std::string> names;
  for (const auto name : resources("models/")) {
    names.emplace_back(name.substr(7, name.size() - 12));
  }
  return names;
}

std::string presetTitle(const std::string& preset) { return presetText(preset, "title"); }
std::string presetHelp(const std::string& preset) { return presetText(preset, "help"); }

Result<ModelConfig> presetConfig(const std::string& preset, const Architecture& asked) {
  const auto text = resource(cat("models/", preset, ".json"));
  if (!text) {
    return fail(ErrorCode::NotFound,
                cat("There is no size preset '", preset, "'; choose one of: ", join(presets(), ", "), "."));
  }
  LIX_CHECK(checkAsked(asked));
  const auto json = nlohmann::json::parse(*text);  // our own file, embedded at build time: a bug if it does not parse
  ModelConfig config = presetTowers(json, asked.towers);
  config.head = asked.head;
  if (asked.head != ImageHead::Vector) {
    const auto& part = json.at("mixture");
    config.classTokens = asked.tokens != 0 ? asked.tokens : part.at("tokens").get<int>();
    if (mixes(asked.head)) {
      config.mixture = MixtureConfig{.heads = asked.mixtureHeads != 0 ? asked.mixtureHeads : part.at("heads").get<int>(),
                                     .tau = asked.tau != 0.0 ? asked.tau : part.at("tau").get<double>(),
                                     .norms = asked.norms || part.value("norms", false),
                                     .patches = asked.patches};
    }
  }
  LIX_CHECK(config.validate());
  return config;
}

}  // namespace lix::nn
