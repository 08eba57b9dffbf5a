#include <gtest/gtest.h>

#include <cmath>

#include "nn/adamw.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

Parameters threeKinds() {
  return {{"matrix", tensorOf({1, 2}, {1, 2}).requires_grad_(true)},
          {"norm", tensorOf({2}, {1, 2}).requires_grad_(true)},
          {"scale", tensorOf({}, {3}).requires_grad_(true)}};
}

void give(Parameters& parameters, const std::string& name, const std::vector<double>& gradient) {
  at::Tensor& parameter = parameters.at(name);
  parameter.mutable_grad() = tensorOf(parameter.sizes().vec(), gradient);
}

TEST(AdamW, FirstStepByHand) {
  // m / (1 - beta1) = g and v / (1 - beta2) = g^2: the first step is lr sign(g) where epsilon is small; only matrices
  // shrink by lr wd.
  Parameters parameters = threeKinds();
  AdamW optimizer(parameters, {"scale"}, {.epsilon = 1e-12, .weightDecay = 0.5});
  give(parameters, "matrix", {4, -0.1});
  give(parameters, "norm", {4, -0.1});
  give(parameters, "scale", {-7});
  optimizer.step(0.01, 20.0);
  EXPECT_LT(worst(parameters.at("matrix"), tensorOf({1, 2}, {1 * (1 - 0.005) - 0.01, 2 * (1 - 0.005) + 0.01})), 1e-9);
  EXPECT_LT(worst(parameters.at("norm"), tensorOf({2}, {0.99, 2.01})), 1e-9);
  EXPECT_LT(worst(parameters.at("scale"), tensorOf({}, {3.2})), 1e-9);
  EXPECT_FALSE(parameters.at("norm").grad().defined());
}

TEST(AdamW, SecondStepByHand) {
  // g = 1 then 3: m = 0.9 0.1 + 0.3 = 0.39, over 1 - 0.81; v = 0.95 0.05 + 0.05 9 = 0.4975, over 1 - 0.9025.
  Parameters parameters{{"x", tensorOf({1}, {0}).requires_grad_(true)}};
  AdamW optimizer(parameters, {}, {.epsilon = 0.1});
  give(parameters, "x", {1});
  optimizer.step(1.0, 1.0);
  EXPECT_NEAR(parameters.at("x").item<double>(), -1 / 1.1, 1e-12);
  give(parameters, "x", {3});
  optimizer.step(0.5, 1.0);
  const double step = 0.39 / 0.19 / (std::sqrt(0.4975 / 0.0975) + 0.1);
  EXPECT_NEAR(parameters.at("x").item<double>(), -1 / 1.1 - 0.5 * step, 1e-12);
}

TEST(AdamW, WithoutGradientNothingMovesAndNoStepIsCounted) {
  Parameters parameters = threeKinds();
  AdamW optimizer(parameters, {"scale"}, {});
  give(parameters, "norm", {1, 1});
  optimizer.step(0.1, 1.0);
  EXPECT_EQ(worst(parameters.at("matrix"), tensorOf({1, 2}, {1, 2})), 0.0);
  EXPECT_EQ(optimizer.state().at("t.matrix").item<double>(), 0.0);
  EXPECT_EQ(optimizer.state().at("t.norm").item<double>(), 1.0);
}

TEST(AdamW, ClipScalesTheJointNorm) {
  Parameters parameters = threeKinds();
  AdamW optimizer(parameters, {"scale"}, {});
  give(parameters, "matrix", {2, 4});
  give(parameters, "norm", {5, 6});
  give(parameters, "scale", {12});
  EXPECT_NEAR(optimizer.clip(0.0), 15.0, 1e-12);  // sqrt(4 + 16 + 25 + 36 + 144)
  EXPECT_EQ(parameters.at("scale").grad().item<double>(), 12.0);
  EXPECT_NEAR(optimizer.clip(20.0), 15.0, 1e-12);
  EXPECT_EQ(parameters.at("scale").grad().item<double>(), 12.0);
  EXPECT_NEAR(optimizer.clip(3.0), 15.0, 1e-12);
  EXPECT_LT(worst(parameters.at("matrix").grad(), tensorOf({1, 2}, {0.4, 0.8})), 1e-12);
  EXPECT_NEAR(optimizer.clip(0.0), 3.0, 1e-12);
}

TEST(AdamW, RestoredStateGoesOnAlike) {
  Parameters a = threeKinds(), b;
  AdamW first(a, {"scale"}, {});
  const auto stepWith = [](Parameters& parameters, AdamW& optimizer, double g) {
    give(parameters, "matrix", {g, -g});
    give(parameters, "norm", {g * g, 1});
    give(parameters, "scale", {g});
    optimizer.step(0.01, 3.0);
  };
  stepWith(a, first, 0.7);
  stepWith(a, first, -1.3);
  for (const auto& [name, value] : a) {
    b.emplace(name, value.detach().clone().requires_grad_(true));
  }
  AdamW second(b, {"scale"}, {});
  std::map<std::string, at::Tensor> state;
  for (const auto& [name, value] : first.state()) {
    state.emplace(name, value.clone());
  }
  LIX_ASSERT_OK(second.restore(state));
  stepWith(a, first, 0.2);
  stepWith(b, second, 0.2);
  for (const auto& [name, value] : a) {
    EXPECT_TRUE(b.at(name).equal(value)) << name;
  }
  state.erase("v.norm");
  EXPECT_NE(messageOf(second.restore(state)).find("'v.norm'"), std::string::npos);
  state["v.norm"] = tensorOf({3}, {0, 0, 0});
  EXPECT_NE(messageOf(second.restore(state)).find("'v.norm'"), std::string::npos);
}

}  // namespace
}  // namespace lix::test
