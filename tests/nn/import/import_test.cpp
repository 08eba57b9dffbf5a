#include "nn/checkpoint/import/import.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "nn/text/tokenizer.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;
using test::TemporaryFolder;
using Tensors = std::map<std::string, at::Tensor>;

/// A Llip for the tiny vocabulary of the fixtures, of published head widths so that its shapes tell everything.
ModelConfig small(int tokens = 3) {
  ModelConfig config{.towers = Towers::Clip, .imageSize = 16, .patch = 8};
  config.vision = {128, 2, 2, 192, Activation::QuickGelu, 1e-5};
  config.classTokens = tokens;
  config.head = ImageHead::Mixture;
  config.text = {64, 1, 1, 256, Activation::QuickGelu, 1e-5};
  config.vocabulary = 584;
  config.contextLength = 8;
  config.eosId = 583;
  config.padId = 0;
  config.embedWidth = 32;
  config.mixture = MixtureConfig{.heads = 8, .tau = 5.0};
  return config;
}

json modelConfig() {
  return {{"embed_dim", 32},
          {"num_heads", 8},
          {"quick_gelu", true},
          {"vision_cfg",
           {{"image_size", 16}, {"layers", 2}, {"width", 128}, {"mlp_ratio", 1.5}, {"patch_size", 8}, {"ncls", 3}}},
          {"text_cfg", {{"context_length", 8}, {"vocab_size", 584}, {"width", 64}, {"heads", 1}, {"layers", 1}}}};
}

Model drawn(const ModelConfig& config) {
  Model model = makeModel(config, 7).value();
  model.parameters["logit_scale"] = at::full({}, 2.5);
  model.parameters["logit_bias"] = at::full({}, -9.0);
  return model;
}

/// A model under the names of the release.
Tensors released(const Model& model) {
  const Parameters& p = model.parameters;
  Tensors out;
  const auto pairs = [&](const std::string& ours, const std::string& theirs) {
    out[theirs + ".weight"] = p.at(ours + ".weight");
    out[theirs + ".bias"] = p.at(ours + ".bias");
  };
  const auto blocks = [&](const std::string& ours, const std::string& theirs, int depth) {
    for (int i = 0; i < depth; ++i) {
      const std::string from = cat(ours, ".encoder.layers.", i, "."), to = cat(theirs, "transformer.resblocks.", i, ".");
      for (const char* kind : {"weight", "bias"}) {
        const auto part = [&](const char* name) { return p.at(cat(from, "self_attn.", name, "_proj.", kind)); };
        out[cat(to, "attn.in_proj_", kind)] = at::cat({part("q"), part("k"), part("v")});
      }
      pairs(from + "self_attn.out_proj", to + "attn.out_proj");
      pairs(from + "layer_norm1", to + "ln_1");
      pairs(from + "layer_norm2", to + "ln_2");
      pairs(from + "mlp.fc1", to + "mlp.c_fc");
      pairs(from + "mlp.fc2", to + "mlp.c_proj");
    }
  };
  blocks("vision_model", "visual.", model.config.vision.depth);
  blocks("text_model", "", model.config.text.depth);
  pairs("vision_model.pre_layrnorm", "visual.ln_pre");
  pairs("vision_model.post_layernorm", "visual.ln_post");
  pairs("text_model.final_layer_norm", "ln_final");
  out["visual.class_embedding"] = p.at("vision_model.embeddings.class_embedding");
  out["visual.conv1.weight"] = p.at("vision_model.embeddings.patch_embedding.weight");
  out["visual.positional_embedding"] = p.at("vision_model.embeddings.position_embedding.weight");
  out["token_embedding.weight"] = p.at("text_model.embeddings.token_embedding.weight");
  out["positional_embedding"] = p.at("text_model.embeddings.position_embedding.weight");
  out["text_projection"] = p.at("text_projection.weight").t().contiguous();
  for (const char* name : {"k_proj", "v_proj", "q_proj"}) {
    out[name] = p.at(cat("llip.", name));
  }
  out["pred.out_proj"] = p.at("llip.out_proj");
  for (const char* name : {"logit_scale", "logit_bias"}) {
    out[name] = p.at(name);
  }
  if (model.config.mixture->norms) {
    for (const char* name : {"k", "q", "v"}) {
      pairs(cat("llip.", name, "_norm"), cat(static_cast<char>(name[0] - 32), "_norm"));
    }
  }
  return out;
}

