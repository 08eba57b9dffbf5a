// Heads of an image: against formulas of their own (tests/fixtures/nn/make_heads.py), and rung by rung.
#include <gtest/gtest.h>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/image_heads.h"
#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;

const std::vector<std::string> kRungs{"siglip", "registers", "average", "learned-average", "llip"};

ImageHead headNamed(const std::string& name) {
  return name == "registers" ? ImageHead::Registers
         : name == "average" ? ImageHead::Average
         : name == "learned-average" ? ImageHead::LearnedAverage
                                     : ImageHead::Mixture;
}

/// The model of a fixture's case: its parameters alone, since a head never touches the towers.
Model headModel(const nlohmann::json& one) {
  Model model;
  model.config.towers = Towers::Clip;
  model.config.head = headNamed(one.at("head"));
  model.config.classTokens = one.at("class_tokens");
  model.config.imageSize = 4;
  model.config.patch = 2;
  for (const auto& [name, value] : one.at("inputs").items()) {
    model.parameters.emplace(name, tensorFrom(value).requires_grad_(true));
  }
  const auto& first = model.parameters.contains("llip.proj") ? model.parameters.at("llip.proj")
                                                             : model.parameters.at("llip.k_proj");
  model.config.embedWidth = int(first.size(2));
  if (model.config.head == ImageHead::LearnedAverage || model.config.head == ImageHead::Mixture) {
    model.config.mixture = MixtureConfig{one.at("heads"), one.at("tau"), one.at("norms"), one.at("patches") > 0};
  }
  return model;
}

/// What the fixture calls the result: vectors, or the cosines with the captions of the states "text".
at::Tensor resultOf(const Model& model) {
  const Parameters& p = model.parameters;
  if (model.config.head != ImageHead::Mixture) {
    return imageVectors(model, p.at("tokens"));
  }
  const MixtureConfig& mixture = *model.config.mixture;
  const auto query = normedQuery(model, p.at("text").matmul(p.at("llip.q_proj")));
  const Encoded batch{.mixture = projectTokens(model, p.at("tokens")),
                      .text = {p.at("text").matmul(p.at("text_projection.weight").t()),
                               query.view({query.size(0), mixture.heads, model.config.embedWidth / mixture.heads})},
                      .outProj = p.at("llip.out_proj"),
                      .tau = mixture.tau};
  return (*findScorer("mixture"))->score({batch, {}}).cosines;
}

TEST(ImageHeads, ValuesAndEveryGradientAreTheFixtures) {
  const auto cases = nlohmann::json::parse(*readFile(fixtures() / "nn" / "heads.json")).at("cases");
  ASSERT_EQ(cases.size(), 7u);
  for (const auto& one : cases) {
    const std::string name = cat(one.at("head"), " patches ", one.at("patches"), " norms ", one.at("norms"));
    const Model model = headModel(one);
    EXPECT_EQ(model.config.mixtureTokens(), model.parameters.at("tokens").size(1)) << name;
    const auto result = resultOf(model);
    EXPECT_LT(worst(result, tensorFrom(one.at("result"))), 1e-12) << name;
    (result * tensorFrom(one.at("weights"))).sum().backward();
    for (const auto& [key, gradient] : one.at("gradients").items()) {
      EXPECT_LT(worst(model.parameters.at(key).grad(), tensorFrom(gradient)), 1e-12) << name << ": " << key;
    }
  }
}

TEST(ImageHeads, LearnedWeightsSumToOneAndMakeTheVector) {
  ModelConfig config = smallConfig(*findRecipe("llip-ladder/learned-average"));
  config.mixture->patches = true;
  const Model model = scrambled(*makeModel(config, 3), 4);
  const auto tokens = encodeTokens(model, normals({2, 3, 4, 4}, 5));
  ASSERT_EQ(tokens.sizes().vec(), (std::vector<std::int64_t>{2, 3 + 4, 8}));
  const auto weights = learnedWeights(model, tokens);  // [B, M, T]
  EXPECT_LT((weights.sum(2) - 1.0).abs().max().item<double>(), 1e-12);
  const auto mixed = (weights.unsqueeze(3) * projectTokens(model, tokens).values).sum(2).flatten(1);
  EXPECT_LT(worst(mixed.matmul(model.parameters.at("llip.out_proj")), imageVectors(model, tokens)), 1e-12);
  EXPECT_EQ(worst(encodeImages(model, normals({2, 3, 4, 4}, 5)), imageVectors(model, tokens)), 0.0);
}

/// Parameters of the towers and captions that a rung has, by name; the head's own begin with "llip." or are the image's
/// projection.
bool isHeads(const std::string& name) {
  return (name.starts_with("llip.")) || name == "visual_projection.weight";
}

