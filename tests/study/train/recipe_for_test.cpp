#include <ATen/ops/full.h>

#include <cmath>
#include <cstdlib>

#include "nn/recipe_options.h"
#include "study/train/outlook.h"
#include "study/train/params.h"
#include "study/train/recipe_for.h"
#include "study/train/start.h"
#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;

void refuses(const TrainSettings& settings, const std::string& part) {
  const auto recipe = recipeFor(settings);
  ASSERT_FALSE(recipe.has_value()) << settings.recipe;
  expectIn(part, messageOf(recipe));
}

TEST(RecipeFor, GivesTheRecipeItsOptions) {
  const auto recipe = recipeFor({.recipe = "siglixp",
                                 .towers = "clip",
                                 .alpha = 0.7,
                                 .tauContext = 0.5,
                                 .unmasked = true,
                                 .detachedValues = true,
                                 .rawContext = true,
                                 .sharedScale = true,
                                 .sharedBias = true});
  LIX_ASSERT_OK(recipe);
  EXPECT_EQ(recipe->towers, nn::Towers::Clip);
  const nn::Term& context = recipe->terms[1];
  EXPECT_DOUBLE_EQ(recipe->terms[0].weight, 0.7);
  EXPECT_DOUBLE_EQ(context.weight, 0.3);
  EXPECT_FALSE(context.context.masked || context.context.uniform);
  EXPECT_TRUE(context.context.detachedValues && context.raw);
  EXPECT_EQ(context.scale, "logit_scale");
  EXPECT_EQ(context.bias, "logit_bias");
  EXPECT_EQ(recipe->scalars.size(), 3u);
  const auto placebo = recipeFor({.recipe = "clipxp", .uniformContext = true});
  LIX_ASSERT_OK(placebo);
  EXPECT_TRUE(placebo->terms[1].context.uniform && placebo->terms[1].context.masked);
}

TEST(RecipeFor, PlainSettingsAreThePlainRecipe) {
  for (const nn::Recipe& recipe : nn::recipes()) {
    const auto same = recipeFor({.recipe = recipe.id});
    LIX_ASSERT_OK(same);
    EXPECT_EQ(same->scalars, recipe.scalars) << recipe.id;
    EXPECT_EQ(same->towers, recipe.towers) << recipe.id;
    EXPECT_EQ(same->terms.size(), recipe.terms.size()) << recipe.id;
  }
}

TEST(RecipeFor, AContextSeesOneImageAtTheLeast) {
  refuses({.recipe = "siglixp", .batch = 16, .neighboursAtStart = 0.05}, "0.05 of 15 images");
  refuses({.recipe = "siglixp", .batch = 16, .neighboursAtStart = 0.0625, .unmasked = true}, "0.0625 of 16 images");
  LIX_EXPECT_OK(recipeFor({.recipe = "siglixp", .batch = 16, .neighboursAtStart = 0.07}));
}

TEST(RecipeFor, RefusesWhatTheRecipeHasNoUseFor) {
  refuses({.recipe = "siglip", .tokens = 8}, "'siglip' has no use for --tokens; recipes that take it: llip-ladder/average");
  refuses({.recipe = "clip", .patchTokens = true}, "--patch-tokens");
  refuses({.recipe = "llip-ladder/average", .mixtureHeads = 2}, "llip-ladder/learned-average");
  refuses({.recipe = "llip-ladder/registers", .tau = 2.0}, "--tau");
  refuses({.recipe = "siglixp", .mixtureNorms = true}, "--mixture-norms");
  refuses({.recipe = "llip", .hidden = 64}, "--towers heads");
  refuses({.recipe = "llip", .alpha = 0.5}, "take clipxp or siglixp");
  refuses({.recipe = "llip", .init = "/c", .tokens = 8}, "belongs to a model that starts from nothing");
  refuses({.recipe = "nothing"}, "no recipe 'nothing'");
  LIX_EXPECT_OK(recipeFor({.recipe = "llip", .tokens = 8, .mixtureHeads = 2, .tau = 3, .mixtureNorms = true, .patchTokens = true}));
  LIX_EXPECT_OK(recipeFor({.recipe = "llip", .towers = "heads", .hidden = 64}));
}

