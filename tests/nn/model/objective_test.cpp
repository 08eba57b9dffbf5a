#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

Model smallModel(const Recipe& recipe, std::uint64_t seed) {
  auto model = makeModel(smallConfig(recipe), seed);
  EXPECT_TRUE(model.has_value()) << messageOf(model);
  Model moved = scrambled(std::move(*model), seed);
  addScalars(moved, recipe);
  return inDouble(std::move(moved));
}

at::Tensor smallPixels(std::int64_t n) { return normals({n, 3, 4, 4}, 99); }
at::Tensor smallIds() { return captionIds({{4, 5}, {6, 2, 8}, {3}, {7, 7, 2, 5}}, 5); }

/// Checks some entries of each parameter and one random direction through it: (f(p + h) - f(p - h)) / 2h.
void checkGradients(const Recipe& recipe) {
  Model model = smallModel(recipe, 5);
  for (const Term& term : recipe.terms) {  // away from the saturated first values, where every gradient is nearly zero
    model.parameters.at(term.scale).fill_(0.8);
    if (!term.bias.empty()) {
      model.parameters.at(term.bias).fill_(-0.6);
    }
    if (!term.temperature.empty()) {
      model.parameters.at(term.temperature).fill_(-1.1);
    }
  }
  for (auto& [name, value] : model.parameters) {
    value.requires_grad_(true);
  }
  const auto pixels = smallPixels(4), ids = smallIds();
  const auto value = [&] { return loss(model, recipe, encodeBatch(model, pixels, ids)).total; };
  value().backward();
  const at::NoGradGuard noGrad;
  Random random(3, 4);
  constexpr double kStep = 1e-5;
  for (auto& [name, parameter] : model.parameters) {
    ASSERT_TRUE(parameter.grad().defined()) << recipe.id << ": " << name;
    const auto along = [&](const at::Tensor& direction) {
      parameter.add_(direction, kStep);
      const double above = value().item<double>();
      parameter.sub_(direction, 2 * kStep);
      const double below = value().item<double>();
      parameter.add_(direction, kStep);
      return (above - below) / (2 * kStep);
    };
    const auto check = [&](const at::Tensor& direction) {
      const double expected = along(direction), got = (parameter.grad() * direction).sum().item<double>();
      EXPECT_NEAR(got, expected, 1e-7 * std::max(1.0, std::abs(expected))) << recipe.id << ": " << name;
    };
    for (int i = 0; i < std::min<std::int64_t>(4, parameter.numel()); ++i) {
      at::Tensor direction = parameter * 0.0;
      direction.view({-1}).select(0, std::int64_t(random.below(std::uint64_t(parameter.numel())))).fill_(1.0);
      check(direction);
    }
    check(normals(parameter.sizes().vec(), random.next()));
  }
}

TEST(Objective, GradientsAgreeWithFiniteDifferences) {
  ASSERT_GE(recipes().size(), 5u);
  for (const Recipe& recipe : recipes()) {
    checkGradients(recipe);
  }
}

TEST(Objective, PermutingThePairsLeavesTheLoss) {
  for (const Recipe& recipe : recipes()) {
    const Model model = smallModel(recipe, 6);
    const auto pixels = smallPixels(4), ids = smallIds();
    const Loss before = loss(model, recipe, encodeBatch(model, pixels, ids));
    const Loss after = loss(model, recipe, encodeBatch(model, pixels.flip(0), ids.flip(0)));
    const Loss wrong = loss(model, recipe, encodeBatch(model, pixels.flip(0), ids));
    EXPECT_NEAR(before.total.item<double>(), after.total.item<double>(), 1e-10) << recipe.id;
    EXPECT_GT(std::abs(before.total.item<double>() - wrong.total.item<double>()), 1e-4) << recipe.id;
  }
}

