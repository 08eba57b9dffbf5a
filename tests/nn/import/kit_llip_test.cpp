// The released Llip as it is imported, against its reference.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/objective.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
using Tensors = std::map<std::string, at::Tensor>;
using Path = std::filesystem::path;

void checkLlipGradients(Model model, const Tensors& reference) {
  for (auto& [name, value] : model.parameters) {
    value.requires_grad_(true);
  }
  const Encoded batch = encodeBatch(model, reference.at("pixel_values_pil"), reference.at("input_ids"));
  const Loss result = loss(model, *findRecipe("llip"), batch);
  EXPECT_NEAR(result.total.item<double>(), reference.at("loss_tau5").item<double>(), 1e-4);
  result.total.backward();
  const std::pair<const char*, const char*> pairs[] = {
      {"llip.out_proj", "pred.out_proj"},
      {"llip.q_proj", "q_proj"},
      {"llip.k_proj", "k_proj"},
      {"llip.v_proj", "v_proj"},
      {"vision_model.embeddings.class_embedding", "visual.class_embedding"},
      {"logit_scale", "logit_scale"},
      {"logit_bias", "logit_bias"}};
  for (const auto& [ours, theirs] : pairs) {
    EXPECT_LT(worst(model.parameters.at(ours).grad(), reference.at(cat("grad_", theirs))), 2e-5) << ours;
  }
}

void checkLlip(const Path& folder) {
  const auto checkpoint = loadCheckpoint(folder);
  LIX_ASSERT_OK(checkpoint);
  const Model& model = checkpoint->model;
  EXPECT_EQ(model.config.mixture->tau, 5.0);
  const Tensors reference = *loadTensors(folder / "reference.safetensors");
  Encoded batch = encodeBatch(model, reference.at("pixel_values_pil"), reference.at("input_ids"));
  EXPECT_LT(worst(batch.mixture.keys, reference.at("K")), 1e-4);
  EXPECT_LT(worst(batch.mixture.values, reference.at("V")), 1e-4);
  EXPECT_LT(worst(batch.text.query, reference.at("Q")), 1e-4);
  EXPECT_LT(worst(batch.text.embeds, reference.at("zt")), 1e-4);
  EXPECT_LT(worst(logitsOf(model, batch, "mixture"), reference.at("logits_tau5")), 5e-4);
  batch.tau = 1.0;
  EXPECT_LT(worst(logitsOf(model, batch, "mixture"), reference.at("logits_tau1")), 5e-4);
  checkLlipGradients(model, reference);

  // Our own file of the model gives the same numbers, bit for bit.
  const TemporaryFolder temporary;
  LIX_ASSERT_OK(saveModel(model, "llip", temporary.path(), Precision::Float32));
  const auto again = loadCheckpoint(temporary.path());
  LIX_ASSERT_OK(again);
  const Encoded reloaded = encodeBatch(again->model, reference.at("pixel_values_pil"), reference.at("input_ids"));
  EXPECT_EQ(worst(reloaded.mixture.values, batch.mixture.values), 0.0);
  EXPECT_EQ(worst(reloaded.text.query, batch.text.query), 0.0);
}

TEST(KitLlip, TokensLogitsLossAndGradients) {
  LIX_SHARED_OR_SKIP(folder, "parity/llip");
  checkLlip(folder);
}

TEST(KitLlip, WithNorms) {
  LIX_SHARED_OR_SKIP(folder, "parity/llip_norm");
  checkLlip(folder);
}

}  // namespace
}  // namespace lix::test
