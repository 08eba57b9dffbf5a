// Size presets, and what a model costs before it is made.
#include <ATen/ops/randn.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "base/memory.h"
#include "nn/cost.h"
#include "nn/objective.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

Cost costOfPreset(const std::string& preset, const char* recipeId, std::int64_t batch = 1024) {
  const Recipe recipe = *findRecipe(recipeId);
  return costOf(*presetConfig(preset, {.towers = recipe.towers, .head = recipe.head}), recipe, batch);
}

/// Numbers of a transformer: the second formula of parameterSpecs().
std::int64_t blocks(std::int64_t width, std::int64_t depth, std::int64_t mlp) {
  return depth * (4 * width * width + 4 * width + 2 * width * mlp + mlp + width + 4 * width);
}

std::int64_t clipNumbers(const ModelConfig& c) {
  const std::int64_t w = c.vision.width, t = c.text.width, d = c.embedWidth;
  const std::int64_t image = w + 3 * c.patch * c.patch * w + (c.patches() + 1) * w + 4 * w + w * d;
  const std::int64_t text = (c.vocabulary + c.contextLength) * t + 2 * t + t * d;
  return image + text + blocks(w, c.vision.depth, c.vision.mlpWidth) + blocks(t, c.text.depth, c.text.mlpWidth);
}

TEST(Presets, HaveThePublishedNumberOfParameters) {
  const std::vector<std::pair<const char*, std::int64_t>> published{  // OpenCLIP's, which count the scale too
      {"vit-b-32", 151'277'313}, {"vit-b-16", 149'620'737},    {"vit-l-14", 427'616'513},
      {"vit-h-14", 986'109'441}};
  for (const auto& [preset, total] : published) {
    ModelConfig config = *presetConfig(preset, {.towers = Towers::Clip});
    config.contextLength = 77;  // Llip's L/14 reads 64
    EXPECT_EQ(parameterCount(parameterSpecs(config)) + 1, total) << preset;
  }
  const ModelConfig bigG = *presetConfig("vit-bigg-14", {.towers = Towers::Clip});
  EXPECT_NEAR(double(parameterCount(parameterSpecs(bigG))) / 1e6, 2539.57, 0.01);  // published in millions
  for (const std::string& preset : presets()) {
    const ModelConfig config = *presetConfig(preset, {.towers = Towers::Clip});
    EXPECT_EQ(parameterCount(parameterSpecs(config)), clipNumbers(config)) << preset;
  }
}

TEST(Presets, EveryOneFitsEveryRecipe) {
  ASSERT_EQ(presets().size(), 8u);
  EXPECT_EQ(presets()[0], "tiny");
  for (const std::string& preset : presets()) {
    for (const Recipe& recipe : recipes()) {
      if (recipe.towers == Towers::Heads) {
        continue;  // their sizes come from the features
      }
      const auto config = presetConfig(preset, {.towers = recipe.towers, .head = recipe.head});
      LIX_ASSERT_OK(config);
      EXPECT_EQ(config->embedWidth % 8, 0) << preset;
      const Cost cost = costOf(*config, recipe, 256);
      EXPECT_EQ(cost.parameters, parameterCount(parameterSpecs(*config))) << preset;
    }
    const auto other = presetConfig(preset, {.towers = Towers::Clip, .head = ImageHead::Vector});
    LIX_ASSERT_OK(other);
  }
  EXPECT_TRUE(presetConfig("vit-h-14", {.towers = Towers::Clip, .head = ImageHead::Mixture})->mixture->norms);
  EXPECT_FALSE(presetConfig("vit-b-32", {.towers = Towers::Clip, .head = ImageHead::Mixture})->mixture->norms);
  EXPECT_EQ(presetConfig("vit-l-14", {.towers = Towers::Clip, .head = ImageHead::Mixture})->mixture->tau, 1.0);
}

TEST(Presets, HonourWhatIsAsked) {
  const auto config = presetConfig("vit-b-32", {.towers = Towers::Clip, .head = ImageHead::Mixture, .tokens = 128,
                                                .mixtureHeads = 16, .tau = 8.0, .norms = true, .patches = true});
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->classTokens, 128);
  EXPECT_EQ(config->mixtureTokens(), 128 + 49);
  EXPECT_EQ(config->mixture->heads, 16);
  EXPECT_EQ(config->mixture->tau, 8.0);
  EXPECT_TRUE(config->mixture->norms);
  for (const auto& spec : parameterSpecs(*config)) {
    if (spec.name == "llip.v_proj") {
      EXPECT_EQ(spec.shape, (std::vector<std::int64_t>{128 + 49, 768, 512}));
    }
  }
}

