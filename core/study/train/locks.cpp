#include "study/train/locks.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "nn/ops/tensor.h"

namespace lix::study {
namespace {

constexpr std::string_view kLayers = ".encoder.layers.";

/// Number of the transformer block, or nothing for what lies outside of blocks.
std::optional<int> blockOf(std::string_view name) {
  const auto at = name.find(kLayers);
  if (at == std::string_view::npos) {
    return {};
  }
  const auto digits = name.substr(at + kLayers.size());
  const auto number = toInteger(digits.substr(0, digits.find('.')));
  return number ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
}

bool isEmbedding(std::string_view name) {
  return name.find("_model.embeddings.") != std::string_view::npos ||
         name.find(".pre_layrnorm.") != std::string_view::npos;
}

}  // namespace

Side sideOf(const std::string& parameter, nn::ImageHead head) {
  if (parameter == "logit_scale" || parameter == "logit_bias" || parameter.starts_with("lixp.")) {
    return Side::Scalar;
  }
  // The query that mixes is the caption's, or (learned average) one that all pictures share.
  const bool query = parameter.starts_with("llip.q_") && head == nn::ImageHead::Mixture;
  return query || parameter.find("text") != std::string::npos ? Side::Text : Side::Image;
}

bool isLocked(const TrainSettings& settings, const std::string& parameter, nn::ImageHead head) {
  const Side side = sideOf(parameter, head);
  if (side == Side::Scalar) {
    return false;
  }
  if (side == Side::Image ? settings.lockImage : settings.lockText) {
    return true;
  }
  const auto block = blockOf(parameter);
  return settings.lockBlocks > 0 && (block ? *block < settings.lockBlocks : isEmbedding(parameter));
}

Result<void> checkLocks(const TrainSettings& settings, const nn::ModelConfig& config) {
  for (const auto& [tower, locked, depth] : {std::tuple("image", settings.lockImage, config.vision.depth),
                                             std::tuple("text", settings.lockText, config.text.depth)}) {
    if (settings.lockBlocks > depth && !locked) {
      return fail(ErrorCode::BadInput, cat("The ", tower, " tower has ", depth, " blocks, so that ",
                                           settings.lockBlocks, " cannot be locked; give --lock-blocks of at most ",
                                           depth, " or lock the whole tower with --lock-", tower, "."));
    }
  }
  return {};
}

void applyLocks(const TrainSettings& settings, nn::Model& model) {
  for (auto& [name, parameter] : model.parameters) {
    parameter.requires_grad_(!isLocked(settings, name, model.config.head));
  }
}

nn::Parameters learned(const nn::Parameters& parameters) {
  nn::Parameters found;
  std::ranges::copy_if(parameters, std::inserter(found, found.end()),
                       [](const auto& entry) { return entry.second.requires_grad(); });
  return found;
}

bool learns(const nn::Model& model, Side side) {
  return std::ranges::any_of(model.parameters, [&](const auto& entry) {
    return entry.second.requires_grad() && sideOf(entry.first, model.config.head) == side;
  });
}

}  // namespace lix::study
