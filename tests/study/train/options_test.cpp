#include <cmath>

#include "canary_support.h"
#include "nn/ops/tensor.h"
#include "study/train/locks.h"
#include "study/train/run.h"
#include "study/train/weights_average.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

TEST(Options, LockedWeightsStayAndHaveNoMoments) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  for (const char* recipe : {"siglixp", "llip"}) {
    const auto init = smallStart(recipe);
    for (const auto& change : std::vector<std::function<void(TrainSettings&)>>{
             [](auto& s) { s.lockImage = true; }, [](auto& s) { s.lockText = true; }, [](auto& s) { s.lockBlocks = 1; },
             [](auto& s) { s.lockImage = s.lockText = true; }}) {
      auto settings = smallSettings(recipe, 3);
      settings.init = "start";
      change(settings);
      Watcher watcher;
      LIX_ASSERT_OK(train(settings, data, init, folder / "out", watcher));
      const auto after = weightsOf(folder / "out");
      const auto state = *nn::loadTensors(folder / "out" / "training_state.safetensors");
      int moved = 0, kept = 0;
      for (const auto& [name, value] : init.model.parameters) {
        const bool locked = isLocked(settings, name, init.model.config.head);
        EXPECT_EQ(after.at(name).equal(value), locked) << recipe << " " << name;
        EXPECT_EQ(state.contains("m." + name), !locked) << name;
        ++(locked ? kept : moved);
      }
      EXPECT_GT(kept, 3);
      EXPECT_GE(moved, 2);
      EXPECT_EQ(watcher.notices.size(), settings.lockImage && settings.lockText ? 1u : 0u);
    }
  }
}

TEST(Options, WhatALockHolds) {
  const TrainSettings blocks{.lockBlocks = 2}, image{.lockImage = true};
  const auto locked = [](const TrainSettings& settings, const char* name, nn::ImageHead head = nn::ImageHead::Mixture) {
    return isLocked(settings, name, head);
  };
  for (const char* name : {"vision_model.encoder.layers.0.mlp.fc1.weight", "text_model.encoder.layers.1.mlp.fc1.bias",
                           "vision_model.embeddings.class_embedding", "vision_model.pre_layrnorm.bias",
                           "text_model.embeddings.token_embedding.weight"}) {
    EXPECT_TRUE(locked(blocks, name)) << name;
  }
  for (const char* name : {"vision_model.encoder.layers.2.mlp.fc1.weight", "text_model.encoder.layers.12.mlp.fc1.bias",
                           "vision_model.post_layernorm.bias", "text_projection.weight", "llip.k_proj", "logit_scale"}) {
    EXPECT_FALSE(locked(blocks, name)) << name;
  }
  EXPECT_TRUE(locked(image, "llip.out_proj"));
  EXPECT_TRUE(locked(image, "image_head.layers.0.weight"));
  EXPECT_FALSE(locked(image, "text_head.layers.0.weight"));
  EXPECT_FALSE(locked(image, "llip.q_norm.weight"));
  EXPECT_TRUE(locked(image, "llip.q_norm.weight", nn::ImageHead::LearnedAverage));
  EXPECT_FALSE(locked(image, "lixp.log_tau"));
}

TEST(Options, AverageByHand) {
  const auto weight = [](double value) { return at::Tensor(smallStart("siglip").model.parameters.at("logit_scale").clone().fill_(value)); };
  nn::Parameters parameters{{"a", weight(1.0).requires_grad_(true)}, {"locked", weight(5.0)}}, average;
  startAverage(average, parameters);
  ASSERT_EQ(average.size(), 1u);
  double wanted = 1.0;
  for (int t = 0; t < 6; ++t) {
    parameters.at("a").detach().fill_(2.0 + t);
    updateAverage(average, parameters, 0.3, t);
    const double kept = std::min(0.3, (1.0 + t) / (10.0 + t));  // 0.1, 0.1818, 0.25, 0.3, 0.3, ...
    wanted = kept * wanted + (1.0 - kept) * (2.0 + t);
    EXPECT_NEAR(average.at("a").item<double>(), wanted, 1e-6) << t;
  }
  EXPECT_NEAR(averaged(parameters, average).at("a").item<double>(), wanted, 1e-6);
  EXPECT_EQ(averaged(parameters, average).at("locked").item<double>(), 5.0);
}

TEST(Options, TheAverageIsWhatIsSaved) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto init = smallStart("siglip");
  auto settings = smallSettings("siglip", 1);
  Watcher plain, withAverage;
  LIX_ASSERT_OK(train(settings, data, init, folder / "plain", plain));
  settings.ema = 0.99;
  LIX_ASSERT_OK(train(settings, data, init, folder / "average", withAverage));
  const auto moved = weightsOf(folder / "plain"), saved = weightsOf(folder / "average");
  const auto state = *nn::loadTensors(folder / "average" / "training_state.safetensors");
  for (const auto& [name, start] : init.model.parameters) {
    EXPECT_TRUE(state.at("p." + name).equal(moved.at(name))) << name;  // the raw weights learn as without
    EXPECT_TRUE(saved.at(name).allclose(0.1 * start + 0.9 * moved.at(name), 1e-5, 1e-7)) << name;
    EXPECT_FALSE(saved.at(name).equal(moved.at(name))) << name;
  }
}

