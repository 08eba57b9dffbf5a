#include <gtest/gtest.h>

#include <ATen/ops/embedding.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "tuners_support.h"

namespace lix::study::tuners::test {
namespace {
using nlohmann::json;

at::Tensor tensorFrom(const json& part) {
  const auto values = part.at("values").get<std::vector<double>>();
  return at::tensor(values, at::kDouble).view(part.at("shape").get<std::vector<std::int64_t>>());
}

at::Tensor idsFrom(const json& rows) {
  const auto list = rows.get<std::vector<std::vector<std::int64_t>>>();
  std::vector<at::Tensor> tensors;
  for (const auto& row : list) {
    tensors.push_back(at::tensor(row, at::kLong));
  }
  return at::stack(tensors);
}

nn::Model modelFrom(const json& file, const std::string& towers) {
  const json& s = file.at("sizes");
  const bool siglip = towers == "siglip", llip = towers == "llip";
  const auto activation = siglip ? nn::Activation::GeluTanh : nn::Activation::QuickGelu;
  const auto tower = [&](const char* width, int hidden) {
    return nn::EncoderConfig{s.at(width), s.at("blocks"), s.at("heads"), hidden, activation, siglip ? 1e-6 : 1e-5};
  };
  nn::Model model;
  model.config = {.towers = siglip ? nn::Towers::Siglip : nn::Towers::Clip,
                  .imageSize = int(s.at("patch")) * int(s.at("side")),
                  .patch = s.at("patch"),
                  .vision = tower("vision", 12),
                  .classTokens = siglip ? 0
                                 : llip ? 2
                                        : 1,
                  .head = llip ? nn::ImageHead::Mixture : nn::ImageHead::Vector,
                  .text = tower("text", 10),
                  .vocabulary = s.at("vocabulary"),
                  .contextLength = s.at("context"),
                  .eosId = s.at("end"),
                  .embedWidth = s.at("d")};
  if (llip) {
    model.config.mixture = nn::MixtureConfig{.heads = s.at("mix_heads"), .tau = s.at("tau")};
  }
  for (const auto& [name, value] : file.at("towers").at(towers).items()) {
    model.parameters.emplace(name, tensorFrom(value));
  }
  return model;
}

/// Forward and gradients against prompted towers written out token by token, in double precision.
TEST(PromptFixture, LogitsLossAndEveryGradient) {
  const json file = json::parse(*readFile(lix::test::fixtures() / "nn" / "prompts.json"));
  for (const json& one : file.at("cases")) {
    const std::string name = one.at("name");
    Evaluator evaluator;
    evaluator.checkpoint.model = modelFrom(file, one.at("towers"));
    PromptedModel prompted{
        .model = frozen(evaluator.checkpoint.model), .prompts = maplePrompts, .reads = Tuner::Reads::Pixels};
    prompted.classes.ids = idsFrom(one.at("ids"));
    prompted.classes.positions = idsFrom(one.at("positions"));
    prompted.classes.fixed = at::embedding(prompted.model.parameters.at("text_model.embeddings.token_embedding.weight"),
                                           prompted.classes.ids);
    for (const auto& [key, value] : one.at("learned").items()) {
      prompted.learned.emplace(key, tensorFrom(value).set_requires_grad(true));
    }
    const at::Tensor pixels = tensorFrom(one.at("pixels"));
    const Prompts prompts = prompted.prompts(prompted.learned);
    const at::Tensor logits = logitsOf(prompted, pixels, prompts, classFeatures(prompted, prompts));
    EXPECT_LT(worst(logits.flatten(), at::tensor(one.at("logits").get<std::vector<double>>(), at::kDouble)), 1e-12)
        << name;
    if (!prompted.learned.contains("couple.0.weight")) {
      // CoOp's form reads features that the frozen tower gave before.
      PromptedModel cached = prompted;
      cached.prompts = coopPrompts;
      cached.reads = Tuner::Reads::Features;
      const Prompts text = cached.prompts(cached.learned);
      EXPECT_LT(
          worst(logitsOf(cached, nn::encodeImages(cached.model, pixels), text, classFeatures(cached, text)), logits),
          1e-12)
          << name;
    }
    const Task task{
        .evaluator = evaluator,
        .classNames = {"a", "b", "c"},
        .support = {{.count = 3,
                     .features = {},
                     .pixels = [&](std::span<const std::uint32_t>) -> Result<at::Tensor> { return pixels; }},
                    one.at("labels").get<std::vector<int>>()}};
    const auto loss = batchLoss(task, prompted, {0, 1, 2});
    LIX_ASSERT_OK(loss);
    EXPECT_NEAR(*loss, one.at("loss").get<double>(), 1e-12) << name;
    for (const auto& [key, gradient] : one.at("gradients").items()) {
      EXPECT_LT(worst(prompted.learned.at(key).grad(), tensorFrom(gradient)), 1e-12) << name << ": " << key;
    }
  }
}

}  // namespace
}  // namespace lix::study::tuners::test