TEST(Presets, WhatCannotBeIsOneSentence) {
  const auto says = [](Architecture asked, const char* part) {
    const auto config = presetConfig("vit-b-32", asked);
    const std::string message = messageOf(config);
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
    EXPECT_TRUE(message.ends_with('.')) << message;
  };
  const Architecture llip{.towers = Towers::Clip, .head = ImageHead::Mixture};
  const auto with = [&](auto change) {
    Architecture asked = llip;
    change(asked);
    return asked;
  };
  says(with([](auto& a) { a.tokens = -1; }), "K lies between 1 and 128");
  says(with([](auto& a) { a.tokens = 129; }), "K = 129");
  says(with([](auto& a) { a.mixtureHeads = 7; }), "divide it: 1, 2, 4, 8, 16, 32, 64, 128, 256, 512.");
  says(with([](auto& a) { a.mixtureHeads = -8; }), "M = -8");
  says(with([](auto& a) { a.tau = -1.0; }), "positive tau");
  says(with([](auto& a) { a.tau = std::nan(""); }), "positive tau");
  says(with([](auto& a) { a.towers = Towers::Siglip; }), "need CLIP towers");
  says({.towers = Towers::Clip, .head = ImageHead::Average, .tau = 2.0}, "belong to a recipe that mixes");
  says({.towers = Towers::Clip, .head = ImageHead::Registers, .patches = true}, "patch tokens");
  says({.towers = Towers::Clip, .tokens = 16}, "K = 16 has no meaning");
}

TEST(CostOf, OperationsAreThoseOfOpenClipsProfile) {
  const std::vector<std::tuple<const char*, double, double>> profile{  // GFLOP of image and caption, of the caption
      {"vit-s-16", 12.6, 0.0}, {"vit-b-32", 14.8, 6.0}, {"vit-b-16", 41.1, 6.0}, {"vit-l-14", 175.0, 0.0}};
  for (const auto& [preset, both, caption] : profile) {
    const Recipe recipe = *findRecipe("clip");
    ModelConfig config = *presetConfig(preset, {.towers = Towers::Clip});
    config.contextLength = 77;
    const Cost cost = costOf(config, recipe, 1024);
    EXPECT_NEAR((cost.imageFlops + cost.captionFlops) / 1e9, both, 0.02 * both) << preset;
    if (caption > 0.0) {
      EXPECT_NEAR(cost.captionFlops / 1e9, caption, 0.03 * caption) << preset;
    }
  }
}

TEST(CostOf, PairsOfALlipFollowTheDerivation) {
  Architecture asked{.towers = Towers::Clip, .head = ImageHead::Mixture};
  const Recipe recipe = *findRecipe("llip");
  const auto pairs = [&](int tokens) {  // D = 512, M = 8, as the batch grows
    asked.tokens = tokens;
    return costOf(*presetConfig("vit-b-32", asked), recipe, 1 << 26).pairFlops / 1e6;
  };
  EXPECT_NEAR(pairs(16), 0.16, 0.01);
  EXPECT_NEAR(pairs(32), 0.46, 0.01);
  EXPECT_NEAR(pairs(64), 1.44, 0.01);
  EXPECT_EQ(costOfPreset("vit-b-32", "siglip").pairFlops, 6.0 * 768);
  EXPECT_EQ(costOfPreset("vit-b-32", "clip").pairFlops, 8.0 * 512);
  EXPECT_EQ(costOfPreset("vit-b-32", "siglixp").pairFlops, 22.0 * 768);
}

/// Counts the bytes that LibTorch's CPU allocator hands out on this thread.
class Meter : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override {
    held_ += bytes;
    most_ = std::max(most_, held_);
  }
  void reportOutOfMemory(std::int64_t, std::size_t, std::size_t, c10::Device) override {}
  bool memoryProfilingEnabled() const override { return true; }
  std::int64_t held() const { return held_; }
  std::int64_t most() const { return most_; }

 private:
  std::int64_t held_ = 0, most_ = 0;
};

