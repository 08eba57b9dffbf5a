#include <cmath>

#include "nn/ops/tensor.h"
#include "study/train/recipe_for.h"
#include "study/train/train.h"
#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

double scalarOf(const fs::path& out, const char* key) {
  return nn::loadCheckpoint(out)->model.parameters.at(key).item<double>();
}

TEST(Train, LowersTheLossOfEveryRecipe) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(2), folder / "pack");
  for (const char* recipe : {"siglip", "siglixp", "clip", "clipxp", "llip"}) {
    Watcher watcher;
    auto settings = smallSettings(recipe, 120);
    settings.learningRate = 1e-2;
    settings.minCrop = 1.0;
    const auto end = train(settings, data, smallStart(recipe), folder / recipe, watcher);
    LIX_ASSERT_OK(end);
    EXPECT_EQ(*end, TrainEnd::Done);
    ASSERT_EQ(watcher.history.size(), 120u);
    EXPECT_EQ(watcher.saves, std::vector<int>{120});
    EXPECT_LT(watcher.mean(110, 120), 0.6 * watcher.mean(0, 5)) << recipe;
    for (const char* key : {"loss", "learning_rate", "gradient_norm", "images_per_second"}) {
      EXPECT_TRUE(std::isfinite(watcher.history.back().at(key))) << key;
    }
  }
}

TEST(Train, WritesAWholeFolder) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher watcher;
  auto settings = smallSettings("siglixp", 3);
  settings.seed = 12345678901234567890ULL;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglixp"), folder / "out", watcher));
  for (const char* name : {"config.json", "model.safetensors", "training_state.safetensors", "tokenizer_config.json",
                           "preprocessor_config.json"}) {
    EXPECT_TRUE(fs::exists(folder / "out" / name)) << name;
  }
  const auto checkpoint = nn::loadCheckpoint(folder / "out");
  LIX_ASSERT_OK(checkpoint);
  EXPECT_EQ(checkpoint->recipe, "siglixp");
  EXPECT_EQ(nn::loadPreprocess(folder / "out")->key(), nn::siglipPreprocess(kPictureSide).key());
  const auto state = readTrainState(folder / "out");
  LIX_ASSERT_OK(state);
  EXPECT_EQ(state->step, 3);
  EXPECT_EQ(state->settings.seed, settings.seed);
  EXPECT_EQ(state->cpuCapability, cpuCapability());
  std::size_t left = 0;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    left += entry.path() != folder / "out" && entry.path() != folder / "pack";
  }
  EXPECT_EQ(left, 0u);  // no temporary folders
}

TEST(Train, FromNothingWithThePreset) {
  const TemporaryFolder folder;
  auto pictures = colourPairs(1);
  pictures.resize(8);
  const TrainData data = dataOf(pictures, folder / "pack");
  auto settings = smallSettings("llip", 2);
  const auto config = freshConfig(settings, data.vocabulary, data.contextLength);
  LIX_ASSERT_OK(config);
  EXPECT_EQ(config->vocabulary, kWords);
  EXPECT_EQ(config->contextLength, kContext);
  EXPECT_EQ(config->classTokens, 16);
  EXPECT_EQ(config->imageSize, 64);
  Watcher watcher;
  settings.batch = 4;
  expectIn("have 8 pixels, the model needs 64",
           messageOf(train(settings, data, std::nullopt, folder / "out", watcher)));
  settings.size = "gigantic";
  expectIn("'gigantic'", messageOf(train(settings, data, std::nullopt, folder / "out", watcher)));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST(Train, TheStartIsNotTouched) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto init = smallStart("siglip");
  const auto before = init.model.parameters.at("text_model.head.weight").clone();
  Watcher a, b;
  LIX_ASSERT_OK(train(smallSettings("siglip", 4), data, init, folder / "a", a));
  EXPECT_TRUE(init.model.parameters.at("text_model.head.weight").equal(before));
  EXPECT_FALSE(init.model.parameters.at("text_model.head.weight").requires_grad());
  LIX_ASSERT_OK(train(smallSettings("siglip", 4), data, init, folder / "b", b));
  EXPECT_EQ(fileBytes(folder / "a" / "model.safetensors"), fileBytes(folder / "b" / "model.safetensors"));
}

