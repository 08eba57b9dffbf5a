#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/file.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/objective.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
namespace fs = std::filesystem;

Model freshModel(const char* recipeId) {
  const Recipe recipe = *findRecipe(recipeId);
  Model model = *makeModel(smallConfig(recipe), 17);
  addScalars(model, recipe);
  return model;
}

std::string bytesOf(const fs::path& path) { return *readFile(path); }

/// A saved SigLIP whose tensors `change` alters before they are written again.
template <class Change>
std::string loadAfter(Change change) {
  const TemporaryFolder folder;
  EXPECT_TRUE(saveModel(freshModel("siglip"), "siglip", folder.path(), Precision::Float32).has_value());
  auto tensors = *loadTensors(folder / "model.safetensors");
  change(tensors);
  EXPECT_TRUE(saveTensors(folder / "model.safetensors", tensors).has_value());
  return messageOf(loadCheckpoint(folder.path()));
}

void expectHas(const std::string& message, const std::string& part) {
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
}

TEST(Checkpoint, SaveThenLoadIsEqualBitForBit) {
  for (const Recipe& recipe : recipes()) {
    const Model model = freshModel(recipe.id.c_str());
    const TemporaryFolder folder, second;
    LIX_ASSERT_OK(saveModel(model, recipe.id, folder.path(), Precision::Float32));
    const auto loaded = loadCheckpoint(folder.path());
    LIX_ASSERT_OK(loaded);
    EXPECT_EQ(loaded->recipe, recipe.id);
    ASSERT_EQ(loaded->model.parameters.size(), model.parameters.size());
    for (const auto& [name, value] : model.parameters) {
      EXPECT_TRUE(loaded->model.parameters.at(name).equal(value)) << name;
    }
    LIX_ASSERT_OK(saveModel(loaded->model, recipe.id, second.path(), Precision::Float32));
    EXPECT_EQ(bytesOf(folder / "model.safetensors"), bytesOf(second / "model.safetensors"));
    EXPECT_EQ(bytesOf(folder / "config.json"), bytesOf(second / "config.json"));
    EXPECT_EQ(loadCheckpoint(second.path())->weightsHash.text(), loaded->weightsHash.text());
  }
}

TEST(Checkpoint, HashTellsModelsApart) {
  const TemporaryFolder a, b, c;
  Model model = freshModel("llip");
  LIX_ASSERT_OK(saveModel(model, "llip", a.path(), Precision::Float32));
  model.config.mixture->tau = 0.9;
  LIX_ASSERT_OK(saveModel(model, "llip", b.path(), Precision::Float32));
  model.parameters.at("logit_bias") = model.parameters.at("logit_bias") + 1.0;
  LIX_ASSERT_OK(saveModel(model, "llip", c.path(), Precision::Float32));
  const std::string first = loadCheckpoint(a.path())->weightsHash.text(), second = loadCheckpoint(b.path())->weightsHash.text();
  EXPECT_NE(first, second);
  EXPECT_NE(second, loadCheckpoint(c.path())->weightsHash.text());
}

TEST(Checkpoint, HalfKeepsScalarsExact) {
  Model model = freshModel("siglixp");
  model.parameters.at("lixp.log_tau").fill_(-1.23456789);
  const TemporaryFolder folder;
  LIX_ASSERT_OK(saveModel(model, "siglixp", folder.path(), Precision::Float16));
  EXPECT_EQ(loadTensors(folder / "model.safetensors")->at("text_model.head.weight").scalar_type(), at::kHalf);
  const auto loaded = loadCheckpoint(folder.path());
  LIX_ASSERT_OK(loaded);
  for (const auto& [name, value] : model.parameters) {
    const bool scalar = value.numel() == 1;
    EXPECT_TRUE(loaded->model.parameters.at(name).equal(scalar ? value : value.to(at::kHalf).to(at::kFloat))) << name;
  }
}

TEST(Checkpoint, BrainFloatAndDoubleLoad) {
  const std::string name = "text_model.head.weight";
  EXPECT_EQ(loadAfter([&](auto& tensors) { tensors[name] = tensors[name].to(at::kBFloat16); }), "");
  EXPECT_EQ(loadAfter([&](auto& tensors) { tensors[name] = tensors[name].to(at::kDouble); }), "");
}

