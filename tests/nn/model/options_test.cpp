#include <ATen/core/grad_mode.h>
#include <ATen/ops/scalar_tensor.h>
#include <gtest/gtest.h>

#include <cmath>

#include "nn/checkpoint/safetensors.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/recipe_options.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

Recipe with(const char* id, const RecipeOptions& options) {
  auto recipe = withOptions(*findRecipe(id), options);
  EXPECT_TRUE(recipe.has_value()) << messageOf(recipe);
  return std::move(*recipe);
}

/// Vectors of six pictures and captions, and the scalars of SigLIxP and CLIPxP, all with gradients.
struct Vectors {
  Encoded batch;
  Model model;

  explicit Vectors(std::int64_t n = 6)
      : batch{.image = normals({n, 5}, 31).requires_grad_(true), .text = {normals({n, 5}, 32).requires_grad_(true), {}}} {
    for (const auto& [key, value] : std::map<std::string, double>{{"logit_scale", 0.9},
                                                                  {"logit_bias", -0.7},
                                                                  {"lixp.logit_scale", 0.4},
                                                                  {"lixp.logit_bias", -0.2},
                                                                  {"lixp.log_tau", -1.2}}) {
      model.parameters.emplace(key, tensorOf({}, {value}).requires_grad_(true));
    }
  }
  Loss of(const Recipe& recipe, LossForm form = LossForm::OnePass) const { return loss(model, recipe, batch, form); }
  at::Tensor gradient(const std::string& key) const { return model.parameters.at(key).grad(); }
};

const RecipeOptions kAll[] = {{},
                              {.alpha = 0.6},
                              {.context = {.masked = false}},
                              {.context = {.uniform = true}},
                              {.context = {.masked = false, .uniform = true}},
                              {.context = {.detachedValues = true}},
                              {.rawContext = true},
                              {.sharedScale = true},
                              {.context = {.masked = false, .detachedValues = true}, .rawContext = true, .sharedScale = true}};

/// Loss and every gradient, by both forms.
TEST(Options, OnePassIsTheComposedForm) {
  for (const char* id : {"siglip", "clip", "siglixp", "clipxp"}) {
    for (const RecipeOptions& options : kAll) {
      if (!hasContext(*findRecipe(id)) && &options != &kAll[0]) {
        continue;
      }
      SCOPED_TRACE(testing::Message() << id << " " << (&options - kAll));
      const Recipe recipe = with(id, options);
      Vectors one, reference;
      const Loss a = one.of(recipe), b = reference.of(recipe, LossForm::Composed);
      EXPECT_NEAR(a.total.item<double>(), b.total.item<double>(), 1e-12);
      for (const auto& [name, value] : b.series) {
        EXPECT_NEAR(a.series.at(name), value, 1e-12) << name;
      }
      a.total.backward();
      b.total.backward();
      EXPECT_LT(worst(one.batch.image.grad(), reference.batch.image.grad()), 1e-12);
      EXPECT_LT(worst(one.batch.text.embeds.grad(), reference.batch.text.embeds.grad()), 1e-12);
      for (const auto& [key, value] : recipe.scalars) {
        ASSERT_TRUE(reference.gradient(key).defined()) << key;
        ASSERT_TRUE(one.gradient(key).defined()) << key;
        EXPECT_LT(worst(one.gradient(key), reference.gradient(key)), 1e-12) << key;
      }
    }
  }
}

TEST(Options, AlphaWeighsTheTerms) {
  const Vectors vectors;
  const auto series = vectors.of(with("siglixp", {.alpha = 0.6})).series;
  EXPECT_NEAR(series.at("loss"), 0.6 * series.at("loss.dot") + 0.4 * series.at("loss.context"), 1e-12);
  EXPECT_NE(series.at("loss"), vectors.of(*findRecipe("siglixp")).series.at("loss"));
}

TEST(Options, ASharedScaleIsOneScalarLessWithTheSumOfBothGradients) {
  const Recipe own = *findRecipe("siglixp"), shared = with("siglixp", {.sharedScale = true, .sharedBias = true});
  EXPECT_EQ(shared.scalars.size() + 2, own.scalars.size());
  EXPECT_FALSE(shared.scalars.contains("lixp.logit_scale") || shared.scalars.contains("lixp.logit_bias"));
  Vectors apart, together;
  for (auto& [key, value] : apart.model.parameters) {  // equal values, so that the losses are equal too
    const at::NoGradGuard noGrad;
    if (key.starts_with("lixp.logit")) {
      value.copy_(apart.model.parameters.at(key.substr(5)));
    }
  }
  const Loss a = apart.of(own), b = together.of(shared);
  EXPECT_NEAR(a.total.item<double>(), b.total.item<double>(), 1e-12);
  a.total.backward();
  b.total.backward();
  for (const std::string key : {"logit_scale", "logit_bias"}) {
    EXPECT_LT(worst(together.gradient(key), apart.gradient(key) + apart.gradient("lixp." + key)), 1e-12) << key;
  }
  EXPECT_FALSE(together.gradient("lixp.logit_scale").defined());
}