TEST(Train, SeedAndSettingsDecideTheBytes) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto bytes = [&](auto change) {
    auto settings = smallSettings("siglip", 3);
    change(settings);
    Watcher watcher;
    EXPECT_TRUE(train(settings, data, smallStart("siglip"), folder / "out", watcher).has_value());
    return fileBytes(folder / "out" / "model.safetensors");
  };
  const auto base = bytes([](auto&) {});
  EXPECT_EQ(base, bytes([](auto&) {}));
  EXPECT_NE(base, bytes([](auto& s) { s.seed = 5; }));
  EXPECT_NE(base, bytes([](auto& s) { s.minCrop = 1.0; }));
  EXPECT_NE(base, bytes([](auto& s) { s.flip = true; }));
  EXPECT_NE(base, bytes([](auto& s) { s.clip = 1e-3; }));
  EXPECT_NE(base, bytes([](auto& s) { s.weightDecay = 0.0; }));
  EXPECT_NE(base, bytes([](auto& s) { s.scalarMultiplier = 1.0; }));
}

TEST(Train, PostTrainingAddsFreshScalarsAndKeepsTheLearned) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher first, second, third;
  LIX_ASSERT_OK(train(smallSettings("siglip", 20), data, smallStart("siglip"), folder / "plain", first));
  const auto init = nn::loadCheckpoint(folder / "plain");
  LIX_ASSERT_OK(init);
  EXPECT_FALSE(init->model.parameters.contains("lixp.log_tau"));
  const double scale = scalarOf(folder / "plain", "logit_scale");
  EXPECT_NE(float(scale), float(std::log(10.0)));
  auto settings = smallSettings("siglixp", 2);
  settings.scalarMultiplier = 1e-6;  // so that the scalars stay where they start
  LIX_ASSERT_OK(train(settings, data, *init, folder / "post", second));
  EXPECT_NEAR(scalarOf(folder / "post", "logit_scale"), scale, 1e-4);
  EXPECT_NEAR(scalarOf(folder / "post", "lixp.logit_scale"), std::log(10.0), 1e-4);
  EXPECT_NEAR(scalarOf(folder / "post", "lixp.logit_bias"), -10.0, 1e-4);
  EXPECT_NEAR(second.history[0].at("effective_neighbours"), 0.9 * 15, 0.01);
  // Going on from a context model keeps its temperature.
  const double tau = scalarOf(folder / "post", "lixp.log_tau");
  auto given = *nn::loadCheckpoint(folder / "post");
  given.model.parameters.at("lixp.log_tau").fill_(tau - 2.0);
  LIX_ASSERT_OK(train(settings, data, given, folder / "again", third));
  EXPECT_NEAR(scalarOf(folder / "again", "lixp.log_tau"), tau - 2.0, 1e-4);
}

TEST(Train, AnOwnRecipesFreshTemperatureIsSetToo) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const nlohmann::json recipe{
      {"id", "mine"},
      {"towers", "siglip"},
      {"effective_neighbours_at_start", 0.5},
      {"scalars", {{"logit_scale", 2.0}, {"lixp.my_tau", 0.0}}},
      {"terms",
       {{{"scorer", "context"}, {"reducer", "softmax"}, {"scale", "logit_scale"}, {"temperature", "lixp.my_tau"}}}}};
  LIX_ASSERT_OK(writeFile(folder / "mine.json", recipe.dump()));
  auto settings = smallSettings((folder / "mine.json").string(), 2);
  Watcher watcher;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", watcher));
  EXPECT_NEAR(watcher.history[0].at("effective_neighbours"), 0.5 * 15, 0.01);
  settings.batch = 1;
  expectIn("needs a larger batch than 1",
           messageOf(train(settings, data, smallStart("siglip"), folder / "one", watcher)));
}

