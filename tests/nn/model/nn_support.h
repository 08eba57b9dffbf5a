#pragma once
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "nn/model.h"
#include "nn/ops/tensor.h"
#include "nn/recipe.h"
#include "nn/scorers/scorer.h"

namespace lix::test {

/// A double tensor of the values, row by row.
inline at::Tensor tensorOf(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
  at::Tensor tensor = at::empty(shape, at::kDouble);
  EXPECT_EQ(tensor.numel(), std::int64_t(values.size()));
  std::copy(values.begin(), values.end(), tensor.data_ptr<double>());
  return tensor;
}

/// Standard normal doubles, a pure function of the seed.
inline at::Tensor normals(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  at::Tensor tensor = at::empty(shape, at::kDouble);
  Random random(seed, 7);
  std::generate_n(tensor.data_ptr<double>(), tensor.numel(), [&] { return random.normal(); });
  return tensor;
}

inline double worst(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

inline at::Tensor tensorFrom(const nlohmann::json& part) { return tensorOf(part.at("shape"), part.at("values")); }

/// A model of a few numbers for a recipe: 2 x 2 patches, one block a tower.
inline nn::ModelConfig smallConfig(const nn::Recipe& recipe) {
  const bool siglip = recipe.towers == nn::Towers::Siglip;
  const auto activation = siglip ? nn::Activation::GeluTanh : nn::Activation::QuickGelu;
  nn::ModelConfig config{.towers = recipe.towers,
                         .imageSize = 4,
                         .patch = 2,
                         .vision = {8, 1, 2, 12, activation, siglip ? 1e-6 : 1e-5},
                         .classTokens = siglip ? 0 : 1,
                         .text = {6, 1, 2, 10, activation, siglip ? 1e-6 : 1e-5},
                         .vocabulary = 9,
                         .contextLength = 5,
                         .embedWidth = 8};
  config.head = recipe.head;
  if (recipe.head != nn::ImageHead::Vector) {
    config.classTokens = 3;
  }
  if (recipe.head == nn::ImageHead::LearnedAverage || recipe.head == nn::ImageHead::Mixture) {
    config.mixture = nn::MixtureConfig{.heads = 2, .tau = 0.7, .norms = true};
  }
  return config;
}

/// Every parameter drawn from a normal, so that none is at a special point, in double.
inline nn::Model scrambled(nn::Model model, std::uint64_t seed) {
  for (auto& [name, value] : model.parameters) {
    const double centre =
        name.ends_with("norm.weight") || name.ends_with("norm1.weight") || name.ends_with("norm2.weight") ? 1.0 : 0.0;
    value = (normals(value.sizes().vec(), seed++) * 0.4 + centre).contiguous();
  }
  return model;
}

inline nn::Model inDouble(nn::Model model) {
  for (auto& [name, value] : model.parameters) {
    value = value.to(at::kDouble);
  }
  return model;
}

/// What a scorer makes of a batch, with the model's own scale and, where it has one, bias.
inline at::Tensor logitsOf(const nn::Model& model, const nn::Encoded& batch, const char* scorer) {
  const auto cosines = (*nn::findScorer(scorer))->score({batch, {}}).cosines;
  const auto bias = model.parameters.find("logit_bias");
  const auto logits = cosines * model.parameters.at("logit_scale").exp();
  return bias == model.parameters.end() ? logits : logits + bias->second;
}

/// Token rows that end in the end token 1 and are padded with it.
inline at::Tensor captionIds(const std::vector<std::vector<std::int64_t>>& rows, std::int64_t length) {
  at::Tensor ids = at::empty({std::int64_t(rows.size()), length}, at::kLong);
  ids.fill_(1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy(rows[i].begin(), rows[i].end(), ids.data_ptr<std::int64_t>() + std::int64_t(i) * length);
  }
  return ids;
}

}  // namespace lix::test