TEST(Objective, SeriesNameTermsAndAddUp) {
  const Recipe recipe = *findRecipe("siglixp");
  const Model model = smallModel(recipe, 7);
  const Loss result = loss(model, recipe, encodeBatch(model, smallPixels(4), smallIds()));
  const auto& series = result.series;
  EXPECT_NEAR(series.at("loss"), 0.9 * series.at("loss.dot") + 0.1 * series.at("loss.context"), 1e-12);
  EXPECT_NEAR(series.at("loss"), result.total.item<double>(), 0.0);
  EXPECT_NEAR(series.at("scale.dot"), 10.0, 1e-5);
  EXPECT_NEAR(series.at("bias.context"), -10.0, 1e-5);
  EXPECT_NEAR(series.at("tau_ctx"), 1.0, 1e-6);
  EXPECT_GT(series.at("effective_neighbours"), 1.0);
  EXPECT_LE(series.at("effective_neighbours"), 3.0 + 1e-9);
}

/// Loss, series and the gradients of all weights, of every recipe, by both forms.
TEST(Objective, OnePassIsTheComposedForm) {
  for (const Recipe& recipe : recipes()) {
    const auto gradients = [&](LossForm form, Loss& result) {
      Model model = smallModel(recipe, 17);
      for (const Term& term : recipe.terms) {
        model.parameters.at(term.scale).fill_(0.8);
      }
      for (auto& [name, value] : model.parameters) {
        value.requires_grad_(true);
      }
      result = loss(model, recipe, encodeBatch(model, smallPixels(4), smallIds()), form);
      result.total.backward();
      return model.parameters;
    };
    Loss one, composed;
    const Parameters a = gradients(LossForm::OnePass, one), b = gradients(LossForm::Composed, composed);
    EXPECT_EQ(one.series.size(), composed.series.size()) << recipe.id;
    for (const auto& [name, value] : composed.series) {
      EXPECT_NEAR(one.series.at(name), value, 1e-12) << recipe.id << ": " << name;
    }
    for (const auto& [name, value] : b) {
      ASSERT_TRUE(a.at(name).grad().defined()) << recipe.id << ": " << name;
      EXPECT_LT(worst(a.at(name).grad(), value.grad()), 1e-12 * std::max(1.0, value.grad().abs().max().item<double>()))
          << recipe.id << ": " << name;
    }
  }
}

TEST(Objective, MixtureSeriesByHand) {
  // One head, four tokens. Two captions: the first weighs all alike, the second the first token only. Entropies ln 4
  // and 0; means (5/8, 1/8, 1/8, 1/8), of which none is below 1/40.
  const Recipe recipe = *findRecipe("llip");
  Model model;
  addScalars(model, recipe);
  Encoded batch;
  batch.mixture.keys = tensorOf({1, 1, 4, 2}, {1, 0, 0, 0, 0, 0, 0, 0});
  batch.mixture.values = normals({1, 1, 4, 2}, 3);
  batch.mixture = {batch.mixture.keys.expand({2, 1, 4, 2}).contiguous(), batch.mixture.values.expand({2, 1, 4, 2}).contiguous()};
  batch.text = {normals({2, 2}, 4), tensorOf({2, 1, 2}, {0, 7, 1000, 7})};
  batch.outProj = normals({2, 2}, 5);
  auto series = loss(inDouble(model), recipe, batch).series;
  EXPECT_NEAR(series.at("mixture_entropy"), 0.5, 1e-12);
  EXPECT_EQ(series.at("dead_tokens"), 0.0);
  // Both captions see the first token alone: three of four are dead.
  batch.text.query = tensorOf({2, 1, 2}, {1000, 0, 1000, 7});
  series = loss(inDouble(model), recipe, batch).series;
  EXPECT_NEAR(series.at("mixture_entropy"), 0.0, 1e-12);
  EXPECT_EQ(series.at("dead_tokens"), 0.75);
  EXPECT_FALSE(series.contains("tau_ctx"));
}