TEST(Checkpoint, StrangersAreLeftOut) {
  const TemporaryFolder folder;
  LIX_ASSERT_OK(saveModel(freshModel("siglip"), "siglip", folder.path(), Precision::Float32));
  auto tensors = *loadTensors(folder / "model.safetensors");
  tensors["text_model.embeddings.position_ids"] = captionIds({{0, 1, 2, 3, 4}}, 5);
  tensors["teacher.weight"] = at::full({3}, std::numeric_limits<double>::quiet_NaN(), at::kFloat);
  LIX_ASSERT_OK(saveTensors(folder / "model.safetensors", tensors));
  const auto loaded = loadCheckpoint(folder.path());
  LIX_ASSERT_OK(loaded);
  EXPECT_EQ(loaded->model.parameters.size(), freshModel("siglip").parameters.size());
}

TEST(Checkpoint, BadWeightsAreNamed) {
  const std::string name = "vision_model.head.probe";
  expectHas(loadAfter([&](auto& tensors) { tensors.erase(name); }), "has no weight '" + name + "'");
  expectHas(loadAfter([&](auto& tensors) { tensors[name] = tensors[name].flatten(); }),
            "shape [8] where its config.json calls for [1, 1, 8]");
  expectHas(loadAfter([&](auto& tensors) { tensors[name] = tensors[name].to(at::kInt); }),
            "'" + name + "' has the type I32");
  expectHas(loadAfter([&](auto& tensors) { tensors["logit_scale"] = normals({3}, 1); }),
            "'logit_scale' should be one number");
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    expectHas(loadAfter([&](auto& tensors) { tensors[name].view({-1}).select(0, 3).fill_(bad); }),
              "'" + name + "' holds a value that is not finite");
  }
}

TEST(Checkpoint, BrokenFoldersAreRefused) {
  const TemporaryFolder folder;
  expectHas(messageOf(loadCheckpoint(folder.path())), "no config.json");
  EXPECT_EQ(loadCheckpoint(folder / "nowhere").error().code, ErrorCode::NotFound);
  LIX_ASSERT_OK(saveModel(freshModel("clip"), "clip", folder.path(), Precision::Float32));
  const std::string weights = bytesOf(folder / "model.safetensors");
  for (const std::size_t length : {std::size_t(0), std::size_t(7), std::size_t(200), weights.size() - 4}) {
    LIX_ASSERT_OK(writeFile(folder / "model.safetensors", weights.substr(0, length)));
    expectHas(messageOf(loadCheckpoint(folder.path())), "model.safetensors");
  }
  fs::remove(folder / "model.safetensors");
  expectHas(messageOf(loadCheckpoint(folder.path())), "model.safetensors");
  LIX_ASSERT_OK(writeFile(folder / "config.json", "{\"model_type\": \"clip\", \"lix\""));
  expectHas(messageOf(loadCheckpoint(folder.path())), "config.json is not a JSON object");
}

TEST(Checkpoint, AnOddRecipeFieldIsNoRecipe) {
  const TemporaryFolder folder;
  LIX_ASSERT_OK(saveModel(freshModel("clip"), "clip", folder.path(), Precision::Float32));
  auto json = nlohmann::json::parse(bytesOf(folder / "config.json"));
  json["lix"]["recipe"] = 5;
  LIX_ASSERT_OK(writeFile(folder / "config.json", json.dump()));
  const auto loaded = loadCheckpoint(folder.path());
  LIX_ASSERT_OK(loaded);
  EXPECT_EQ(loaded->recipe, "");
}

TEST(Checkpoint, TensorsOfAllTypesComeBack) {
  const TemporaryFolder folder;
  const at::Tensor base = captionIds({{1, 0, 3}, {4, 5, 0}}, 3);
  std::map<std::string, at::Tensor> tensors{
      {"view", normals({3, 4}, 2).t()}, {"scalar", tensorOf({}, {2.5})}, {"empty", at::full({0, 3}, 0.0, at::kFloat)}};
  for (const auto type : {at::kBool, at::kByte, at::kChar, at::kShort, at::kHalf, at::kBFloat16, at::kInt, at::kFloat,
                          at::kDouble, at::kLong}) {
    tensors.emplace("t" + std::to_string(int(type)), base.to(type));
  }
  LIX_ASSERT_OK(saveTensors(folder / "all.safetensors", tensors, {{"note", "x"}}));
  const auto again = loadTensors(folder / "all.safetensors");
  LIX_ASSERT_OK(again);
  ASSERT_EQ(again->size(), tensors.size());
  for (const auto& [name, value] : tensors) {
    EXPECT_EQ(again->at(name).scalar_type(), value.scalar_type()) << name;
    EXPECT_TRUE(again->at(name).equal(value)) << name;
  }
}

}  // namespace
}  // namespace lix::test
