#include <ATen/core/grad_mode.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "nn/checkpoint/checkpoint.h"
#include "nn/heads.h"
#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

constexpr int kImageFeatures = 5, kTextFeatures = 4;

/// Heads for a recipe: D = 6, 7 wide, two layers; K = 3 tokens of width 4 where it has tokens.
ModelConfig headsFor(ImageHead head) {
  ModelConfig config{.towers = Towers::Heads, .head = head};
  config.embedWidth = 6;
  config.heads = HeadsConfig{.imageFeatures = kImageFeatures, .textFeatures = kTextFeatures, .hidden = 7, .depth = 2};
  if (head != ImageHead::Vector) {
    config.classTokens = 3;
    config.vision.width = 4;
    config.text.width = 5;
  }
  if (head == ImageHead::Mixture || head == ImageHead::LearnedAverage) {
    config.mixture = MixtureConfig{.heads = 2, .tau = 0.7, .norms = true};
  }
  return config;
}

Model scrambledHeads(const Recipe& recipe, std::uint64_t seed) {
  auto made = makeModel(headsFor(recipe.head), seed);
  EXPECT_TRUE(made.has_value()) << messageOf(made);
  Model model = scrambled(std::move(*made), seed);
  addScalars(model, recipe);
  for (const Term& term : recipe.terms) {
    model.parameters.at(term.scale).fill_(0.8);
    if (!term.bias.empty()) {
      model.parameters.at(term.bias).fill_(-0.6);
    }
    if (!term.temperature.empty()) {
      model.parameters.at(term.temperature).fill_(-1.1);
    }
  }
  return inDouble(std::move(model));
}

double geluOf(double x) { return x * 0.5 * (1.0 + std::erf(x / std::sqrt(2.0))); }

TEST(Heads, TwoLayersByHand) {
  Model model{.config = headsFor(ImageHead::Vector)};
  model.config.heads->imageFeatures = 2;
  model.parameters = {{"image_head.layers.0.weight", tensorOf({3, 2}, {1, 0, 0, -1, 2, 1})},
                      {"image_head.layers.0.bias", tensorOf({3}, {0.1, 0.2, -0.3})},
                      {"image_head.layers.1.weight", tensorOf({2, 3}, {2, 1, -1, 0, 3, 0.5})},
                      {"image_head.layers.1.bias", tensorOf({2}, {0, -1})}};
  // (3, 4) has the norm 5; brought to sqrt(2) it is (0.6, 0.8) sqrt(2).
  const double x = 0.6 * std::sqrt(2.0), y = 0.8 * std::sqrt(2.0);
  const double a = geluOf(x + 0.1), b = geluOf(-y + 0.2), c = geluOf(2 * x + y - 0.3);
  const auto expected = tensorOf({1, 2}, {2 * a + b - c, 3 * b + 0.5 * c - 1});
  EXPECT_LT(worst(encodeImages(model, tensorOf({1, 2}, {3, 4})), expected), 1e-14);
  EXPECT_LT(worst(encodeImages(model, tensorOf({1, 2}, {0.03, 0.04})), expected), 1e-14);  // the scale does not matter
}

TEST(Heads, OneLayerIsLinear) {
  ModelConfig config = headsFor(ImageHead::Vector);
  config.heads->depth = 1;
  const Model model = inDouble(scrambled(*makeModel(config, 3), 3));
  const auto rows = normals({4, kTextFeatures}, 8);
  const auto expected =
      at::matmul(rows / rows.norm(2, {1}, true) * 2.0, model.parameters.at("text_head.layers.0.weight").t()) +
      model.parameters.at("text_head.layers.0.bias");
  EXPECT_LT(worst(encodeTexts(model, rows).embeds, expected), 1e-13);
}

TEST(Heads, EveryObjectiveHasGradientsThatAgreeWithFiniteDifferences) {
  const auto images = normals({4, kImageFeatures}, 31), texts = normals({4, kTextFeatures}, 32);
  for (const Recipe& recipe : recipes()) {
    Model model = scrambledHeads(recipe, 5);
    for (auto& [name, value] : model.parameters) {
      value.requires_grad_(true);
    }
    const auto value = [&] { return loss(model, recipe, encodeBatch(model, images, texts)).total; };
    value().backward();
    const at::NoGradGuard noGrad;
    std::uint64_t seed = 100;
    for (auto& [name, parameter] : model.parameters) {
      ASSERT_TRUE(parameter.grad().defined()) << recipe.id << ": " << name;
      const at::Tensor direction = normals(parameter.sizes().vec(), seed++);
      constexpr double kStep = 1e-5;
      parameter.add_(direction, kStep);
      const double above = value().item<double>();
      parameter.sub_(direction, 2 * kStep);
      const double below = value().item<double>();
      parameter.add_(direction, kStep);
      const double expected = (above - below) / (2 * kStep);
      EXPECT_NEAR((parameter.grad() * direction).sum().item<double>(), expected,
                  1e-7 * std::max(1.0, std::abs(expected)))
          << recipe.id << ": " << name;
    }
  }
}