TEST(RecipeFor, WhatNeverLearnedCannotBeLocked) {
  refuses({.recipe = "llip", .lockImage = true}, "--lock-image keeps what a checkpoint learned");
  refuses({.recipe = "llip", .lockText = true}, "give --init");
  refuses({.recipe = "siglip", .lockBlocks = 1}, "--lock-blocks");
  LIX_EXPECT_OK(recipeFor({.recipe = "llip", .init = "/c", .lockImage = true, .lockText = true, .lockBlocks = 1}));
  LIX_EXPECT_OK(recipeFor({.recipe = "llip", .ema = 0.99}));
  EXPECT_EQ(onlyWhatApplies({.ema = 0.99}, *nn::findRecipe("llip")).ema, 0.99);
}

TEST(RecipeFor, AGivenContextTemperatureReplacesTheCheckpoints) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto init = smallStart("siglixp");
  init.model.parameters["lixp.log_tau"] = at::full({}, 3.0);
  const auto started = [&](auto change) {
    auto settings = smallSettings("siglixp", 3);
    change(settings);
    return startTraining(settings, *recipeFor(settings), data, init);
  };
  const auto tau = [](const Training& training) { return training.model.parameters.at("lixp.log_tau").item<double>(); };
  const auto kept = started([](auto&) {});
  LIX_ASSERT_OK(kept);
  EXPECT_EQ(tau(*kept), 3.0);
  EXPECT_EQ(kept->temperature, ContextTemperature::Given);
  const auto given = started([](auto& s) { s.tauContext = 0.5; });
  LIX_ASSERT_OK(given);
  EXPECT_NEAR(tau(*given), std::log(0.5), 1e-6);
  EXPECT_EQ(given->temperature, ContextTemperature::Given);
  const auto neighbours = started([](auto& s) { s.neighboursAtStart = 0.5; });
  LIX_ASSERT_OK(neighbours);
  EXPECT_EQ(neighbours->temperature, ContextTemperature::Fresh) << "found by the first batch";
  EXPECT_EQ(init.model.parameters.at("lixp.log_tau").item<double>(), 3.0);
}

TEST(RecipeFor, ARungKeepsOnlyWhatItTakes) {
  const TrainSettings all{.steps = 7, .tokens = 8, .mixtureHeads = 2, .tau = 3, .patchTokens = true};
  const auto of = [&](const char* id) { return onlyWhatApplies(all, *nn::findRecipe(id)); };
  EXPECT_EQ(of("llip-ladder/siglip").tokens, 0);
  EXPECT_EQ(of("llip-ladder/average").tokens, 8);
  EXPECT_EQ(of("llip-ladder/average").tau, 0.0);
  EXPECT_EQ(of("llip-ladder/learned-average").tau, 3.0);
  EXPECT_EQ(toJson(of("llip-ladder/llip")), toJson(all));
  std::vector<std::string> order;
  for (const nn::Recipe& rung : nn::recipesIn("llip-ladder")) {
    order.push_back(rung.id.substr(12));
    TrainSettings settings = onlyWhatApplies(all, rung);
    settings.recipe = rung.id;
    LIX_EXPECT_OK(recipeFor(settings));
  }
  EXPECT_EQ(order, (std::vector<std::string>{"siglip", "registers", "average", "learned-average", "llip"}));
  EXPECT_TRUE(nn::recipesIn("siglip").empty());
  EXPECT_TRUE(nn::recipesIn("").empty());
}

/// What a program reads from the arguments: the fields' own options, each with its value.
TEST(TrainParams, ArgumentsOfEveryFieldGoThereAndBack) {
  ParamValues values;
  for (const TrainField& field : trainFields()) {
    const Param& param = field.param;
    if (std::holds_alternative<bool>(param.value)) {
      values[param.key] = true;
    } else if (std::holds_alternative<std::string>(param.value)) {
      values[param.key] = std::string("a name");
    } else if (std::holds_alternative<long long>(param.value)) {
      values[param.key] = std::get<long long>(param.value) + 1;
    } else {
      values[param.key] = 0.5 * (std::get<double>(param.value) + param.max);
    }
  }
  const auto settings = withParams({.data = "emoji"}, values);
  LIX_ASSERT_OK(settings);
  const auto words = trainArguments(*settings);
  ParamValues read;
  std::size_t at = 5;  // recipe --data emoji --size tiny
  for (const TrainField& field : trainFields()) {
    ASSERT_LT(at, words.size());
    ASSERT_EQ(words[at++], field.option());
    if (std::holds_alternative<bool>(field.param.value)) {
      read[field.param.key] = true;
    } else if (std::holds_alternative<std::string>(field.param.value)) {
      read[field.param.key] = words[at++];
    } else if (std::holds_alternative<long long>(field.param.value)) {
      read[field.param.key] = std::atoll(words[at++].c_str());
    } else {
      read[field.param.key] = std::strtod(words[at++].c_str(), nullptr);
    }
  }
  EXPECT_EQ(at, words.size());
  const auto back = withParams({.data = "emoji"}, read);
  LIX_ASSERT_OK(back);
  EXPECT_EQ(toJson(*back), toJson(*settings));
  const auto kept = settingsFromJson(toJson(*settings));
  LIX_ASSERT_OK(kept);
  EXPECT_EQ(toJson(*kept), toJson(*settings));
}

