// What the doctor says of a checkpoint of the project, and of the same one damaged on purpose.
#include "doctor_support.h"

#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"

namespace lix::study::doctor {
namespace {
namespace fs = std::filesystem;
using namespace testing_support;
using nlohmann::json;

constexpr const char* kMatrix = "text_model.encoder.layers.0.mlp.fc1.weight";

/// A copy of a shipped checkpoint that a test may spoil.
class Doctor : public testing::Test {
 protected:
  void SetUp() override { fs::copy(shipped("siglip-tiny-emoji"), at(), fs::copy_options::recursive); }
  fs::path at() const { return folder_ / "model"; }
  void config(const std::function<void(json&)>& change) const {
    json whole = json::parse(*readFile(at() / "config.json"));
    change(whole);
    LIX_ASSERT_OK(writeFile(at() / "config.json", whole.dump()));
  }
  void weights(const std::function<void(std::map<std::string, at::Tensor>&)>& change) const {
    auto tensors = *nn::loadTensors(at() / "model.safetensors");
    change(tensors);
    LIX_ASSERT_OK(nn::saveTensors(at() / "model.safetensors", tensors, {{"format", "pt"}}));
  }

  test::TemporaryFolder folder_;
};

TEST_F(Doctor, SaysWhatACheckpointIsAndWhereItKnowsItFrom) {
  const Report report = examined(at());
  EXPECT_EQ(report.subject, Subject::Checkpoint);
  EXPECT_EQ(report.verdict, Verdict::Ready) << toText(report);
  EXPECT_EQ(report.title, "SigLIP in transformers' layout");
  EXPECT_EQ(valueOf(report, "image tower: activation"), "gelu_pytorch_tanh (tanh GELU)");
  EXPECT_EQ(valueOf(report, "image tower: activation", &Fact::source), "config.json: vision_config.hidden_act");
  EXPECT_EQ(valueOf(report, "text tower: attention mask"), "none: every token sees every token");
  EXPECT_EQ(valueOf(report, "text tower: pooling"), "last position, padding or not");
  EXPECT_EQ(valueOf(report, "tokenizer"), "SentencePiece");
  EXPECT_EQ(valueOf(report, "capital letters"), "made lower case");
  EXPECT_EQ(valueOf(report, "punctuation"), "deleted");
  EXPECT_EQ(valueOf(report, "size", &Fact::source), "preprocessor_config.json");
  EXPECT_EQ(valueOf(report, "missing"), "0");
  EXPECT_EQ(report.pairs.size(), 8u);
  const double scale = *toReal(valueOf(report, "logit_scale"));
  EXPECT_NEAR(*toReal(valueOf(report, "exp(logit_scale)")), std::exp(scale), 1e-3 * std::exp(scale));
}

TEST_F(Doctor, EveryMistakeIsReallyMadeAndHasASize) {
  const Report report = examined(at());
  ASSERT_GE(report.mistakes.size(), 17u);
  for (const Mistake& one : report.mistakes) {
    SCOPED_TRACE(one.name);
    EXPECT_TRUE(one.reason.empty()) << one.reason;
    EXPECT_GT(one.logit, 0.0);
    const bool scores = one.id == "missing_bias" || one.id == "raw_scale";
    EXPECT_EQ(one.component > 0.0, !scores);
    EXPECT_LE(one.cosineLeast, one.cosineMean);
    EXPECT_LT(std::abs(one.cosineMean), 1.0 + 1e-12);
  }
  EXPECT_GT(mistake(report, "activation_family")->component, 5 * mistake(report, "gelu_form")->component);
  EXPECT_GT(mistake(report, "rescale")->component, 0.05);
  EXPECT_GT(mistake(report, "bgr")->component, 1e-3);
  EXPECT_GT(mistake(report, "padding_mask")->component, 1e-2) << "the mistake that transformers' users make most";
  const double bias = *toReal(valueOf(report, "logit_bias"));
  EXPECT_NEAR(mistake(report, "missing_bias")->logit, std::abs(bias), 1e-3) << "exactly the bias";
}

TEST_F(Doctor, ALlipHasItsOwnMistakes) {
  const Report report = examined(shipped("llip16-tiny-emoji"));
  EXPECT_NE(report.verdict, Verdict::Refused);
  EXPECT_EQ(report.title, "Llip in transformers' layout");
  ASSERT_NE(mistake(report, "tau"), nullptr);
  EXPECT_GT(mistake(report, "tau")->logit, 1e-3);
  EXPECT_EQ(mistake(report, "tau")->component, 0.0) << "it touches what the mixture makes of a pair alone";
  EXPECT_EQ(mistake(report, "padding_mask"), nullptr) << "its text tower is causal";
  EXPECT_FALSE(mistake(report, "image_pooling")->reason.empty());
}

TEST_F(Doctor, AnExchangedActivationIsNamed) {
  config([](json& whole) { whole["vision_config"]["hidden_act"] = whole["text_config"]["hidden_act"] = "quick_gelu"; });
  const Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Remarks);
  EXPECT_TRUE(finds(report, Weight::Remark, "The activation is quick_gelu")) << toText(report);
  config([](json& whole) { whole["text_config"]["hidden_act"] = "gelu"; });
  EXPECT_TRUE(finds(examined(at()), Weight::Remark, "published checkpoints have one for both"));
}

TEST_F(Doctor, AnotherEpsilonAndOtherStatisticsAreIndications) {
  config([](json& whole) { whole["vision_config"]["layer_norm_eps"] = 1e-5; });
  json pictures = json::parse(*readFile(at() / "preprocessor_config.json"));
  pictures["image_mean"] = {0.48145466, 0.4578275, 0.40821073};
  LIX_ASSERT_OK(writeFile(at() / "preprocessor_config.json", pictures.dump()));
  const Report report = examined(at());
  EXPECT_TRUE(finds(report, Weight::Remark, "image tower's LayerNorm epsilon is 1e-05"));
  EXPECT_TRUE(finds(report, Weight::Remark, "normalised with mean 0.481"));
  EXPECT_TRUE(std::ranges::all_of(report.findings, [](const Finding& one) {
    return one.weight != Weight::Remark || one.ground == Ground::Indication;
  }));
}

TEST_F(Doctor, FieldsThatAreMissingAreDefaultsAndSaidToBe) {
  config([](json& whole) { whole["text_config"].erase("layer_norm_eps"); });
  EXPECT_EQ(valueOf(examined(at()), "text tower: LayerNorm epsilon", &Fact::source),
            "default of transformers; config.json does not say");
}

TEST_F(Doctor, WeightsThatAreMissingAreNamedAllOfThem) {
  weights([](auto& tensors) {
    tensors.erase(kMatrix);
    tensors.erase("vision_model.head.probe");
  });
  const Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_NE(report.sentence.find("has no weight"), std::string::npos) << report.sentence;
  EXPECT_TRUE(lists(report, kMatrix));
  EXPECT_TRUE(lists(report, "vision_model.head.probe"));
  EXPECT_EQ(valueOf(report, "missing"), "2");
  EXPECT_TRUE(report.mistakes.empty());
}

TEST_F(Doctor, WeightsThatAreLeftOverAreARemark) {
  weights([](auto& tensors) { tensors["adapter.weight"] = at::full({2, 2}, 1.0f); });
  const Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Remarks);
  EXPECT_TRUE(finds(report, Weight::Remark, "1 weight without a place in the model: adapter.weight"));
}