TEST(Options, ThePlaceboIsTheMeanOfTheOthers) {
  Vectors vectors;
  const Recipe placebo = with("siglixp", {.context = {.uniform = true}});
  const Loss result = vectors.of(placebo);
  EXPECT_NEAR(result.series.at("effective_neighbours"), 5.0, 1e-12);
  const auto& x = vectors.batch.image;
  const auto mean = (x.sum(0, true) - x) / 5.0;
  const auto cosines = unit(mean).matmul(unit(vectors.batch.text.embeds).t());
  const Term& term = placebo.terms[1];
  const auto scores = term.scorer->score({vectors.batch, at::scalar_tensor(-1.2, at::kDouble), term.context, term.raw});
  EXPECT_LT(worst(scores.cosines, cosines), 1e-12);
  result.total.backward();
  EXPECT_EQ(vectors.gradient("lixp.log_tau").item<double>(), 0.0);  // and no temperature changes it
}

TEST(Options, WithoutAMaskAnImageSeesItself) {
  Vectors vectors;
  const at::NoGradGuard noGrad;
  vectors.model.parameters.at("lixp.log_tau").fill_(std::log(1e-5));  // the nearest alone
  const auto loss = [&](const RecipeOptions& options) { return vectors.of(with("siglixp", options)).series; };
  Vectors same = vectors;
  same.model.parameters.at("lixp.logit_scale") = same.model.parameters.at("logit_scale");
  same.model.parameters.at("lixp.logit_bias") = same.model.parameters.at("logit_bias");
  const auto open = same.of(with("siglixp", {.context = {.masked = false}})).series;
  EXPECT_NEAR(open.at("loss.context"), open.at("loss.dot"), 1e-9);  // which is the image itself
  EXPECT_NEAR(loss({.context = {.masked = false}}).at("effective_neighbours"), 1.0, 1e-9);
  EXPECT_GT(std::abs(loss({}).at("loss.context") - open.at("loss.context")), 1e-3);
}

TEST(Options, DetachedValuesChangeGradientsOnly) {
  Vectors plain, detached;
  const Loss a = plain.of(*findRecipe("siglixp")), b = detached.of(with("siglixp", {.context = {.detachedValues = true}}));
  EXPECT_EQ(a.total.item<double>(), b.total.item<double>());
  a.total.backward();
  b.total.backward();
  EXPECT_GT(worst(plain.batch.image.grad(), detached.batch.image.grad()), 1e-4);
  EXPECT_LT(worst(plain.gradient("lixp.log_tau"), detached.gradient("lixp.log_tau")), 1e-12);
}

TEST(Options, TheStartOfTheTemperature) {
  EXPECT_EQ(with("clipxp", {.neighboursAtStart = 0.5}).effectiveNeighboursAtStart, 0.5);
  const Recipe given = with("siglixp", {.tauContext = 0.25});
  EXPECT_EQ(given.effectiveNeighboursAtStart, 0.0);
  EXPECT_DOUBLE_EQ(given.scalars.at("lixp.log_tau"), std::log(0.25));
  Vectors vectors(16);
  const Recipe open = with("siglixp", {.neighboursAtStart = 0.5, .context = {.masked = false}});
  startTemperature(vectors.model, open, vectors.batch, 0.5);
  EXPECT_NEAR(vectors.of(open).series.at("effective_neighbours"), 8.0, 0.01);  // of all sixteen
  const at::Tensor before = vectors.model.parameters.at("lixp.log_tau").detach().clone();
  startTemperature(vectors.model, with("siglixp", {.context = {.uniform = true}}), vectors.batch, 0.9);
  EXPECT_EQ(worst(vectors.model.parameters.at("lixp.log_tau"), before), 0.0);
}