TEST(TrainParams, OnlyWhatAppliesIsShown) {
  const auto has = [](const char* recipe, TrainStart start, const char* key) {
    const nn::Recipe found = *nn::findRecipe(recipe);
    const auto params = trainParams(start, &found);
    return std::ranges::any_of(params, [&](const Param& param) { return param.key == key; });
  };
  EXPECT_TRUE(has("siglixp", TrainStart::Nothing, "alpha"));
  EXPECT_TRUE(has("siglixp", TrainStart::Nothing, "shared_bias"));
  EXPECT_FALSE(has("clipxp", TrainStart::Nothing, "shared_bias"));
  EXPECT_FALSE(has("siglip", TrainStart::Nothing, "alpha"));
  EXPECT_FALSE(has("siglip", TrainStart::Nothing, "tokens"));
  EXPECT_TRUE(has("llip", TrainStart::Nothing, "tokens"));
  EXPECT_FALSE(has("llip", TrainStart::Checkpoint, "tokens"));  // the checkpoint brings its own
  EXPECT_FALSE(has("llip", TrainStart::Nothing, "lock_image"));
  EXPECT_TRUE(has("llip", TrainStart::Checkpoint, "lock_image"));
  EXPECT_FALSE(has("llip", TrainStart::Nothing, "hidden"));
}

TEST(TrainParams, NumbersOutOfRangeAreSentences) {
  expectIn("Class tokens cannot be 200; it lies between 1 and 128", messageOf(TrainSettings{.tokens = 200}.validate()));
  expectIn("Alpha cannot be 1.5", messageOf(TrainSettings{.alpha = 1.5}.validate()));
  expectIn("Mixing temperature cannot be -1", messageOf(TrainSettings{.tau = -1}.validate()));
  expectIn("Mixing temperature cannot be nan", messageOf(TrainSettings{.tau = std::nan("")}.validate()));
  expectIn("Averaged weights cannot be 1", messageOf(TrainSettings{.ema = 1.0}.validate()));
  expectIn("Canary every cannot be 0", messageOf(TrainSettings{.canaryEvery = 0}.validate()));
  expectIn("cannot be negative", messageOf(TrainSettings{.microBatch = -1}.validate()));
  for (const TrainField& field : trainFields()) {
    if (field.param.key == "tokens") {  // 0 stands for the preset's number, but nobody asks for no token
      expectIn("Class tokens cannot be 0; give --tokens of 1 to 128", messageOf(checkGiven(field, {})));
      LIX_EXPECT_OK(checkGiven(field, {.tokens = 4}));
    }
  }
}

TEST(Outlook, ABatchOfOneAndAUniformContextAreKnown) {
  const auto warnings = [](const TrainSettings& settings) { return settingsWarnings(settings, *recipeFor(settings)); };
  const auto alone = warnings({.recipe = "siglixp", .steps = 5000, .batch = 1});
  ASSERT_EQ(alone.size(), 1u);
  expectIn("the context term is left out", alone[0]);
  EXPECT_TRUE(warnings({.recipe = "siglip", .steps = 5000, .batch = 1}).empty());
  EXPECT_FALSE(warnings({.recipe = "siglixp", .steps = 20}).empty());
  EXPECT_TRUE(warnings({.recipe = "siglixp", .steps = 20, .uniformContext = true}).empty());  // no temperature to move
  EXPECT_TRUE(warnings({.recipe = "siglixp", .steps = 20, .tauContext = 0.1}).empty());
}

}  // namespace
}  // namespace lix::test
