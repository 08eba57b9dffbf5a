// Which files are taken for a checkpoint, shards among them, and the number types that weights come in.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/source.h"
#include "nn/checkpoint/preprocess.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;
using Tensors = std::map<std::string, at::Tensor>;

class Sources : public testing::Test {
 protected:
  void SetUp() override {
    model_ = makeModel(test::smallConfig(*findRecipe("clip")), 5).value();
    model_.parameters["logit_scale"] = at::empty({}, at::kFloat).fill_(2.0);
    LIX_ASSERT_OK(saveModel(model_, "", folder_.path(), Precision::Float32));
    tensors_ = *loadTensors(folder_ / "model.safetensors");
  }

  void index(const json& map) const {
    LIX_ASSERT_OK(writeFile(folder_ / "model.safetensors.index.json", json{{"metadata", {{"total_size", 1}}}, {"weight_map", map}}.dump()));
  }
  /// The weights in three files, by turns.
  json shard() const {
    std::map<std::string, Tensors> files;
    json map;
    int turn = 0;
    for (const auto& [name, value] : tensors_) {
      const std::string file = cat("model-0000", ++turn % 3 + 1, "-of-00003.safetensors");
      files[file][name] = value;
      map[name] = file;
    }
    for (const auto& [file, part] : files) {
      EXPECT_TRUE(saveTensors(folder_ / file, part).has_value());
    }
    fs::remove(folder_ / "model.safetensors");
    return map;
  }
  void expectModel() const {
    const auto loaded = loadCheckpoint(folder_.path());
    LIX_ASSERT_OK(loaded);
    for (const auto& [name, value] : model_.parameters) {
      EXPECT_TRUE(loaded->model.parameters.at(name).equal(value)) << name;
    }
  }
  void refused(const std::string& part) const {
    const std::string message = messageOf(loadCheckpoint(folder_.path()));
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }

  test::TemporaryFolder folder_;
  Model model_;
  Tensors tensors_;
};

TEST_F(Sources, ShardsAreOneSetOfWeights) {
  const std::string whole = loadCheckpoint(folder_.path())->weightsHash.text();
  index(shard());
  expectModel();
  EXPECT_EQ(loadCheckpoint(folder_.path())->weightsHash.text(), whole) << "the same weights, however they are cut";
  LIX_EXPECT_OK(loadCheckpoint(folder_ / "model.safetensors.index.json"));
}

TEST_F(Sources, IndexesThatLieAreRefused) {
  const json map = shard();
  for (const char* bad : {"../model.safetensors", "/etc/passwd", "sub/model.safetensors", "sub\\model.safetensors", "..", ".", "",
                          "model.safetensors.index.json"}) {
    json changed = map;
    changed["logit_scale"] = bad;
    index(changed);
    refused("not the plain name of a file beside it");
  }
  json changed = map;
  changed["logit_scale"] = std::string("a\0b", 3);
  index(changed);
  refused("not the plain name");
  changed["logit_scale"] = 5;
  index(changed);
  refused("not the plain name");
  changed["logit_scale"] = "model-00004-of-00004.safetensors";
  index(changed);
  refused("names the shard model-00004-of-00004.safetensors, which is not beside it");
  index(json::object());
  refused("no weight_map");
  index(map);
  LIX_ASSERT_OK(writeFile(folder_ / "model.safetensors.index.json", "{\"weight_map\": {"));
  refused("no weight_map");
  changed = json::object();
  for (int i = 0; i < 10'001; ++i) {
    changed[cat("w", i)] = cat(i, ".safetensors");
  }
  index(changed);
  refused("more than 10000 files");
  // A weight in two shards.
  LIX_ASSERT_OK(saveTensors(folder_ / "again.safetensors", {{"logit_scale", tensors_.at("logit_scale")}}));
  changed = map;
  changed["other"] = "again.safetensors";
  index(changed);
  refused("'logit_scale' twice");
}

TEST_F(Sources, HalvesBrainFloatsAndDoublesAreRead) {
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16, at::kDouble}) {
    Tensors other;
    for (const auto& [name, value] : tensors_) {
      other[name] = value.to(type);
    }
    LIX_ASSERT_OK(saveTensors(folder_ / "model.safetensors", other));
    const auto loaded = loadCheckpoint(folder_.path());
    LIX_ASSERT_OK(loaded);
    for (const auto& [name, value] : other) {
      EXPECT_TRUE(loaded->model.parameters.at(name).equal(value.to(at::kFloat))) << name;
    }
    other["logit_scale"] = (other.at("logit_scale") / 0.0).to(type);
    LIX_ASSERT_OK(saveTensors(folder_ / "model.safetensors", other));
    refused("'logit_scale' holds a value that is not finite");
  }
  Tensors large = tensors_;
  large["logit_scale"] = tensors_.at("logit_scale").to(at::kDouble) * 1e300;
  LIX_ASSERT_OK(saveTensors(folder_ / "model.safetensors", large));
  refused("not finite");
}

