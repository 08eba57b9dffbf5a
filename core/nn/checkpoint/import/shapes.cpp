#include "nn/checkpoint/import/shapes.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace lix::nn::detail {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr std::int64_t kMostExtent = 1 << 24;

int publishedHeadWidth(int width) {
  switch (width) {
    case 1280:
      return 80;
    case 1408:
      return 88;
    case 1664:
      return 104;
    default:
      return 64;
  }
}

/// Axes that the dimensions are read from.
Result<void> checkNeeded(const SourceWeights& weights, const std::string& text) {
  const std::pair<std::string, std::size_t> needed[] = {{"visual.class_embedding", 1},
                                                        {"visual.conv1.weight", 4},
                                                        {"visual.positional_embedding", 2},
                                                        {text + "token_embedding.weight", 2},
                                                        {text + "positional_embedding", 2},
                                                        {text + "text_projection", 2},
                                                        {"visual.transformer.resblocks.0.mlp.c_fc.weight", 2},
                                                        {text + "transformer.resblocks.0.mlp.c_fc.weight", 2}};
  for (const auto& [name, rank] : needed) {
    const auto found = weights.tensors().find(name);
    if (found == weights.tensors().end() || found->second.shape.size() < rank ||
        std::ranges::any_of(found->second.shape, [](auto extent) { return extent < 1 || extent > kMostExtent; })) {
      return fail(ErrorCode::BadInput,
                  cat(weights.path().string(), " is not a whole model: the weight '", name,
                      "' is missing, or has too few axes or an impossible size. Get the checkpoint again."));
    }
  }
  return {};
}

}  // namespace

int depthOf(const SourceWeights& weights, const std::string& prefix, const std::string& name) {
  int depth = 0;
  while (weights.has(cat(prefix, depth, ".", name))) {
    ++depth;
  }
  return depth;
}

int mlpWidth(int width, double ratio) { return static_cast<int>(std::clamp(width * ratio, 0.0, 1e8)); }

Result<ModelConfig> clipFromShapes(const SourceWeights& weights, const std::string& text) {
  LIX_CHECK(checkNeeded(weights, text));
  const auto extent = [&](const std::string& name, std::size_t axis) {
    return static_cast<int>(weights.extent(name, axis));
  };
  const auto& classes = weights.tensors().at("visual.class_embedding").shape;  // one axis where K is 1
  const int tokens = classes.size() == 1 ? 1 : static_cast<int>(classes[0]), width = static_cast<int>(classes.back());
  const int patch = extent("visual.conv1.weight", 2), textWidth = extent(text + "token_embedding.weight", 1);
  const int patches = extent("visual.positional_embedding", 0) - tokens;
  const int side = static_cast<int>(std::lround(std::sqrt(std::max(patches, 0))));
  const auto tower = [&](int of, const std::string& blocks, int headWidth) {
    return EncoderConfig{of,
                         depthOf(weights, blocks, "ln_1.weight"),
                         std::max(of / headWidth, 1),
                         extent(blocks + "0.mlp.c_fc.weight", 0),
                         Activation::QuickGelu,
                         kNormEpsilon};
  };
  ModelConfig config{
      .towers = Towers::Clip, .imageSize = std::min(side, 1 << 13) * std::min(patch, 1 << 13), .patch = patch};
  config.vision = tower(width, "visual.transformer.resblocks.", publishedHeadWidth(width));
  config.classTokens = tokens;
  config.text = tower(textWidth, text + "transformer.resblocks.", 64);
  config.vocabulary = extent(text + "token_embedding.weight", 0);
  config.contextLength = extent(text + "positional_embedding", 0);
  config.embedWidth = extent(text + "text_projection", 1);
  return config;
}

}  // namespace lix::nn::detail