TEST(Options, TowersOfPlainRecipes) {
  for (const char* id : {"clip", "siglip", "clipxp", "siglixp"}) {
    EXPECT_EQ(with(id, {.towers = "clip"}).towers, Towers::Clip);
    EXPECT_EQ(with(id, {.towers = "siglip"}).towers, Towers::Siglip);
  }
  for (const Recipe& recipe : recipes()) {  // every objective on frozen features
    EXPECT_EQ(with(recipe.id.c_str(), {.towers = "heads"}).towers, Towers::Heads);
    EXPECT_EQ(with(recipe.id.c_str(), {.towers = "clip"}).towers, Towers::Clip);
  }
}

TEST(Options, WhatARecipeHasNoUseForIsRefusedWithThoseThatTakeIt) {
  const auto says = [](const char* id, const RecipeOptions& options, const std::string& part) {
    const auto recipe = withOptions(*findRecipe(id), options);
    ASSERT_FALSE(recipe.has_value()) << id;
    EXPECT_NE(messageOf(recipe).find(part), std::string::npos) << messageOf(recipe);
  };
  for (const char* id : {"llip", "siglip", "clip", "llip-ladder/average"}) {
    says(id, {.alpha = 0.5}, "take clipxp or siglixp");
    says(id, {.rawContext = true}, "take clipxp or siglixp");
    says(id, {.sharedScale = true}, id);
    says(id, {.context = {.uniform = true}}, id);
  }
  says("clipxp", {.sharedBias = true}, "take siglixp");
  says("llip", {.towers = "siglip"}, "take --towers clip or heads");
  says("siglip", {.towers = "resnet"}, "choose siglip, clip or heads");
  says("siglixp", {.alpha = 1.5}, "at most 1");
  says("siglixp", {.alpha = -0.5}, "above 0");
  says("siglixp", {.alpha = std::nan("")}, "alpha is nan");
  says("siglixp", {.neighboursAtStart = 1.0}, "between 0 and 1");
  says("siglixp", {.tauContext = -1.0}, "must be a positive number");
  says("siglixp", {.tauContext = INFINITY}, "must be a positive number");
  says("siglixp", {.neighboursAtStart = 0.5, .tauContext = 1.0}, "give one of");
  says("siglixp", {.tauContext = 1.0, .context = {.uniform = true}}, "leave --neighbours-at-start");
}

/// LIxP on vectors of the shared kit, the context normalised and not.
TEST(Kit, RawAndNormalisedContexts) {
  LIX_SHARED_OR_SKIP(kit, "parity/math");
  const auto tensors = loadTensors(kit / "reference.safetensors");
  LIX_ASSERT_OK(tensors);
  for (const LossForm form : {LossForm::OnePass, LossForm::Composed}) {
    for (const auto& [id, reducer] : {std::pair("siglixp", "sigmoid"), std::pair("clipxp", "softmax")}) {
      for (const bool raw : {false, true}) {
        const std::string name = std::string("lixp_") + reducer + (raw ? "_raw_" : "_norm_");
        Vectors vectors;
        vectors.batch.image = tensors->at("X").clone().requires_grad_(true);
        vectors.batch.text.embeds = tensors->at("T").clone().requires_grad_(true);
        for (const auto& [key, value] : std::map<std::string, double>{{"logit_scale", std::log(10.0)},
                                                                      {"logit_bias", -10.0},
                                                                      {"lixp.logit_scale", std::log(9.0)},
                                                                      {"lixp.logit_bias", -9.0},
                                                                      {"lixp.log_tau", std::log(0.05)}}) {
          const at::NoGradGuard noGrad;
          vectors.model.parameters.at(key).fill_(value);
        }
        const Loss result = vectors.of(with(id, {.rawContext = raw}), form);
        EXPECT_NEAR(result.total.item<double>(), tensors->at(name + "loss").item<double>(), 1e-9) << name;
        result.total.backward();
        EXPECT_LT(worst(vectors.batch.image.grad(), tensors->at(name + "grad_X")), 1e-9) << name;
        EXPECT_LT(worst(vectors.batch.text.embeds.grad(), tensors->at(name + "grad_T")), 1e-9) << name;
        const auto taus = tensors->at(name + "grad_logtaus");
        EXPECT_NEAR(vectors.gradient("logit_scale").item<double>(), taus[0].item<double>(), 1e-9) << name;
        EXPECT_NEAR(vectors.gradient("lixp.logit_scale").item<double>(), taus[1].item<double>(), 1e-9) << name;
        EXPECT_NEAR(vectors.gradient("lixp.log_tau").item<double>(), taus[2].item<double>(), 1e-9) << name;
      }
    }
  }
}

}  // namespace
}  // namespace lix::test
