#pragma once
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/abs.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "nn/ops/tensor.h"
#include "study/train/locks.h"
#include "study/train/step.h"
#include "train_support.h"

namespace lix::test {

/// A model with a recipe's scalars in some precision, ready to learn, and a batch for it.
struct Case {
  nn::Recipe recipe;
  nn::Model model;
  at::Tensor pixels, ids;
};

inline Case makeCase(const nn::Recipe& recipe, nn::Model model, at::ScalarType type, int count) {
  nn::addScalars(model, recipe);
  for (auto& [name, value] : model.parameters) {
    value = value.to(type, false, true);
    if (name == "lixp.log_tau") {
      value.fill_(-1.5);  // a context that attends to something
    }
  }
  study::applyLocks({}, model);
  const auto draws = at::make_generator<at::CPUGeneratorImpl>(11);  // the same in every process
  at::Tensor ids = at::randint(2, kWords, {count, kContext}, draws, at::kLong);
  ids.select(1, kContext - 1).fill_(1);
  return {recipe, std::move(model), at::randn({count, 3, kPictureSide, kPictureSide}, draws, type), ids};
}

inline Case makeCase(const std::string& id, at::ScalarType type, int count = 11) {
  const nn::Recipe recipe = *nn::findRecipe(id);
  return makeCase(recipe, smallTowers(recipe), type, count);
}

/// Gradients by name, taken from the model; zero where a weight has none.
inline nn::Parameters takeGradients(nn::Model& model) {
  nn::Parameters gradients;
  for (auto& [name, parameter] : model.parameters) {
    gradients[name] = parameter.grad().defined() ? parameter.grad() : at::zeros_like(parameter).detach();
    parameter.mutable_grad() = at::Tensor();
  }
  return gradients;
}

/// Largest difference of any gradient, relative to its largest entry, or to a tenth of the largest of all where that is
/// more: the bias of a key has no gradient at all but for rounding.
inline double difference(const nn::Parameters& a, const nn::Parameters& b) {
  double scale = 0.0, worst = 0.0;
  for (const auto& [name, value] : a) {
    scale = std::max(scale, value.abs().max().item<double>());
  }
  for (const auto& [name, value] : a) {
    const double own = std::max(value.abs().max().item<double>(), 0.1 * scale);
    worst = std::max(worst, (value - b.at(name)).abs().max().item<double>() / own);
  }
  return worst;
}

}  // namespace lix::test