TEST(Train, BatchOfOneLeavesTheContextOut) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglixp", 2);
  settings.batch = 1;
  Watcher watcher;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglixp"), folder / "out", watcher));
  EXPECT_FALSE(watcher.history[0].contains("loss.context"));
  EXPECT_NEAR(watcher.history[0].at("loss"), 0.9 * watcher.history[0].at("loss.dot"), 1e-5);
}

TEST(Train, SaysWhenTheContextStaysUniform) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto init = smallStart("siglixp");
  nn::addScalars(init.model, *nn::findRecipe("siglixp"));
  auto settings = smallSettings("siglixp", 6);
  settings.scalarMultiplier = 1e-6;
  const auto notices = [&](double logTau) {
    init.model.parameters.at("lixp.log_tau").fill_(logTau);
    Watcher watcher;
    EXPECT_TRUE(train(settings, data, init, folder / "out", watcher).has_value());
    return watcher.notices;
  };
  const auto uniform = notices(5.0);
  ASSERT_EQ(uniform.size(), 2u);  // half-way and at the end
  expectIn("still uniform at step 3", uniform[0]);
  expectIn("still uniform at step 6", uniform[1]);
  expectIn("of 15", uniform[0]);
  EXPECT_TRUE(notices(-8.0).empty());
  settings.uniformContext = true;  // a placebo is uniform by design
  EXPECT_TRUE(notices(5.0).empty());
}

TEST(Train, SaysThatCaptionsWereCut) {
  const TemporaryFolder folder;
  TrainData data = dataOf(colourPairs(1), folder / "pack");
  data.truncated = 3;
  Watcher watcher;
  LIX_ASSERT_OK(train(smallSettings("siglip", 1), data, smallStart("siglip"), folder / "out", watcher));
  ASSERT_EQ(watcher.notices.size(), 1u);
  expectIn("3 captions are longer than 5 tokens", watcher.notices[0]);
}

TEST(Train, TheObjectiveDecidesWhetherScalesAreClamped) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  // A scale that starts beyond 100 is back there after a step, or it is not. Recipe, towers.
  const auto scaleAfter = [&](const char* id, const char* towers) {
    auto settings = smallSettings(id, 2);
    settings.towers = towers;
    settings.scalarMultiplier = 1e-6;
    const nn::Recipe recipe = *recipeFor(settings);
    nn::Model model = smallTowers(recipe);
    nn::addScalars(model, recipe);
    for (const nn::Term& term : recipe.terms) {
      model.parameters.at(term.scale).fill_(std::log(150.0));
    }
    Watcher watcher;
    const auto end = train(settings, data, nn::Checkpoint{model, "", {}, {}}, folder / "out", watcher);
    EXPECT_TRUE(end.has_value()) << id << " " << towers << ": " << messageOf(end);
    return std::exp(scalarOf(folder / "out", recipe.terms.back().scale.c_str()));
  };
  for (const auto& [id, towers] : {std::pair("clip", ""), {"clip", "siglip"}, {"clipxp", ""}, {"clipxp", "siglip"},
                                   {"llip", ""}, {"llip-ladder/siglip", ""}, {"llip-ladder/average", ""},
                                   {"llip-ladder/registers", ""}, {"llip-ladder/learned-average", ""}}) {
    EXPECT_NEAR(scaleAfter(id, towers), 100.0, 1e-3) << id << " " << towers;
  }
  for (const auto& [id, towers] : {std::pair("siglip", ""), {"siglip", "clip"}, {"siglixp", ""}, {"siglixp", "clip"}}) {
    EXPECT_NEAR(scaleAfter(id, towers), 150.0, 0.1) << id << " " << towers;
  }
}

