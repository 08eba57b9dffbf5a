#include "nn/config.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "resources/resource.h"

namespace lix::nn {
namespace {

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

}  // namespace

Result<void> ModelConfig::validate() const {
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
  if (towers == Towers::Siglip && (classTokens != 0 || mixture)) {
    return fail(ErrorCode::BadInput, "SigLIP towers have no class or mixture tokens.");
  }
  if (towers == Towers::Siglip && embedWidth != vision.width) {
    return fail(ErrorCode::BadInput, cat("A SigLIP vision tower of width ", vision.width,
                                         " cannot give embeddings of width ", embedWidth, "."));
  }
  if (towers == Towers::Clip && (classTokens < 1 || classTokens > 4096 || (head == ImageHead::Vector && classTokens != 1))) {
    return fail(ErrorCode::BadInput, cat("CLIP towers cannot have ", classTokens, " class tokens without mixing."));
  }
  if (mixture && (mixture->heads < 1 || embedWidth % mixture->heads != 0 || !(mixture->tau > 0.0))) {
    return fail(ErrorCode::BadInput,
                cat("Mixing needs a positive tau, and heads that divide the embedding width ", embedWidth, "."));
  }
  return {};
}

Result<ModelConfig> presetConfig(const std::string& preset, const Architecture& architecture) {
  const Towers towers = architecture.towers;
  const auto text = resource(cat("models/", preset, ".json"));
  if (!text) {
    std::vector<std::string> names;
    for (const auto name : resources("models/")) {
      names.emplace_back(name.substr(7, name.size() - 12));
    }
    return fail(ErrorCode::NotFound,
                cat("There is no size preset '", preset, "'; choose one of: ", join(names, ", "), "."));
  }
  const auto json = nlohmann::json::parse(*text);  // our own file, embedded at build time: a bug if it does not parse
  const auto encoder = [&](const char* name) {
    const auto& part = json.at(name);
    const bool siglip = towers == Towers::Siglip;
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
                     .text = encoder("text"),
                     .vocabulary = json.at("text").at("vocabulary"),
                     .contextLength = json.at("text").at("context_length"),
                     .embedWidth = json.at("embed_width")};
  if (towers == Towers::Clip) {
    config.classTokens = 1;
  }
  config.head = architecture.head;
  if (architecture.head == ImageHead::Mixture) {
    const auto& part = json.at("mixture");
    config.classTokens = part.at("tokens");
    config.mixture = MixtureConfig{.heads = part.at("heads"), .tau = part.at("tau"), .norms = false};
  }
  LIX_CHECK(config.validate());
  return config;
}

}  // namespace lix::nn
