#include <gtest/gtest.h>

#include <filesystem>

#include "mixture_reference.h"
#include "nn/checkpoint/checkpoint.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

double apart(const at::Tensor& a, const at::Tensor& b) { return (a - b).abs().max().item<double>(); }

/// Cosines and loss of the released code, from its own keys, values and queries.
void checkKit(const std::filesystem::path& folder) {
  const auto released = loadTensors(folder / "model.safetensors");
  LIX_ASSERT_OK(released);
  const auto reference = loadTensors(folder / "reference.safetensors");
  LIX_ASSERT_OK(reference);
  const auto& r = *reference;
  MixtureBatch batch{.keys = r.at("K"), .values = r.at("V"), .query = r.at("Q"), .texts = unit(r.at("zt"))};
  batch.outProj = released->at("pred.out_proj");
  batch.tau = 5.0;
  const at::Tensor scale = released->at("logit_scale").exp(), bias = released->at("logit_bias");
  for (const MixtureForm form : {MixtureForm::Gram, MixtureForm::Context}) {
    EXPECT_LT(apart(mixtureCosines(batch, form) * scale + bias, r.at("logits_tau5")), 5e-4);
    EXPECT_LT(apart(mixtureSigmoidLoss(batch, scale, bias, form), r.at("loss_tau5")), 1e-4);
    MixtureBatch zeroShot = batch;
    zeroShot.query = r.at("zeroshot_Q");
    zeroShot.texts = unit(r.at("zeroshot_T"));
    EXPECT_LT(apart(mixtureCosines(zeroShot, form), r.at("zeroshot_cosine_tau5")), 1e-5);
  }
}

TEST(MixtureKit, CosinesAndLossOfTheReleasedCode) {
  LIX_SHARED_OR_SKIP(folder, "parity/llip");
  checkKit(folder);
}

TEST(MixtureKit, WithNorms) {
  LIX_SHARED_OR_SKIP(folder, "parity/llip_norm");
  checkKit(folder);
}

}  // namespace
}  // namespace lix::test
