#include "heads_support.h"
#include "nn/recipe.h"
#include "study/train/dry_run.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

class HeadsOf : public testing::TestWithParam<std::string> {};

TEST_P(HeadsOf, LearnSaveReloadAndResumeToTheSameBytes) {
  const TemporaryFolder folder;
  const auto data = openTrainData(featureFile(kinds(), folder / "f.safetensors"));
  LIX_ASSERT_OK(data);
  const auto settings = headSettings(GetParam(), 60);
  Onlooker straight, first(23), rest;
  LIX_ASSERT_OK(train(settings, *data, {}, folder / "straight", straight));
  const auto mean = [&](std::size_t from) {
    double sum = 0.0;
    for (std::size_t i = from; i < from + 10; ++i) {
      sum += straight.losses.at(i) / 10;
    }
    return sum;
  };
  EXPECT_LT(mean(50), mean(0) * 0.85) << "the loss does not fall";
  for (const char* absent : {"preprocessor_config.json", "spiece.model", "tokenizer_config.json"}) {
    EXPECT_FALSE(fs::exists(folder / "straight" / absent)) << absent;
  }
  const auto loaded = nn::loadCheckpoint(folder / "straight");
  LIX_ASSERT_OK(loaded);
  EXPECT_EQ(loaded->model.config.towers, nn::Towers::Heads);
  EXPECT_EQ(loaded->model.config.heads->hidden, 16);
  const auto state = *nn::loadTensors(folder / "straight" / "training_state.safetensors");
  for (const auto& [name, value] : loaded->model.parameters) {
    EXPECT_TRUE(value.equal(state.at("p." + name))) << name;
  }
  EXPECT_EQ(*train(settings, *data, {}, folder / "parts", first), TrainEnd::Stopped);
  EXPECT_EQ(*resume(*data, folder / "parts", rest), TrainEnd::Done);
  EXPECT_EQ(rest.losses.size(), 60u - 23u);
  for (const char* file : {"model.safetensors", "training_state.safetensors", "config.json"}) {
    EXPECT_TRUE(*readFile(folder / "straight" / file) == *readFile(folder / "parts" / file)) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, HeadsOf,
                         testing::Values("clip", "siglip", "clipxp", "siglixp", "llip", "llip-ladder/siglip",
                                         "llip-ladder/registers", "llip-ladder/average", "llip-ladder/learned-average"),
                         [](const auto& one) {
                           std::string name = one.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '/'; });
                           return name;
                         });

TEST(HeadsTraining, GoesOnFromHeadsAndIsTriedDry) {
  const TemporaryFolder folder;
  const auto data = openTrainData(featureFile(kinds(), folder / "f.safetensors"));
  LIX_ASSERT_OK(data);
  Onlooker first, second;
  LIX_ASSERT_OK(train(headSettings("siglip", 5), *data, {}, folder / "plain", first));
  auto settings = headSettings("siglixp", 5);
  settings.hidden = settings.embedWidth = 0;
  settings.init = (folder / "plain").string();
  const auto init = nn::loadCheckpoint(folder / "plain");
  LIX_ASSERT_OK(init);
  LIX_ASSERT_OK(train(settings, *data, *init, folder / "context", second));
  EXPECT_TRUE(nn::loadCheckpoint(folder / "context")->model.parameters.contains("lixp.log_tau"));
  const auto tried = dryRun(headSettings("llip", 50), *data, {});
  LIX_ASSERT_OK(tried);
  const auto config = headsConfig(headSettings("llip", 50), *nn::findRecipe("llip"), *data->features);
  LIX_ASSERT_OK(config);
  EXPECT_EQ(tried->parameters, nn::parameterCount(nn::parameterSpecs(*config)));
}

TEST(HeadsTraining, TheSettingsDecideTheHeads) {
  const TemporaryFolder folder;
  const auto data = openTrainData(featureFile(kinds(), folder / "f.safetensors"));
  LIX_ASSERT_OK(data);
  TrainSettings settings;
  const auto usual = headsConfig(settings, *nn::findRecipe("llip"), *data->features);
  LIX_ASSERT_OK(usual);
  EXPECT_EQ(usual->embedWidth, 256);
  EXPECT_EQ(usual->heads->imageFeatures, kWidth);
  EXPECT_EQ(usual->heads->textFeatures, kTextWidth);
  EXPECT_EQ(usual->heads->hidden, 512);
  EXPECT_EQ(usual->heads->depth, 2);
  EXPECT_EQ(usual->classTokens, 4);
  EXPECT_EQ(usual->mixture->heads, 8);
  settings.tokens = 3;
  settings.headDepth = 4;
  settings.mixtureHeads = 2;
  settings.embedWidth = 6;
  const auto own = headsConfig(settings, *nn::findRecipe("llip"), *data->features);
  LIX_ASSERT_OK(own);
  EXPECT_EQ(own->classTokens, 3);
  EXPECT_EQ(own->heads->depth, 4);
  settings.mixtureHeads = 4;
  expectHas(messageOf(headsConfig(settings, *nn::findRecipe("llip"), *data->features)), "M = 4");
  expectHas(messageOf(headsConfig({.tokens = 3}, *nn::findRecipe("siglip"), *data->features)), "K = 3 has no meaning");
}

TEST(HeadsTraining, WhatDoesNotFitIsRefused) {
  const TemporaryFolder folder;
  const auto data = openTrainData(featureFile(kinds(), folder / "f.safetensors", {{"base", "/b"}, {"base_hash", "1"}}));
  LIX_ASSERT_OK(data);
  Onlooker watcher;
  auto towers = headSettings("siglip", 5);
  towers.towers.clear();
  towers.hidden = towers.embedWidth = 0;
  expectHas(messageOf(train(towers, *data, {}, folder / "out", watcher)), "give --towers heads");
  auto tooLarge = headSettings("siglip", 5);
  tooLarge.batch = kKinds + 1;
  expectHas(messageOf(train(tooLarge, *data, {}, folder / "out", watcher)), "24 different captions");
  LIX_ASSERT_OK(train(headSettings("siglip", 3), *data, {}, folder / "heads", watcher));
  const auto init = nn::loadCheckpoint(folder / "heads");
  LIX_ASSERT_OK(init);
  auto again = headSettings("siglip", 3);
  again.init = (folder / "heads").string();
  again.hidden = again.embedWidth = 0;
  auto tensors = kinds();
  const auto elsewhere =
      openTrainData(featureFile(tensors, folder / "g.safetensors", {{"base", "/c"}, {"base_hash", "2"}}));
  expectHas(messageOf(train(again, *elsewhere, *init, folder / "out", watcher)), "come from other weights");
  tensors["text_features"] = randomRows(3 * kKinds, 5, 9);
  const auto narrow = openTrainData(featureFile(tensors, folder / "h.safetensors", {{"base_hash", "1"}}));
  expectHas(messageOf(train(again, *narrow, *init, folder / "out", watcher)), "has 12 and 5");
  expectHas(messageOf(resume(*elsewhere, folder / "heads", watcher)), "began with other data");
  EXPECT_FALSE(fs::exists(folder / "out"));
}

}  // namespace
}  // namespace lix::test