TEST(Options, ResumesToTheSameBytesWithEachOption) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  struct Option {
    const char* name;
    const char* recipe;
    std::function<void(TrainSettings&)> set;
  };
  for (const Option& option : std::vector<Option>{
           {"micro-batch", "llip", [](auto& s) { s.microBatch = 5; }},
           {"micro-batch of a context", "siglixp", [](auto& s) { s.microBatch = 4; }},
           {"average", "siglip", [](auto& s) { s.ema = 0.9; }},
           {"half average", "siglip", [](auto& s) { s.ema = 0.9, s.halfWeights = true; }},
           {"lock", "clipxp", [](auto& s) { s.lockText = true; }},
           {"blocks", "llip", [](auto& s) { s.lockBlocks = 1, s.ema = 0.5, s.microBatch = 7; }}}) {
    auto settings = smallSettings(option.recipe, kSteps);
    settings.init = "start";
    option.set(settings);
    const auto init = smallStart(option.recipe);
    Watcher straight;
    LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
    for (const int at : {0, 1, 4, 9}) {
      Watcher stopped(at, TrainRequest::Stop), resumed;
      LIX_ASSERT_OK(train(settings, data, init, folder / "out", stopped));
      LIX_ASSERT_OK(resume(data, folder / "out", resumed));
      expectSameRun(folder / "straight", folder / "out", cat(option.name, " stopped at ", at));
    }
  }
}

TEST(Options, AnotherMicroBatchOnResumeIsSaidAndKept) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 6);
  settings.microBatch = 8;
  Watcher first(2, TrainRequest::Stop), same(4, TrainRequest::Stop), other(5, TrainRequest::Stop), last;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", first));
  LIX_ASSERT_OK(resume(data, folder / "out", same));
  EXPECT_TRUE(same.notices.empty());
  LIX_ASSERT_OK(resume(data, folder / "out", other, nullptr, 4));
  ASSERT_EQ(other.notices.size(), 1u);
  expectIn("began with micro-batches of 8 pictures and goes on with 4, as asked", other.notices[0]);
  LIX_ASSERT_OK(resume(data, folder / "out", last, nullptr, 4));
  EXPECT_TRUE(last.notices.empty());  // it is the stored one now
}

TEST(Options, AnotherMicroBatchStaysInLaterResumes) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 6);
  settings.microBatch = 8;
  Watcher first(2, TrainRequest::Stop), other(4, TrainRequest::Stop), plain;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", first));
  LIX_ASSERT_OK(resume(data, folder / "out", other, nullptr, 4));
  EXPECT_EQ(other.notices.size(), 1u);
  EXPECT_EQ(readTrainState(folder / "out")->settings.microBatch, 4);
  LIX_ASSERT_OK(resume(data, folder / "out", plain));
  EXPECT_TRUE(plain.notices.empty());
  EXPECT_EQ(readTrainState(folder / "out")->settings.microBatch, 4);
}

/// Data in which the captions of pictures 7 and 20 hold a word whose embedding overflows the first LayerNorm.
TrainData poisonedData(const fs::path& folder) {
  auto pictures = colourPairs(1);
  for (const std::size_t i : {std::size_t(7), std::size_t(20)}) {
    pictures[i].captions = {{19, std::int32_t(2 + i % 8)}};
  }
  return dataOf(pictures, folder);
}

nn::Checkpoint poisonedStart(const char* recipe) {
  auto start = smallStart(recipe);
  start.model.parameters.at("text_model.embeddings.token_embedding.weight")[19].fill_(1e37)[3].fill_(-1e37);
  return start;
}

TEST(Options, ABatchThatIsNotFiniteIsSkippedAndNamed) {
  const TemporaryFolder folder;
  const TrainData data = poisonedData(folder / "pack");
  for (const char* recipe : {"siglixp", "llip"}) {
    Watcher watcher;
    auto settings = smallSettings(recipe, 8);  // two epochs of four batches: each poisoned caption comes twice
    settings.microBatch = 6;
    LIX_ASSERT_OK(train(settings, data, poisonedStart(recipe), folder / recipe, watcher));
    ASSERT_EQ(watcher.history.size(), 8u);
    int skipped = 0, pictures = 0;
    for (const auto& series : watcher.history) {
      skipped += !series.contains("loss");
      EXPECT_EQ(series.contains("skipped_steps") ? series.at("skipped_steps") : 0.0, skipped);
    }
    EXPECT_GE(skipped, 2);
    EXPECT_LE(skipped, 4);
    ASSERT_EQ(int(watcher.notices.size()), skipped);
    for (const auto& notice : watcher.notices) {
      expectIn("of its 16 captions (caption 1 of 'picture ", notice);
      EXPECT_EQ(notice.find(" pictures ("), std::string::npos) << notice;
      pictures += (notice.find("'picture 7'") != std::string::npos) + (notice.find("'picture 20'") != std::string::npos);
    }
    EXPECT_EQ(pictures, 4);
    for (const auto& [name, value] : weightsOf(folder / recipe)) {
      EXPECT_TRUE(value.isfinite().all().item<bool>()) << name;
    }
  }
}

