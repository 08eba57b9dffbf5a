#include <gtest/gtest.h>

#include <cmath>

#include "base/file.h"
#include "nn/adamw.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/objective.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

nlohmann::json referenceJson() { return nlohmann::json::parse(*readFile(fixtures() / "nn" / "reference.json")); }

TEST(Fixture, LossesAndEveryGradient) {
  for (const auto& one : referenceJson().at("losses")) {
    const std::string name = one.at("name");
    Parameters in;
    for (const auto& [key, value] : one.at("inputs").items()) {
      in.emplace(key, tensorFrom(value).requires_grad_(true));
    }
    Encoded batch{.text = {in.at("text"), {}}, .tau = one.value("tau", 1.0)};
    if (in.contains("image")) {
      batch.image = in.at("image");
    } else {
      batch.mixture = {in.at("keys"), in.at("values")};
      batch.text.query = in.at("query");
      batch.outProj = in.at("out_proj");
    }
    const Scorer& scorer = **findScorer(one.at("scorer").get<std::string>());
    const auto cosines = scorer.score({batch, scorer.learnsTemperature ? in.at("log_tau") : at::Tensor()}).cosines;
    const auto loss =
        (*findReducer(one.at("reducer").get<std::string>()))->loss(cosines * in.at("scale").exp() + in.at("bias"));
    EXPECT_LT(worst(cosines.flatten(), tensorOf({cosines.numel()}, one.at("cosines"))), 1e-12) << name;
    EXPECT_NEAR(loss.item<double>(), one.at("loss").get<double>(), 1e-12) << name;
    loss.backward();
    for (const auto& [key, gradient] : one.at("gradients").items()) {
      EXPECT_LT(worst(in.at(key).grad(), tensorFrom(gradient)), 1e-11) << name << ": " << key;
    }
  }
}

TEST(Fixture, AdamWSteps) {
  const auto reference = referenceJson().at("adamw");
  Parameters parameters;
  for (const auto& [key, value] : reference.at("start").items()) {
    parameters.emplace(key, tensorFrom(value).requires_grad_(true));
  }
  AdamW optimizer(parameters, {"logit_scale"}, {.beta1 = 0.9, .beta2 = 0.95, .epsilon = 1e-8, .weightDecay = 0.1});
  for (std::size_t step = 0; step < reference.at("rates").size(); ++step) {
    for (auto& [key, value] : parameters) {
      value.mutable_grad() = tensorFrom(reference.at("gradients")[step].at(key));
    }
    optimizer.step(reference.at("rates")[step], reference.at("multiplier"));
  }
  for (const auto& [key, value] : parameters) {
    EXPECT_LT(worst(value, tensorFrom(reference.at("end").at(key))), 1e-12) << key;
    EXPECT_LT(worst(optimizer.state().at("m." + key), tensorFrom(reference.at("m").at(key))), 1e-12) << key;
    EXPECT_LT(worst(optimizer.state().at("v." + key), tensorFrom(reference.at("v").at(key))), 1e-12) << key;
  }
}

/// SigLIP and CLIP of the shared kit (scale 11, bias -8), and LIxP (alpha 0.9, scales 10 and 9, tau 0.05, biases -10
/// and -9).
TEST(Kit, LossesOfVectors) {
  LIX_SHARED_OR_SKIP(kit, "parity/math");
  const auto tensors = loadTensors(kit / "reference.safetensors");
  LIX_ASSERT_OK(tensors);
  const auto check = [&](const std::string& recipeId, double scale, double bias, const std::string& lossName,
                         const std::string& gradients) {
    const Recipe recipe = *findRecipe(recipeId);
    Model model;
    const std::map<std::string, double> values{{"logit_scale", std::log(scale)},
                                               {"logit_bias", bias},
                                               {"lixp.logit_scale", std::log(9.0)},
                                               {"lixp.logit_bias", -9.0},
                                               {"lixp.log_tau", std::log(0.05)}};
    for (const auto& [key, value] : values) {
      model.parameters.emplace(key, tensorOf({}, {value}).requires_grad_(true));
    }
    Encoded batch{.image = tensors->at("X").clone().requires_grad_(true),
                  .text = {tensors->at("T").clone().requires_grad_(true), {}}};
    const Loss result = loss(model, recipe, batch);
    EXPECT_NEAR(result.total.item<double>(), tensors->at(lossName).item<double>(), 1e-9) << recipeId;
    if (gradients.empty()) {
      return;
    }
    result.total.backward();
    EXPECT_LT(worst(batch.image.grad(), tensors->at(gradients + "X")), 1e-9) << recipeId;
    EXPECT_LT(worst(batch.text.embeds.grad(), tensors->at(gradients + "T")), 1e-9) << recipeId;
    const auto gradient = [&](const char* key) { return model.parameters.at(key).grad(); };
    EXPECT_LT(worst(at::stack({gradient("logit_scale"), gradient("lixp.logit_scale"), gradient("lixp.log_tau")}),
                    tensors->at(gradients + "logtaus")),
              1e-9)
        << recipeId;
    if (tensors->contains(gradients + "biases")) {
      EXPECT_LT(
          worst(at::stack({gradient("logit_bias"), gradient("lixp.logit_bias")}), tensors->at(gradients + "biases")),
          1e-9);
    }
  };
  check("siglip", 11, -8, "siglip_loss", "");
  check("clip", 11, 0, "clip_loss", "");
  check("siglixp", 10, -10, "lixp_sigmoid_norm_loss", "lixp_sigmoid_norm_grad_");
  check("clipxp", 10, 0, "lixp_softmax_norm_loss", "lixp_softmax_norm_grad_");
}

}  // namespace
}  // namespace lix::test