/// What is loaded lies in the file; what a training writes into it does not reach the file.
TEST_F(Sources, MappedWeightsAreOnesOwn) {
  auto loaded = loadCheckpoint(folder_.path());
  LIX_ASSERT_OK(loaded);
  const std::string before = *readFile(folder_ / "model.safetensors");
  for (auto& [name, value] : loaded->model.parameters) {
    value.fill_(3.0);
  }
  EXPECT_EQ(*readFile(folder_ / "model.safetensors"), before);
  expectModel();
  fs::remove(folder_ / "model.safetensors");
  EXPECT_EQ(loaded->model.parameters.at("logit_scale").item<float>(), 3.0f) << "a file that is gone stays mapped";
}

TEST_F(Sources, FoldersAreReadByWhatLiesInThem) {
  EXPECT_EQ(detail::findWeights(folder_.path())->front().filename(), "model.safetensors");
  std::ofstream(folder_ / "open_clip_model.safetensors") << "x";
  std::ofstream(folder_ / "open_clip_config.json") << "{}";
  EXPECT_EQ(detail::findWeights(folder_.path())->front().filename(), "model.safetensors") << "config.json names a model";
  fs::remove(folder_ / "config.json");
  EXPECT_EQ(detail::findWeights(folder_.path())->front().filename(), "open_clip_model.safetensors");
  fs::remove(folder_ / "open_clip_model.safetensors");
  fs::remove(folder_ / "open_clip_config.json");
  refused("needs the config.json that belongs to it");
  fs::rename(folder_ / "model.safetensors", folder_ / "training_args.bin");
  refused("is not a checkpoint");
  EXPECT_NE(messageOf(loadPreprocess(folder_.path())).find("preprocessor_config.json"), std::string::npos);
}

TEST_F(Sources, WrapperPrefixesAreDropped) {
  for (const char* prefix : {"module.", "_orig_mod.", "_orig_mod.module.", "model.", "clip."}) {
    Tensors wrapped;
    for (const auto& [name, value] : tensors_) {
      wrapped[prefix + name] = value;
    }
    LIX_ASSERT_OK(saveTensors(folder_ / "model.safetensors", wrapped));
    expectModel();
  }
}

TEST(HuggingFaceConfig, MissingFieldsTakeTheDefaultsOfTransformers) {
  const auto clip = configFromJson(R"({"model_type": "clip", "text_config": null, "vision_config": {"image_size": [224, 224]}})", "c");
  LIX_ASSERT_OK(clip);
  EXPECT_EQ(clip->text.width, 512);
  EXPECT_EQ(clip->text.mlpWidth, 2048);
  EXPECT_EQ(clip->text.heads, 8);
  EXPECT_EQ(clip->vocabulary, 49408);
  EXPECT_EQ(clip->contextLength, 77);
  EXPECT_EQ(clip->vision.width, 768);
  EXPECT_EQ(clip->patch, 32);
  EXPECT_EQ(clip->imageSize, 224);
  EXPECT_EQ(clip->embedWidth, 512);
  EXPECT_EQ(clip->eosId, 49407);
  EXPECT_EQ(clip->vision.activation, Activation::QuickGelu);
  EXPECT_EQ(clip->vision.normEpsilon, 1e-5);
  const auto siglip = configFromJson(R"({"model_type": "siglip"})", "c");
  LIX_ASSERT_OK(siglip);
  EXPECT_EQ(siglip->text.width, 768);
  EXPECT_EQ(siglip->vocabulary, 32000);
  EXPECT_EQ(siglip->contextLength, 64);
  EXPECT_EQ(siglip->patch, 16);
  EXPECT_EQ(siglip->vision.activation, Activation::GeluTanh);
  EXPECT_EQ(siglip->vision.normEpsilon, 1e-6);
  const auto erf = configFromJson(R"({"model_type": "siglip", "vision_config": {"hidden_act": "gelu"}})", "c");
  EXPECT_EQ(erf->vision.activation, Activation::GeluErf);
  const auto old = configFromJson(R"({"model_type": "clip", "text_config": {"hidden_size": 64},
                                      "text_config_dict": {"hidden_size": 128}})", "c");
  EXPECT_EQ(old->text.width, 128) << "the old form wins";
}

TEST(HuggingFaceConfig, WhatIsNotComputedIsRefused) {
  const auto said = [](const char* text) { return messageOf(configFromJson(text, "c")); };
  EXPECT_NE(said(R"({"model_type": "siglip2"})").find("NaFlex"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "bert"})").find("model_type 'bert'"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "siglip", "vision_config": {"vision_use_head": false}})").find("vision_use_head"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "clip", "vision_config": {"num_channels": 1}})").find("1 channels"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "lix-clip", "lix": {"variant": {"text_pool": "best"}}})").find("text_pool"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "lix-siglip", "lix": {"variant": {"pre_norm": false}}})").find("SigLIP towers"), std::string::npos);
  EXPECT_NE(said(R"({"model_type": "lix-clip", "lix": {"variant": 3}})").find("variant"), std::string::npos);
}

}  // namespace
}  // namespace lix::nn