TEST(Objective, OneImageHasNoContext) {
  const Recipe recipe = *findRecipe("siglixp");
  const Model model = smallModel(recipe, 8);
  const Encoded batch = encodeBatch(model, smallPixels(1), smallIds().narrow(0, 0, 1));
  const Loss result = loss(model, recipe, batch);
  EXPECT_FALSE(result.series.contains("loss.context"));
  EXPECT_FALSE(result.series.contains("effective_neighbours"));
  EXPECT_NEAR(result.series.at("loss"), 0.9 * result.series.at("loss.dot"), 1e-12);
}

TEST(Objective, StartTemperatureReachesTheShare) {
  const Recipe recipe = *findRecipe("clipxp");
  EXPECT_EQ(recipe.effectiveNeighboursAtStart, 0.9);
  Model model = smallModel(recipe, 9);
  for (const double share : {0.3, 0.6, 0.9, 0.99}) {
    Encoded batch{.image = normals({32, 8}, 21), .text = {normals({32, 8}, 22), {}}};
    startTemperature(model, recipe, batch, share);
    EXPECT_NEAR(loss(model, recipe, batch).series.at("effective_neighbours"), share * 31, 0.02) << share;
  }
}

TEST(Objective, FreshScalarsHaveTheRecipesValuesAndTheFilesShapes) {
  const Recipe plain = *findRecipe("siglip"), context = *findRecipe("siglixp");
  Model model = *makeModel(smallConfig(plain), 1);
  EXPECT_FALSE(model.parameters.contains("logit_scale"));
  addScalars(model, plain);
  EXPECT_EQ(model.parameters.at("logit_scale").sizes().vec(), std::vector<std::int64_t>{1});
  EXPECT_FLOAT_EQ(model.parameters.at("logit_scale").item<float>(), float(std::log(10.0)));
  EXPECT_FLOAT_EQ(model.parameters.at("logit_bias").item<float>(), -10.0f);
  model.parameters.at("logit_scale").fill_(3.0);
  addScalars(model, context);
  EXPECT_EQ(model.parameters.at("logit_scale").item<float>(), 3.0f);  // what was learned stays
  EXPECT_TRUE(model.parameters.at("lixp.log_tau").sizes().empty());
  EXPECT_FLOAT_EQ(model.parameters.at("lixp.logit_bias").item<float>(), -10.0f);
  Model clip = *makeModel(smallConfig(*findRecipe("clip")), 1);
  addScalars(clip, *findRecipe("clip"));
  EXPECT_TRUE(clip.parameters.at("logit_scale").sizes().empty());
  EXPECT_NEAR(clip.parameters.at("logit_scale").exp().item<double>(), 1 / 0.07, 1e-4);
  EXPECT_FALSE(clip.parameters.contains("logit_bias"));
}

TEST(Objective, CutCaptionsChangeOnlyTowersThatSeePadding) {
  for (const Recipe& recipe : recipes()) {
    const Model model = smallModel(recipe, 10);
    const auto ids = captionIds({{4, 5}, {3}, {6}}, 5);  // the longest holds 3 tokens with its end
    const auto whole = encodeTexts(model, ids), cut = encodeTexts(model, ids.narrow(1, 0, 3));
    const bool causal = model.config.trimsCaptions();
    EXPECT_EQ(causal, recipe.towers == Towers::Clip) << recipe.id;
    if (causal) {
      EXPECT_LT(worst(whole.embeds, cut.embeds), 1e-12) << recipe.id;
    } else {
      EXPECT_GT(worst(unit(whole.embeds), unit(cut.embeds)), 1e-3) << recipe.id;
    }
  }
}

TEST(Objective, EndTokenTwoMeansTheGreatestId) {
  const Recipe recipe = *findRecipe("clip");
  Model model = smallModel(recipe, 11);
  const auto ids = captionIds({{4, 8, 2}}, 5);  // id 8 at position 1, id 2 at 2, id 1 from 3 on
  const auto pooled = [&](int eos) {
    model.config.eosId = eos;
    return encodeTexts(model, ids).embeds;
  };
  EXPECT_EQ(worst(pooled(2), pooled(8)), 0.0);
  EXPECT_GT(worst(pooled(2), pooled(1)), 1e-3);
  EXPECT_EQ(worst(pooled(3), pooled(4)), 0.0);  // an id that is nowhere: the first row
}

