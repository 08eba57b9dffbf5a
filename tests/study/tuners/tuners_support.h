#pragma once
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/text.h"
#include "nn/ops/tensor.h"
#include "study/eval/zero_shot.h"
#include "study/tuners/training.h"
#include "support/support.h"

namespace lix::study::tuners::test {

enum class Kind { Siglip, Clip, Llip };
constexpr int kWords = 60;

/// One token a word or mark of punctuation. With a start mark 61, the end mark 62 and padding 0, as CLIP's; else the
/// end mark and padding 1, as SigLIP's.
class WordTokenizer : public nn::Tokenizer {
 public:
  explicit WordTokenizer(bool starts) : starts_(starts) {}

  nn::TokenRow encode(std::string_view caption, int contextLength) const override {
    nn::TokenRow row;
    if (starts_) {
      row.ids.push_back(61);
    }
    for (const std::string& word : words(caption)) {
      row.ids.push_back(std::int32_t(2 + hash64(word) % (kWords - 2)));
    }
    row.ids.push_back(starts_ ? 62 : 1);
    row.truncated = row.ids.size() > std::size_t(contextLength);
    row.ids.resize(std::min(row.ids.size(), std::size_t(contextLength)));
    row.length = int(row.ids.size());
    row.ids.resize(std::size_t(contextLength), starts_ ? 0 : 1);
    return row;
  }
  int vocabularySize() const override { return 63; }
  std::vector<std::string> pieces(std::string_view caption) const override { return words(caption); }
  Result<void> save(const std::filesystem::path&, int) const override { return {}; }
  std::uint64_t hash() const override { return starts_ ? 1 : 2; }

 private:
  static std::vector<std::string> words(std::string_view caption) {
    std::vector<std::string> out(1);
    for (const char c : caption) {
      if (c == ' ' || c == '.') {
        out.emplace_back(c == '.' ? "." : "");
        if (c == '.') {
          out.emplace_back();
        }
      } else {
        out.back() += c;
      }
    }
    std::erase(out, "");
    return out;
  }
  bool starts_;
};

/// 8 px, patch 4, width 8 and 12, three blocks of text and four of image; a Llip has 3 tokens and 2 heads.
inline Evaluator evaluator(Kind kind, std::uint64_t seed = 5) {
  const bool siglip = kind == Kind::Siglip;
  const auto activation = siglip ? nn::Activation::GeluTanh : nn::Activation::QuickGelu;
  nn::ModelConfig config{.towers = siglip ? nn::Towers::Siglip : nn::Towers::Clip,
                         .imageSize = 8,
                         .patch = 4,
                         .vision = {.width = 12, .depth = 4, .heads = 2, .mlpWidth = 24, .activation = activation},
                         .classTokens = siglip               ? 0
                                        : kind == Kind::Clip ? 1
                                                             : 3,
                         .text = {.width = 8, .depth = 3, .heads = 2, .mlpWidth = 16, .activation = activation},
                         .vocabulary = 63,
                         .contextLength = 12,
                         .eosId = siglip ? 1 : 62,
                         .padId = siglip ? 1 : 0,
                         .embedWidth = 12};
  if (kind == Kind::Llip) {
    config.head = nn::ImageHead::Mixture;
    config.mixture = nn::MixtureConfig{.heads = 2, .tau = 0.7, .norms = true};
  }
  Evaluator made;
  made.checkpoint.model = *nn::makeModel(config, seed);
  Random random(seed, 11);
  for (auto& [name, value] : made.checkpoint.model.parameters) {
    // Words that differ enough for a tower of a few numbers to tell them apart.
    if (name.find("embedding") != std::string::npos) {
      std::generate_n(value.data_ptr<float>(), value.numel(), [&] { return float(0.6 * random.normal()); });
    }
  }
  made.checkpoint.model.parameters["logit_scale"] = at::scalar_tensor(std::log(20.0));
  made.preprocess = siglip ? nn::siglipPreprocess(8) : nn::clipPreprocess(8);
  made.tokenizer = std::make_shared<WordTokenizer>(!siglip);
  return made;
}

inline const std::vector<std::string> kNames{"red_apple", "sky", "deep green forest"};

/// Noisy pictures of one colour a class: `shots` of each of three classes.
inline LabelledPictures colours(const Evaluator& evaluator, std::size_t shots, std::uint64_t seed) {
  std::vector<at::Tensor> pixels;
  LabelledPictures set;
  Random random(seed, 12);
  for (std::size_t i = 0; i < 3 * shots; ++i) {
    const auto label = int(i % 3);
    at::Tensor one = at::empty({3, 8, 8}, at::kFloat);
    for (std::int64_t j = 0; j < one.numel(); ++j) {
      one.data_ptr<float>()[j] = float((j / 64 == label ? 1.5 : -1.0) + 0.4 * random.normal());
    }
    pixels.push_back(one);
    set.labels.push_back(label);
  }
  const auto dtype = evaluator.checkpoint.model.parameters.at("logit_scale").scalar_type();
  const at::Tensor all = at::stack(pixels).to(dtype);
  set.pictures = {.count = pixels.size(),
                  .features = nn::encodeImages(evaluator.checkpoint.model, all).detach(),
                  .pixels = [all](std::span<const std::uint32_t> rows) -> Result<at::Tensor> {
                    return all.index_select(0, at::tensor(std::vector<std::int64_t>(rows.begin(), rows.end())));
                  }};
  return set;
}

inline double accuracy(const at::Tensor& logits, const std::vector<int>& labels) {
  double right = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right += logits[std::int64_t(i)].argmax().item<std::int64_t>() == labels[i] ? 1.0 : 0.0;
  }
  return right / double(labels.size());
}

inline double worst(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

}  // namespace lix::study::tuners::test