TEST(CostOf, ActivationsAndPeakAreThoseOfAStep) {
  constexpr std::int64_t kBatch = 32;
  for (const char* id : {"siglip", "clip", "llip", "llip-ladder/learned-average"}) {
    const Recipe recipe = *findRecipe(id);
    const ModelConfig config = *presetConfig("tiny", {.towers = recipe.towers, .head = recipe.head});
    Model model = *makeModel(config, 1);
    addScalars(model, recipe);
    for (auto& [name, value] : model.parameters) {
      value.requires_grad_(true);
    }
    const at::Tensor pixels = at::randn({kBatch, 3, 64, 64});
    const at::Tensor ids = captionIds(std::vector<std::vector<std::int64_t>>(kBatch, {5, 6, 7}), config.contextLength);
    const auto meter = std::make_shared<Meter>();
    std::int64_t kept = 0;
    {
      const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, meter);
      const Encoded batch = encodeBatch(model, pixels, ids);
      kept = meter->held();
      loss(model, recipe, batch).total.backward();
    }
    const Cost cost = costOf(config, recipe, kBatch);
    const double stated = double(kBatch * (cost.imageBytes + cost.captionBytes));
    EXPECT_GT(stated, double(kept) / 1.25) << id << ": " << bytesText(stated) << " stated, " << bytesText(double(kept));
    EXPECT_LT(stated, double(kept) * 1.25) << id << ": " << bytesText(stated) << " stated, " << bytesText(double(kept));
    // The peak: without weights and moments, which were there before.
    const double peak = double(meter->most()), whole = cost.stepBytes(kBatch, kBatch) - 12.0 * double(cost.parameters);
    EXPECT_GT(whole, peak / 1.5) << id << ": " << bytesText(whole) << " stated, " << bytesText(peak) << " measured";
    EXPECT_LT(whole, peak * 1.5) << id << ": " << bytesText(whole) << " stated, " << bytesText(peak) << " measured";
  }
}

/// A person's recipe whose reducer has no one-pass form over token sets.
Recipe softmaxLlip() {
  Recipe recipe = *findRecipe("llip");
  recipe.terms[0].reducer = *findReducer("softmax");
  recipe.terms[0].bias.clear();
  return recipe;
}

TEST(CostOf, AMixtureUnderASoftmaxIsPricedAsItIsMade) {
  const Recipe recipe = softmaxLlip();
  ModelConfig config = *presetConfig("tiny", {.towers = recipe.towers, .head = recipe.head});
  constexpr std::int64_t kBatch = 64;
  Encoded batch;
  const std::int64_t k = config.mixtureTokens(), m = config.mixture->heads, d = config.embedWidth;
  const auto leaf = [](at::IntArrayRef sizes) { return at::randn(sizes).requires_grad_(true); };
  batch.mixture = {leaf({kBatch, m, k, d / m}), leaf({kBatch, m, k, d / m})};
  batch.text = {leaf({kBatch, d}), leaf({kBatch, m, d / m})};
  batch.outProj = leaf({d, d});
  Model scalars{.config = config};
  addScalars(scalars, recipe);
  const auto meter = std::make_shared<Meter>();
  {
    const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, meter);
    loss(scalars, recipe, batch).total.backward();
  }
  const Cost cost = costOf(config, recipe, kBatch);
  const double stated = double(cost.pairBytes) * kBatch * kBatch, peak = double(meter->most());
  EXPECT_GT(stated, peak / 1.3) << bytesText(stated) << " stated, " << bytesText(peak) << " measured";
  EXPECT_LT(stated, peak * 1.3) << bytesText(stated) << " stated, " << bytesText(peak) << " measured";
  // 16384^2 pairs of 512 numbers are half a terabyte, which the one-pass form never holds.
  const ModelConfig large = *presetConfig("vit-b-32", {.towers = Towers::Clip, .head = ImageHead::Mixture});
  const double free = 400.0 * 1024 * 1024 * 1024;
  EXPECT_FALSE(fits(costOf(large, recipe, 16384), 16384, 0, free));
  LIX_EXPECT_OK(fits(costOf(large, *findRecipe("llip"), 16384), 16384, 0, free));
}