TEST(Objective, TracedAttentionGivesTheSameEmbeddings) {
  for (const Recipe& recipe : recipes()) {
    const Model model = smallModel(recipe, 12);
    std::vector<at::Tensor> attention;
    const auto traced = encodeImages(model, smallPixels(2), &attention);
    EXPECT_LT(worst(traced, encodeImages(model, smallPixels(2))), 1e-12) << recipe.id;
    ASSERT_EQ(attention.size(), 1u);
    EXPECT_LT((attention[0].sum(-1) - 1.0).abs().max().item<double>(), 1e-12) << recipe.id;
    EXPECT_EQ(attention[0].size(1), 4 + model.config.classTokens) << recipe.id;
  }
}

TEST(Objective, PooledEmbeddingIsTheUniformMixture) {
  const Recipe recipe = *findRecipe("llip");
  const Model model = smallModel(recipe, 13);
  const auto tokens = encodeImages(model, smallPixels(3));
  Encoded batch = encodeBatch(model, smallPixels(3), smallIds().narrow(0, 0, 3));
  batch.tau = 1e12;  // any query then weighs all tokens alike
  const auto cosines = (*findScorer("mixture"))->score({batch, {}}).cosines;
  EXPECT_LT(worst(pooledEmbedding(model, tokens).matmul(unit(batch.text.embeds).t()), cosines), 1e-9);
}

TEST(Objective, PixelsBeyondTheLastPatchAreDropped) {
  const Recipe recipe = *findRecipe("siglip");
  ModelConfig config = smallConfig(recipe);
  config.imageSize = 5;  // 5 / 2: a grid of 2 and a rest of one pixel
  const Model model = inDouble(*makeModel(config, 3));
  const auto pixels = normals({2, 3, 5, 5}, 4);
  const auto before = encodeImages(model, pixels);
  auto changed = pixels.clone();
  changed.narrow(2, 4, 1).fill_(7.0);
  EXPECT_EQ(worst(before, encodeImages(model, changed)), 0.0);
  changed.narrow(2, 3, 1).fill_(7.0);
  EXPECT_GT(worst(before, encodeImages(model, changed)), 1e-6);
}

TEST(Model, DrawingIsAPureFunctionOfSeedAndName) {
  const ModelConfig config = smallConfig(*findRecipe("llip"));
  const Model a = *makeModel(config, 1), b = *makeModel(config, 1), c = *makeModel(config, 2);
  for (const auto& [name, value] : a.parameters) {
    EXPECT_EQ(worst(value, b.parameters.at(name)), 0.0) << name;
  }
  EXPECT_GT(worst(a.parameters.at("llip.k_proj"), c.parameters.at("llip.k_proj")), 0.1);
  EXPECT_EQ(parameterCount(parameterSpecs(config)), [&] {
    std::int64_t sum = 0;
    for (const auto& [name, value] : a.parameters) {
      sum += value.numel();
    }
    return sum;
  }());
}

TEST(Model, InitialSpreadFollowsThePaper) {
  ModelConfig config = smallConfig(*findRecipe("llip"));
  config.vision.width = 64;
  config.vision.heads = 2;
  const Model model = *makeModel(config, 4);
  const auto spread = [&](const char* name) { return model.parameters.at(name).std().item<double>(); };
  EXPECT_NEAR(spread("llip.k_proj"), 0.125, 0.01);  // W^-0.5
  EXPECT_NEAR(spread("vision_model.embeddings.position_embedding.weight"), 0.125, 0.02);
  EXPECT_NEAR(spread("text_model.embeddings.token_embedding.weight"), 0.02, 0.005);
  EXPECT_EQ(model.parameters.at("vision_model.pre_layrnorm.weight").min().item<float>(), 1.0f);
  EXPECT_EQ(model.parameters.at("text_model.encoder.layers.0.mlp.fc1.bias").abs().max().item<float>(), 0.0f);
}

}  // namespace
}  // namespace lix::test