class Import : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(folder_ / "source");
    fs::copy_file(test::fixtures() / "nn/clip_bpe/bpe_tiny.txt.gz", source() / "bpe_tiny.txt.gz");
  }

  fs::path source() const { return folder_ / "source"; }
  fs::path out() const { return folder_ / "out"; }

  void put(const Tensors& tensors, const json& config = {}) const {
    LIX_ASSERT_OK(saveTensors(source() / "model.safetensors", tensors));
    fs::remove(source() / "model_config.json");
    if (!config.is_null()) {
      LIX_ASSERT_OK(writeFile(source() / "model_config.json", config.dump()));
    }
  }

  Result<Imported> import(const ImportOptions& options = {}) const {
    fs::remove_all(out());
    return importCheckpoint(source(), out(), options);
  }

  /// What was written has the very parameters of `model`.
  void expectWritten(const Model& model) const {
    const auto checkpoint = loadCheckpoint(out());
    LIX_ASSERT_OK(checkpoint);
    const Parameters& made = checkpoint->model.parameters;
    ASSERT_EQ(made.size(), model.parameters.size());
    for (const auto& [name, value] : model.parameters) {
      EXPECT_TRUE(made.at(name).equal(value)) << name;
    }
    EXPECT_EQ(configToJson(checkpoint->model.config, ""), configToJson(model.config, ""));
  }

  void refused(const std::string& part, const ImportOptions& options = {}) const {
    const auto result = import(options);
    const std::string message = messageOf(result);
    EXPECT_NE(message.find(part), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_FALSE(fs::exists(out())) << "nothing half-written";
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      EXPECT_EQ(entry.path().filename(), "source");
    }
  }

  TemporaryFolder folder_;
};

TEST_F(Import, EveryWeightFindsItsPlace) {
  const Model model = drawn(small());
  put(released(model), modelConfig());
  const auto imported = import();
  LIX_ASSERT_OK(imported);
  expectWritten(model);
  EXPECT_EQ(imported->kind, "Llip");
  EXPECT_EQ(imported->parameters, parameterCount(parameterSpecs(model.config)));
  ASSERT_EQ(imported->notes.size(), 1u);
  EXPECT_NE(imported->notes[0].find("tau; 5 was assumed"), std::string::npos) << imported->notes[0];
  EXPECT_NE(imported->tokenizer.find("bpe_tiny.txt.gz, cleaned as OpenCLIP"), std::string::npos);
  const auto preprocess = loadPreprocess(out());
  LIX_ASSERT_OK(preprocess);
  EXPECT_EQ(preprocess->centre, Preprocess::Centre::HalfEven);
  EXPECT_EQ(preprocess->size, 16);
  EXPECT_EQ(preprocess->mean, clipPreprocess(16).mean);
  EXPECT_EQ(loadTokenizer(out()).value()->hash(), loadTokenizer(source()).value()->hash());
}

TEST_F(Import, ShapesAloneTellAll) {
  const Model model = drawn(small());
  put(released(model));
  const auto imported = import({.tau = 3.0, .tokenizer = {}});
  LIX_ASSERT_OK(imported);
  ASSERT_EQ(imported->notes.size(), 1u) << "tau was given";
  EXPECT_NE(imported->notes[0].find("8 heads of mixing, 2 of the vision tower and 1 of the text tower"),
            std::string::npos)
      << imported->notes[0];
  Model expected = model;
  expected.config.mixture->tau = 3.0;
  expectWritten(expected);
  fs::rename(source() / "model.safetensors", source() / "epoch_32.safetensors");
  fs::remove_all(out());
  LIX_ASSERT_OK(importCheckpoint(source() / "epoch_32.safetensors", out(), {.tau = 3.0, .tokenizer = {}}));
  expectWritten(expected);
}

