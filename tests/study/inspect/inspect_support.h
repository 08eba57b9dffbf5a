#pragma once
#include <ATen/ops/full.h>
#include <ATen/ops/scalar_tensor.h>

#include <string>

#include "base/random.h"
#include "byte_tokenizer.h"
#include "nn/ops/tensor.h"
#include "study/eval/embed.h"
#include "support/support.h"

namespace lix::study::test {

enum class Kind { Siglip, Clip, Llip, Registers, Average, LearnedAverage, LearnedPatches, LlipPatches };

/// 16 px, patch 8 (a grid of 2 x 2), width 16, two blocks; 3 class tokens and 4 mixing heads at tau 2 where it has any.
inline Evaluator evaluator(Kind kind) {
  const nn::EncoderConfig tower{.width = 16, .depth = 2, .heads = 2, .mlpWidth = 32};
  nn::ModelConfig config{.towers = kind == Kind::Siglip ? nn::Towers::Siglip : nn::Towers::Clip,
                         .imageSize = 16,
                         .patch = 8,
                         .vision = tower,
                         .classTokens = kind == Kind::Siglip ? 0
                                        : kind == Kind::Clip ? 1
                                                             : 3,
                         .text = tower,
                         .vocabulary = 64,
                         .contextLength = 12,
                         .eosId = 1,
                         .padId = 1,
                         .embedWidth = 16};
  const bool patches = kind == Kind::LearnedPatches || kind == Kind::LlipPatches;
  if (kind == Kind::Llip || kind == Kind::LlipPatches) {
    config.head = nn::ImageHead::Mixture;
  } else if (kind == Kind::LearnedAverage || kind == Kind::LearnedPatches) {
    config.head = nn::ImageHead::LearnedAverage;
  } else if (kind == Kind::Registers || kind == Kind::Average) {
    config.head = kind == Kind::Registers ? nn::ImageHead::Registers : nn::ImageHead::Average;
  }
  if (config.head == nn::ImageHead::Mixture || config.head == nn::ImageHead::LearnedAverage) {
    config.mixture = nn::MixtureConfig{.heads = 4, .tau = 2.0, .patches = patches};
  }
  Evaluator made;
  made.checkpoint.model = *nn::makeModel(config, 5);
  made.checkpoint.model.parameters["logit_scale"] = at::scalar_tensor(std::log(8.0));
  if (kind != Kind::Clip) {
    made.checkpoint.model.parameters["logit_bias"] = at::full({1}, -3.0);
  }
  made.preprocess = kind == Kind::Siglip ? nn::siglipPreprocess(16) : nn::clipPreprocess(16);
  made.tokenizer = std::make_shared<ByteTokenizer>(64);
  return made;
}

inline imaging::Image picture(std::uint64_t number, int width = 24, int height = 20) {
  imaging::Image image{width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height) * 3)};
  Random random(3, number);
  for (auto& value : image.pixels) {
    value = static_cast<std::uint8_t>(random.below(256));
  }
  return image;
}

}  // namespace lix::study::test