TEST(Options, SkippedStepsAreCountedOnAcrossAResume) {
  const TemporaryFolder folder;
  const TrainData data = poisonedData(folder / "pack");
  auto settings = smallSettings("siglip", kSteps);
  settings.ema = 0.9;
  const auto init = poisonedStart("siglip");
  Watcher straight;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  EXPECT_GE(straight.history.back().at("skipped_steps"), 2.0);
  for (const int at : {2, 4, 6, 9}) {
    Watcher stopped(at, TrainRequest::Stop), resumed;
    LIX_ASSERT_OK(train(settings, data, init, folder / "out", stopped));
    LIX_ASSERT_OK(resume(data, folder / "out", resumed));
    EXPECT_EQ(resumed.history.back().at("skipped_steps"), straight.history.back().at("skipped_steps"));
    expectSameRun(folder / "straight", folder / "out", cat("stopped at ", at));
  }
}

TEST(Options, TooManySkippedStepsEndTheRun) {
  const TemporaryFolder folder;
  const TrainData data = poisonedData(folder / "pack");
  auto settings = smallSettings("siglip", 40);
  settings.mostSkipped = 3;
  settings.checkpointEvery = 1;
  Watcher watcher;
  const auto end = train(settings, data, poisonedStart("siglip"), folder / "out", watcher);
  ASSERT_FALSE(end.has_value());
  expectIn("is not finite at step ", end.error().message);
  expectIn("After 3 skipped steps, all that --most-skipped allows, the run was stopped", end.error().message);
  EXPECT_EQ(watcher.notices.size(), 3u);
  expectIn("number 3 of the 3 that may be", watcher.notices.back());
  ASSERT_FALSE(watcher.saves.empty());
  EXPECT_EQ(readTrainState(folder / "out")->step, watcher.saves.back());
  LIX_EXPECT_OK(nn::loadCheckpoint(folder / "out"));
}

TEST(Options, NoSkippedStepStopsAtTheFirst) {
  const TemporaryFolder folder;
  const TrainData data = poisonedData(folder / "pack");
  auto settings = smallSettings("siglip", 8);
  settings.mostSkipped = 0;
  Watcher watcher;
  expectIn("After 0 skipped steps",
           messageOf(train(settings, data, poisonedStart("siglip"), folder / "out", watcher)));
  EXPECT_TRUE(watcher.notices.empty());
}

TEST(Options, BadInputIsOneSentence) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  FakeCanary canary;
  Watcher watcher;
  const auto message = [&](nn::Checkpoint init, auto change, Canary* read = nullptr) {
    auto settings = smallSettings("siglip", 3);
    settings.init = "start";
    change(settings);
    return messageOf(train(settings, data, init, folder / "out", watcher, read));
  };
  const auto without = [](const char* key) {
    auto start = smallStart("siglip");
    start.model.parameters.erase(key);
    return start;
  };
  const auto nothing = [](auto&) {};
  expectIn("The checkpoint start has no logit_scale, from which the recipe 'siglip' goes on", message(without("logit_scale"), nothing));
  expectIn("has no logit_bias", message(without("logit_bias"), nothing));
  expectIn("has no logit_bias", message(without("logit_bias"), [](auto& s) { s.recipe = "siglixp"; }));
  expectIn("The image tower has 1 blocks, so that 2 cannot be locked",
           message(smallStart("siglip"), [](auto& s) { s.lockBlocks = 2; }));
  expectIn("The text tower has 1 blocks",
           message(smallStart("siglip"), [](auto& s) { s.lockBlocks = 2, s.lockImage = true; }));
  expectIn("choose one of: canary.prototype, canary.zero_shot",
           message(smallStart("siglip"), [](auto& s) { s.canaryBest = "f1"; }, &canary));
  expectIn("needs a canary", message(smallStart("siglip"), [](auto& s) { s.canaryBest = "canary.zero_shot"; }));
  expectIn("The canary 'cifar10' cannot be read here", message(smallStart("siglip"), [](auto& s) { s.canary = "cifar10"; }));
  EXPECT_FALSE(fs::exists(folder / "out"));
  EXPECT_FALSE(fs::exists(bestFolder(folder / "out")));
  EXPECT_TRUE(watcher.history.empty());
}

}  // namespace
}  // namespace lix::test