TEST_F(Import, NormsAndPatchTokens) {
  ModelConfig config = small();
  config.mixture->norms = true;
  config.mixture->patches = true;
  const Model model = drawn(config);
  ASSERT_EQ(released(model).at("k_proj").size(0), 3 + 4);
  put(released(model));
  LIX_ASSERT_OK(import());
  expectWritten(model);
  json about = modelConfig();
  about["use_norm"] = true;
  put(released(model), about);
  LIX_ASSERT_OK(import());
  expectWritten(model);
}

TEST_F(Import, WrappersOldNamesAndHalves) {
  const Model model = drawn(small(1));
  Tensors old;
  for (const auto& [name, value] : released(model)) {
    old[cat("_orig_mod.module.", name == "pred.out_proj" ? "out_proj" : name)] = value;
  }
  old["_orig_mod.module.visual.class_embedding"] = old.at("_orig_mod.module.visual.class_embedding").squeeze(0);
  old["_orig_mod.module.logit_scale"] = old.at("_orig_mod.module.logit_scale").reshape({1});
  json about = modelConfig();
  about["vision_cfg"]["ncls"] = 1;
  put(old, about);
  LIX_ASSERT_OK(import());
  expectWritten(model);

  Tensors halves;
  Model rounded = model;
  for (const auto& [name, value] : released(model)) {
    halves["module." + name] = value.to(name == "q_proj" ? at::kBFloat16 : at::kHalf);
  }
  for (auto& [name, value] : rounded.parameters) {
    value = value.to(name == "llip.q_proj" ? at::kBFloat16 : at::kHalf).to(at::kFloat);
  }
  put(halves, about);
  LIX_ASSERT_OK(import());
  expectWritten(rounded);
}

TEST_F(Import, TauAsPublishedForTheWidth) {
  ModelConfig config = small();
  config.vision = {1024, 1, 16, 64, Activation::QuickGelu, 1e-5};
  put(released(drawn(config)));
  const auto imported = import();
  LIX_ASSERT_OK(imported);
  EXPECT_EQ(imported->config.mixture->tau, 1.0);
  EXPECT_EQ(imported->config.vision.heads, 16);
  refused("A tau of -1", {.tau = -1.0, .tokenizer = {}});
}

TEST_F(Import, WeightsThatDoNotFit) {
  const Model model = drawn(small());
  const auto changed = [&](const std::function<void(Tensors&)>& change) {
    Tensors tensors = released(model);
    change(tensors);
    put(tensors, modelConfig());
  };
  changed([](Tensors& t) { t.erase("ln_final.bias"), t.erase("q_proj"); });
  refused("lacks the weights ln_final.bias");
  changed([](Tensors& t) { t.erase("ln_final.bias"), t.erase("visual.transformer.resblocks.1.ln_1.weight"); });
  refused("lacks the weights ln_final.bias, visual.transformer.resblocks.1.ln_1.weight");
  changed([](Tensors& t) { t.erase("token_embedding.weight"); });
  refused("'token_embedding.weight' is missing");
  changed([](Tensors& t) { t["visual.proj"] = at::zeros({2}); });
  refused("weights that have no place: visual.proj");
  changed([](Tensors& t) { t["out_proj"] = t.at("pred.out_proj"); });
  refused("no place: out_proj");
  changed([](Tensors& t) { t["k_proj"] = t.at("k_proj").narrow(0, 0, 2).contiguous(); });
  refused("k_proj has shape [2, 128, 32] instead of [3, 128, 32]");
  changed([](Tensors& t) { t["q_proj"] = t.at("q_proj").to(at::kInt); });
  refused("q_proj has the type I32");
  changed([](Tensors& t) { t["q_proj"] = t.at("q_proj") / 0.0; });
  refused("'q_proj' holds a value that is not finite");
  changed([](Tensors& t) { t["module.q_proj"] = t.at("q_proj"); });
  refused("'q_proj' twice");
}