TEST(Heads, FreshOnesKeepTheFeaturesApartAndOfUnitSize) {
  ModelConfig config = headsFor(ImageHead::Vector);
  config.heads = HeadsConfig{.imageFeatures = 512, .textFeatures = 512, .hidden = 512, .depth = 3};
  config.embedWidth = 256;
  const Model model = *makeModel(config, 1);
  const auto out = encodeImages(model, normals({64, 512}, 2).to(at::kFloat));
  const double size = out.pow(2).mean().item<double>();
  EXPECT_GT(size, 0.3);
  EXPECT_LT(size, 3.0);
  const auto cosines = at::matmul(unit(out), unit(out).t());
  EXPECT_LT((cosines.sum().item<double>() - 64.0) / (64.0 * 63.0), 0.5);
}

TEST(Heads, ConfigAndWeightsComeBackBitForBit) {
  for (const ImageHead head :
       {ImageHead::Vector, ImageHead::Registers, ImageHead::Average, ImageHead::LearnedAverage, ImageHead::Mixture}) {
    const TemporaryFolder folder;
    ModelConfig config = headsFor(head);
    config.heads->base = "/somewhere/else";
    config.heads->baseHash = "12ab";
    const Model model = *makeModel(config, 4);
    LIX_ASSERT_OK(saveModel(model, "siglip", folder.path(), Precision::Float32, 4));
    const auto back = loadCheckpoint(folder.path());
    LIX_ASSERT_OK(back);
    const ModelConfig& read = back->model.config;
    EXPECT_EQ(read.towers, Towers::Heads);
    EXPECT_EQ(read.head, head);
    EXPECT_EQ(read.heads->base, "/somewhere/else");
    EXPECT_EQ(configToJson(read, "siglip", 4), configToJson(config, "siglip", 4));
    ASSERT_EQ(back->model.parameters.size(), model.parameters.size());
    for (const auto& [name, value] : model.parameters) {
      EXPECT_TRUE(value.equal(back->model.parameters.at(name))) << name;
    }
  }
}

TEST(Heads, WhatCannotBeIsSaid) {
  const auto message = [](auto change) {
    ModelConfig config = headsFor(ImageHead::Mixture);
    change(config);
    return messageOf(config.validate());
  };
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "got '" << text << "', wanted " << part;
  };
  EXPECT_EQ(message([](ModelConfig&) {}), "");
  has(message([](ModelConfig& c) { c.heads->imageFeatures = 0; }), "widths of the image and text features");
  has(message([](ModelConfig& c) { c.heads->depth = 0; }), "0 layers");
  has(message([](ModelConfig& c) { c.heads->hidden = -1; }), "hidden width of -1");
  has(message([](ModelConfig& c) { c.classTokens = 0; }), "cannot give 0 tokens");
  has(message([](ModelConfig& c) { c.mixture->heads = 4; }), "M = 4 mixing heads cannot share the embedding width 6");
  has(message([](ModelConfig& c) { c.mixture->tau = NAN; }), "must be positive");
  has(message([](ModelConfig& c) { c.mixture->patches = true; }), "no patches");
  has(message([](ModelConfig& c) { c.mixture.reset(); }), "belong to a head that mixes");
  has(message([](ModelConfig& c) { c.head = ImageHead::Vector; }), "have no tokens");
  const auto json = [](const std::string& text) { return messageOf(configFromJson(text, "config.json")); };
  has(json(R"({"model_type": "lix-heads"})"), "does not describe MLP heads");
  has(json(R"({"model_type": "lix-heads", "projection_dim": "x", "heads": {}})"), "does not describe MLP heads");
  std::string text = configToJson(headsFor(ImageHead::Mixture), "llip");
  text.replace(text.find("\"head\": \"mixture\""), 17, "\"head\": \"medusa\"");
  has(json(text), "medusa");
}

TEST(Heads, OnABaseTheySeePicturesAndIdentityKeepsItsCosines) {
  for (const char* id : {"siglip", "clip", "llip"}) {
    const Model base = inDouble(scrambled(*makeModel(smallConfig(*findRecipe(id)), 6), 6));
    const int width = base.config.embedWidth;
    ModelConfig config{.towers = Towers::Heads};
    config.embedWidth = width;
    config.heads = HeadsConfig{.imageFeatures = width, .textFeatures = width, .hidden = 1, .depth = 1};
    Model heads = inDouble(*makeModel(config, 1));
    for (const char* name : {"image_head.layers.0.weight", "text_head.layers.0.weight"}) {
      heads.parameters.at(name) = at::eye(width, at::kDouble);
    }
    const auto pixels = normals({3, 3, 4, 4}, 12), ids = captionIds({{4, 5}, {6, 2, 8}}, 5);
    const auto features = baseImageFeatures(base, pixels);
    heads.base = std::make_shared<const Model>(base);
    std::vector<at::Tensor> attention;
    const auto seen = encodeImages(heads, pixels, &attention);
    EXPECT_EQ(attention.size(), 1u) << id;  // those of the base's only block
    const auto said = encodeTexts(heads, ids).embeds;
    const auto expected = at::matmul(features, unit(encodeTexts(base, ids).embeds).t());
    EXPECT_LT(worst(at::matmul(unit(seen), unit(said).t()), expected), 1e-13) << id;
    heads.base = nullptr;
    EXPECT_LT(worst(encodeImages(heads, features), seen), 1e-13) << id;
  }
}

}  // namespace
}  // namespace lix::test