TEST(CostOf, LocksAverageThreadsAndWaitingBatchesMoveItTheirWay) {
  const Recipe recipe = *findRecipe("llip");
  const ModelConfig config = *presetConfig("vit-b-32", {.towers = recipe.towers, .head = recipe.head});
  const auto with = [&](const CostOptions& options) { return costOf(config, recipe, 256, options); };
  const Cost plain = with({});
  const auto isVision = [](const std::string& name) { return name.find("text") == std::string::npos && name != "llip.q_proj"; };
  const Cost image = with({.locked = isVision});
  std::int64_t learning = 0;
  for (const ParameterSpec& spec : parameterSpecs(config)) {
    learning += isVision(spec.name) ? 0 : parameterCount({spec});
  }
  EXPECT_EQ(plain.modelBytes - image.modelBytes, 12 * (plain.parameters - learning));
  EXPECT_LT(image.imageBytes, plain.imageBytes / 8) << "one block in work, nothing kept";
  EXPECT_EQ(image.captionBytes, plain.captionBytes);
  EXPECT_LT(image.imageKeptBytes, plain.imageKeptBytes);
  EXPECT_EQ(image.imageBackward, 0.0);
  EXPECT_EQ(image.captionBackward, 1.0);
  EXPECT_NEAR(plain.stepFlops(256, 256) - image.stepFlops(256, 256), 512.0 * plain.imageFlops, 1e6);
  EXPECT_NEAR(plain.stepFlops(256, 8) - image.stepFlops(256, 8), 768.0 * plain.imageFlops, 1e6);
  const Cost nothing = with({.locked = [](const std::string&) { return false; }});
  EXPECT_EQ(nothing.stepBytes(256, 256), plain.stepBytes(256, 256));
  const Cost half = with({.locked = [](const std::string& name) {
    const auto at = name.find("vision_model.encoder.layers.");
    return name.find("vision_model.embeddings") == 0 || name.find("vision_model.pre_layrnorm") == 0 ||
           (at == 0 && std::atoi(name.c_str() + 28) < 6);
  }});
  EXPECT_EQ(half.imageBackward, 0.5);
  EXPECT_LT(half.imageBytes, plain.imageBytes * 2 / 3);
  EXPECT_GT(half.imageBytes, plain.imageBytes / 3);

  EXPECT_EQ(with({.averaged = true}).modelBytes - plain.modelBytes, 4 * plain.parameters);
  EXPECT_EQ(with({.averaged = true, .locked = isVision}).modelBytes - image.modelBytes, 4 * learning);
  EXPECT_EQ(with({.waiting = 2}).imageKeptBytes - plain.imageKeptBytes, 2 * 4 * 3 * 224 * 224);
  const double n = 256, d = config.embedWidth;  // of 15 threads more: dW, dq of all captions and dA at the least
  EXPECT_GT(with({.threads = 16}).stepBytes(256, 1) - plain.stepBytes(256, 1), 15 * 4 * (2 * n * d + d * d));
  const Recipe siglip = *findRecipe("siglip");
  const ModelConfig plainConfig = *presetConfig("vit-b-32", {.towers = siglip.towers, .head = siglip.head});
  EXPECT_EQ(costOf(plainConfig, siglip, 256, {.threads = 16}).stepBytes(256, 1), costOf(plainConfig, siglip, 256).stepBytes(256, 1));
}

TEST(CostOf, WhatFitsAndWhatDoesNotIsSaid) {
  const Cost cost = costOfPreset("vit-b-32", "llip", 4096);
  const double gib = 1024.0 * 1024.0 * 1024.0;
  LIX_EXPECT_OK(fits(cost, 4096, 64, 1000.0 * gib));
  const double tight = cost.stepBytes(4096, 24) + 1.0;
  EXPECT_EQ(microBatchFor(cost, 4096, tight), 24);
  LIX_EXPECT_OK(fits(cost, 4096, 24, tight));
  LIX_EXPECT_OK(fits(cost, 4096, 0, tight));
  const auto says = [&](const Result<void>& result, const std::string& part) {
    const std::string message = messageOf(result);
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
  };
  says(fits(cost, 4096, 25, tight), "A micro-batch of 24 would fit");
  says(fits(cost, 4096, 25, tight), cat("a pair ", cost.pairBytes, " bytes"));
  says(fits(cost, 4096, 25, tight), bytesText(double(cost.modelBytes)));
  says(fits(cost, 4096, 25, tight), bytesText(tight) + " are free");
  const double less = cost.stepBytes(100, 1) + 1.0;
  says(fits(cost, 4096, 0, less), "A batch of 100 with a micro-batch of 1 would fit");
  says(fits(cost, 4096, 0, 1.0 * gib), "take a smaller size");
  EXPECT_EQ(microBatchFor(cost, 4096, 1.0 * gib), 0);
  EXPECT_EQ(messageOf(fits(cost, 4096, 0, 1.0 * gib)).find('\n'), std::string::npos);
}

TEST(CostOf, OneLineStatesTheNumbers) {
  const std::string line = costLine(costOfPreset("vit-b-32", "clip"), 1024, 0);
  for (const char* part : {"151.3 M parameters", "8.8 GFLOP an image", "6.0 GFLOP a caption", "a pair", "a step of 1024",
                           "memory", "an image"}) {
    EXPECT_NE(line.find(part), std::string::npos) << line;
  }
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(flopsText(999.0), "999 FLOP");
  EXPECT_EQ(flopsText(1.0e12), "1.0 TFLOP");
}

}  // namespace
}  // namespace lix::test