TEST_F(Import, ConfigurationsThatDoNotFit) {
  const Tensors tensors = released(drawn(small()));
  json about = modelConfig();
  about["vision_cfg"]["ncls"] = 5;
  put(tensors, about);
  refused("visual.class_embedding has shape [3, 128] instead of [5, 128]");
  about = modelConfig();
  about["num_heads"] = 5;
  put(tensors, about);
  refused("cannot share the embedding width 32");
  about = modelConfig();
  about["vision_cfg"]["head_width"] = 48;
  put(tensors, about);
  refused("number of heads");
  about = modelConfig();
  about["vision_cfg"]["layers"] = {3, 4, 6, 3};
  put(tensors, about);
  refused("has a value that cannot be used");
  put(tensors, json{{"vision_cfg", 1}});
  refused("does not describe a model");
  LIX_ASSERT_OK(writeFile(source() / "model_config.json", "{\"vision_cfg\": {"));
  refused("may be cut off");
}

TEST_F(Import, FilesThatCannotBeImported) {
  refused("is not a checkpoint");
  LIX_ASSERT_OK(writeFile(source() / "epoch_latest.pt", "PK"));
  refused("is not a file of torch.save");
  EXPECT_NE(messageOf(importCheckpoint(source() / "none", out())).find("does not exist"), std::string::npos);
  const Tensors tensors = released(drawn(small()));
  put(tensors, modelConfig());
  const std::string bytes = *readFile(source() / "model.safetensors");
  LIX_ASSERT_OK(writeFile(source() / "model.safetensors", bytes.substr(0, bytes.size() / 2)));
  refused("model.safetensors");
  put({{"weight", at::zeros({2, 2})}}, modelConfig());
  refused("holds no CLIP, SigLIP or Llip under a name that transformers, OpenCLIP or the Llip release use (it has weight)");
  fs::remove(source() / "model.safetensors");
  LIX_ASSERT_OK(saveTensors(source() / "a.safetensors", tensors));
  LIX_ASSERT_OK(saveTensors(source() / "b.safetensors", tensors));
  refused("several files of weights (a.safetensors, b.safetensors)");
}

TEST_F(Import, TokenizersThatDoNotFit) {
  put(released(drawn(small())), modelConfig());
  fs::rename(source() / "bpe_tiny.txt.gz", folder_ / "bpe.gz");
  EXPECT_NE(messageOf(import()).find("There is no tokenizer beside"), std::string::npos);
  LIX_ASSERT_OK(import({.tau = {}, .tokenizer = folder_ / "bpe.gz"}));
  EXPECT_TRUE(loadTokenizer(out()).has_value()) << "also where the file had another name";
  ModelConfig config = small();
  config.vocabulary = 600;
  put(released(drawn(config)));
  EXPECT_NE(messageOf(import({.tau = {}, .tokenizer = folder_ / "bpe.gz"})).find("knows 584 tokens, the weights 600"),
            std::string::npos);
}

TEST_F(Import, WhatIsThereStays) {
  put(released(drawn(small())), modelConfig());
  fs::create_directory(out());
  LIX_ASSERT_OK(importCheckpoint(source(), out()));
  const std::string weights = *readFile(out() / "model.safetensors");
  EXPECT_NE(messageOf(importCheckpoint(source(), out())).find("exists already"), std::string::npos);
  EXPECT_EQ(*readFile(out() / "model.safetensors"), weights);
}

}  // namespace
}  // namespace lix::nn