TEST_F(Doctor, AWeightOfAnotherShapeIsNamedWithBothShapes) {
  weights([](auto& tensors) { tensors[kMatrix] = tensors[kMatrix].t().contiguous(); });
  const Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_TRUE(lists(report, cat(kMatrix, " has shape ["))) << toText(report);
  EXPECT_EQ(valueOf(report, "of another shape or type"), "1");
}

TEST_F(Doctor, NotANumberAndNothingButZeros) {
  weights([](auto& tensors) { tensors[kMatrix] = tensors[kMatrix] / 0.0; });
  Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_TRUE(finds(report, Weight::Problem, cat("1 weight with NaN or infinite values: ", kMatrix)));
  weights([](auto& tensors) { tensors[kMatrix] = at::zeros_like(tensors[kMatrix]); });
  report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Remarks);
  EXPECT_TRUE(finds(report, Weight::Remark, cat("1 weight with nothing but zeros: ", kMatrix)));
}

TEST_F(Doctor, AScaleThatIsNoLogarithmAndABiasThatIsMissing) {
  weights([](auto& tensors) {
    tensors["logit_scale"] = at::full({}, 117.3f);
    tensors.erase("logit_bias");
  });
  const Report report = examined(at());
  EXPECT_TRUE(finds(report, Weight::Remark, "instead of its logarithm"));
  EXPECT_TRUE(finds(report, Weight::Remark, "without logit_bias"));
  EXPECT_EQ(mistake(report, "missing_bias")->reason, "the model has none");
}

TEST_F(Doctor, WhatIsRefusedSaysWhy) {
  config([](json& whole) { whole["model_type"] = "siglip2"; });
  Report report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_NE(report.sentence.find("NaFlex"), std::string::npos);
  EXPECT_NE(report.sentence.find("Take the release of a fixed resolution"), std::string::npos);
  EXPECT_EQ(valueOf(report, "layout"), "transformers (and ours)");
  fs::remove(at() / "spiece.model");
  config([](json& whole) { whole["model_type"] = "siglip"; });
  report = examined(at());
  EXPECT_EQ(report.verdict, Verdict::Refused);
  EXPECT_NE(report.sentence.find("tokenizer"), std::string::npos);
  EXPECT_EQ(valueOf(report, "missing"), "0") << "what can be said is said";
  LIX_ASSERT_OK(writeFile(at() / "model.safetensors", "cut"));
  EXPECT_EQ(examined(at()).verdict, Verdict::Refused);
}

TEST_F(Doctor, OnlyWhatIsStoppedOrNotThereHasNoReport) {
  const auto stopped = examine(at(), [](std::string_view, long long, long long) { return false; });
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  int calls = 0;
  const auto later = examine(at(), [&](std::string_view, long long, long long) { return ++calls < 6; });
  ASSERT_FALSE(later);
  EXPECT_EQ(calls, 6) << "it stops between two mistakes";
  const auto nothing = examine(folder_ / "not there");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::NotFound);
}

TEST_F(Doctor, TheReportAsTextAndAsJson) {
  const Report report = examined(at());
  const json whole = json::parse(toJson(report));
  EXPECT_EQ(whole["verdict"], "ready");
  EXPECT_EQ(whole["subject"], "checkpoint");
  EXPECT_EQ(whole["mistakes"].size(), report.mistakes.size());
  EXPECT_GT(whole["mistakes"][0]["embedding"].get<double>(), 0.0);
  const std::string text = toText(report);
  for (const char* part : {"Verdict: ready.", "Architecture\n", "Known pairs", "QuickGELU in place of GELU", "cosine mean"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
  for (const std::string& line : split(text, '\n')) {
    EXPECT_FALSE(line.ends_with(' ')) << "'" << line << "'";
  }
}

}  // namespace
}  // namespace lix::study::doctor