TEST(Train, ScalesStayBetweenOneAndAHundred) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("clipxp", 12);
  settings.learningRate = 0.05;
  settings.scalarMultiplier = 100.0;  // a logarithm may move by 5 a step
  Watcher watcher;
  LIX_ASSERT_OK(train(settings, data, smallStart("clipxp"), folder / "out", watcher));
  double least = 1e9, greatest = 0.0;
  for (const auto& series : watcher.history) {
    least = std::min({least, series.at("scale.dot"), series.at("scale.context")});
    greatest = std::max({greatest, series.at("scale.dot"), series.at("scale.context")});
  }
  EXPECT_GE(least, 1.0 - 1e-6);
  EXPECT_LE(greatest, 100.0 * (1 + 1e-5));
  EXPECT_TRUE(least < 1.001 || greatest > 99.9) << least << " " << greatest;  // the clamp was at work
}

TEST(Train, AnExplodingRunKeepsItsLastGoodCheckpoint) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  for (const char* recipe : {"siglip", "clip", "llip"}) {
    auto settings = smallSettings(recipe, 40);
    settings.learningRate = 1e10;
    settings.checkpointEvery = 1;
    Watcher watcher;
    const auto end = train(settings, data, smallStart(recipe), folder / recipe, watcher);
    ASSERT_FALSE(end.has_value()) << recipe;
    expectIn("is not finite at step", end.error().message);
    expectIn("Lower the learning rate", end.error().message);
    ASSERT_FALSE(watcher.saves.empty()) << recipe;
    EXPECT_EQ(readTrainState(folder / recipe)->step, watcher.saves.back()) << recipe;
    LIX_EXPECT_OK(nn::loadCheckpoint(folder / recipe));
  }
}

TEST(Train, WhatDoesNotFitIsRefused) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher watcher;
  const auto message = [&](const char* recipe, nn::Checkpoint init, auto change) {
    auto settings = smallSettings(recipe, 3);
    settings.init = "start";
    change(settings);
    return messageOf(train(settings, data, init, folder / "out", watcher));
  };
  const auto nothing = [](auto&) {};
  expectIn("start has other towers than the recipe 'clip'", message("clip", smallStart("siglip"), nothing));
  expectIn("other towers", message("siglixp", smallStart("clip"), nothing));
  expectIn("other towers", message("clip", smallStart("llip"), nothing));
  expectIn("CLIP towers with the head vector, not CLIP towers with the head mixture",
           message("llip", smallStart("clip"), nothing));
  expectIn("too few distinct pairs for one batch of 65",
           message("siglip", smallStart("siglip"), [](auto& s) { s.batch = 65; }));
  expectIn("There is no recipe 'sigleap'",
           message("siglip", smallStart("siglip"), [](auto& s) { s.recipe = "sigleap"; }));
  expectIn("0 steps", message("siglip", smallStart("siglip"), [](auto& s) { s.steps = 0; }));
  const auto with = [](auto change) {
    nn::ModelConfig config = smallStart("siglip").model.config;
    change(config);
    nn::Model model = *nn::makeModel(config, 1);
    nn::addScalars(model, *nn::findRecipe("siglip"));
    return nn::Checkpoint{model, "", {}, {}};
  };
  expectIn("reads 9 tokens of a vocabulary of 20",
           message("siglip", with([](auto& c) { c.contextLength = 9; }), nothing));
  expectIn("vocabulary of 19", message("siglip", with([](auto& c) { c.vocabulary = 19; }), nothing));
  expectIn("have 8 pixels, the model needs 12", message("siglip", with([](auto& c) { c.imageSize = 12; }), nothing));
  EXPECT_EQ(message("siglip", with([](auto& c) { c.vocabulary = 25; }), nothing),
            "");  // room for more words is no harm
}

}  // namespace
}  // namespace lix::test