TEST(Ladder, RungsDifferInTheImageVectorAlone) {
  const auto ids = captionIds({{4, 5, 6}, {7}}, 32);
  const auto pixels = normals({2, 3, 64, 64}, 8).to(at::kFloat);
  std::optional<Model> second;
  at::Tensor captions, tokens;
  std::set<std::string> seen;
  for (const std::string& rung : kRungs) {
    const Recipe recipe = *findRecipe("llip-ladder/" + rung);
    const auto config = presetConfig("tiny", {.towers = recipe.towers, .head = recipe.head});
    LIX_ASSERT_OK(config);
    Model model = *makeModel(*config, 11);
    EXPECT_EQ(recipe.towers, Towers::Clip);
    EXPECT_EQ(recipe.scalars, findRecipe("llip")->scalars) << rung;
    const auto text = encodeTexts(model, ids).embeds;
    if (!captions.defined()) {
      captions = text;  // of the rung without registers: its tower has one class token
      continue;
    }
    EXPECT_TRUE(text.equal(captions)) << rung << ": the same captions, bit for bit";
    const auto read = encodeTokens(model, pixels);
    if (!second) {
      second = model;
      tokens = read;
    }
    EXPECT_TRUE(read.equal(tokens)) << rung << ": the same tokens before the head, bit for bit";
    std::size_t others = 0;
    for (const auto& [name, value] : model.parameters) {
      if (!isHeads(name)) {
        ++others;
        ASSERT_TRUE(second->parameters.contains(name)) << name;
        EXPECT_TRUE(value.equal(second->parameters.at(name))) << rung << ": " << name;
      }
    }
    EXPECT_EQ(others, std::size_t(std::ranges::count_if(second->parameters, [](const auto& p) { return !isHeads(p.first); })));
    seen.insert(hex(hash64(configToJson(*config, ""))));
  }
  EXPECT_EQ(seen.size(), 4u) << "a file says which rung it is";
}

TEST(Ladder, OnlyTheFirstTokenOfRegistersBecomesTheVector) {
  const Model model = scrambled(*makeModel(smallConfig(*findRecipe("llip-ladder/registers")), 3), 4);
  const auto tokens = normals({2, 3, 8}, 6);
  const auto before = imageVectors(model, tokens);
  auto others = tokens.clone();
  others.narrow(1, 1, 2).fill_(9.0);
  EXPECT_EQ(worst(before, imageVectors(model, others)), 0.0);
  others.select(1, 0).fill_(9.0);
  EXPECT_GT(worst(before, imageVectors(model, others)), 1e-3);
}

TEST(Ladder, EveryHeadIsSavedAndReadBack) {
  std::vector<ModelConfig> configs;
  for (const std::string& rung : kRungs) {
    configs.push_back(smallConfig(*findRecipe("llip-ladder/" + rung)));
    if (configs.back().mixture) {
      configs.push_back(configs.back());
      configs.back().mixture->patches = true;
    }
  }
  for (const ModelConfig& config : configs) {
    const Model model = *makeModel(config, 5);
    const TemporaryFolder folder;
    LIX_ASSERT_OK(saveModel(model, "x", folder.path(), Precision::Float32));
    const auto loaded = loadCheckpoint(folder.path());
    LIX_ASSERT_OK(loaded);
    EXPECT_EQ(loaded->model.config.head, config.head);
    EXPECT_EQ(loaded->model.config.mixtureTokens(), config.mixtureTokens());
    const auto pixels = normals({2, 3, 4, 4}, 7).to(at::kFloat);
    EXPECT_TRUE(encodeImages(loaded->model, pixels).equal(encodeImages(model, pixels)));
  }
}

TEST(Ladder, AFileOfAnOldLlipSaysNothingNew) {
  const ModelConfig config = smallConfig(*findRecipe("llip"));
  const std::string text = configToJson(config, "llip");
  EXPECT_EQ(text.find("\"head\""), std::string::npos);
  EXPECT_EQ(text.find("patch_tokens"), std::string::npos);
  const auto json = nlohmann::json::parse(configToJson(smallConfig(*findRecipe("llip-ladder/average")), ""));
  EXPECT_EQ(json.at("head"), "average");
  EXPECT_EQ(json.at("model_type"), "llip");
  EXPECT_EQ(json.at("mixture").at("num_tokens"), 3);
  auto odd = json;
  odd["head"] = "median";
  EXPECT_NE(messageOf(configFromJson(odd.dump(), "config.json")).find("head (\"median\")"), std::string::npos);
}

}  // namespace
}  // namespace lix::test
