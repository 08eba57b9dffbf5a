// OpenCLIP's files as they are loaded: each of our weights is put by hand where OpenCLIP has it.
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/timm.h"
#include "nn/features.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;
using Tensors = std::map<std::string, at::Tensor>;

ModelConfig clipConfig() {
  ModelConfig config{.towers = Towers::Clip, .imageSize = 16, .patch = 8};
  config.vision = {32, 2, 2, 48, Activation::GeluErf, 1e-5};
  config.classTokens = 1;
  config.text = {24, 1, 3, 96, Activation::GeluErf, 1e-5};
  config.vocabulary = 40;
  config.contextLength = 6;
  config.eosId = 39;
  config.padId = 0;
  config.embedWidth = 20;
  return config;
}

json clipJson() {
  return {{"model_cfg",
           {{"embed_dim", 20},
            {"vision_cfg", {{"image_size", 16}, {"layers", 2}, {"width", 32}, {"head_width", 16}, {"mlp_ratio", 1.5}, {"patch_size", 8}}},
            {"text_cfg", {{"context_length", 6}, {"vocab_size", 40}, {"width", 24}, {"heads", 3}, {"layers", 1}}}}},
          {"preprocess_cfg", {{"mean", {0.5, 0.5, 0.5}}, {"std", {0.5, 0.25, 0.5}}, {"interpolation", "bilinear"}}}};
}

ModelConfig siglipConfig() {
  ModelConfig config{.towers = Towers::Siglip, .imageSize = 17, .patch = 8};
  config.vision = {128, 1, 2, 96, Activation::GeluErf, 1e-6};
  config.text = {24, 1, 3, 36, Activation::GeluTanh, 1e-6};
  config.vocabulary = 40;
  config.contextLength = 6;
  config.embedWidth = 128;
  return config;
}

json siglipJson() {
  return {{"model_cfg",
           {{"embed_dim", 128},
            {"custom_text", true},
            {"vision_cfg", {{"image_size", 17}, {"timm_model_name", "vit_own_patch8_siglip_17"}, {"timm_pool", "map"}, {"timm_proj", "none"}}},
            {"text_cfg",
             {{"context_length", 6}, {"vocab_size", 40}, {"width", 24}, {"heads", 3}, {"layers", 1}, {"mlp_ratio", 1.5},
              {"hf_tokenizer_name", "x"}, {"no_causal_mask", true}, {"proj_bias", true}, {"pool_type", "last"},
              {"norm_kwargs", {{"eps", 1e-6}}}, {"act_kwargs", {{"approximate", "tanh"}}}}}}},
          {"preprocess_cfg", {{"mean", {0.5, 0.5, 0.5}}, {"std", {0.5, 0.5, 0.5}}, {"resize_mode", "squash"}}}};
}

Model drawn(const ModelConfig& config, bool bias) {
  Model model = makeModel(config, 11).value();
  std::uint64_t seed = 3;
  for (auto& [name, value] : model.parameters) {  // biases and norms too: nothing at a special point
    value = (value + test::normals(value.sizes().vec(), ++seed).to(at::kFloat) * 0.1).contiguous();
  }
  model.parameters["logit_scale"] = at::full({}, 2.5);
  if (bias) {
    model.parameters["logit_bias"] = at::full({}, -9.0);
  }
  return model;
}

/// Puts parameters of ours under names of theirs.
struct Mover {
  const Parameters& p;
  Tensors out;

  void one(const std::string& ours, const std::string& theirs) { out[theirs] = p.at(ours); }
  void pair(const std::string& ours, const std::string& theirs) {
    one(ours + ".weight", theirs + ".weight");
    one(ours + ".bias", theirs + ".bias");
  }
  void packed(const std::string& ours, const std::string& theirs, const char* join) {
    for (const char* kind : {"weight", "bias"}) {
      const auto part = [&](const char* name) { return p.at(cat(ours, name, "_proj.", kind)); };
      out[cat(theirs, join, kind)] = at::cat({part("q"), part("k"), part("v")});
    }
  }
  void plainBlocks(const std::string& ours, const std::string& theirs, int depth) {
    for (int i = 0; i < depth; ++i) {
      const std::string from = cat(ours, ".encoder.layers.", i, "."), to = cat(theirs, "transformer.resblocks.", i, ".");
      packed(from + "self_attn.", to + "attn.in_proj", "_");
      pair(from + "self_attn.out_proj", to + "attn.out_proj");
      pair(from + "layer_norm1", to + "ln_1");
      pair(from + "layer_norm2", to + "ln_2");
      pair(from + "mlp.fc1", to + "mlp.c_fc");
      pair(from + "mlp.fc2", to + "mlp.c_proj");
    }
  }
  void text(const ModelConfig& config, const std::string& prefix) {
    plainBlocks("text_model", prefix, config.text.depth);
    pair("text_model.final_layer_norm", prefix + "ln_final");
    one("text_model.embeddings.token_embedding.weight", prefix + "token_embedding.weight");
    one("text_model.embeddings.position_embedding.weight", prefix + "positional_embedding");
    for (const char* name : {"logit_scale", "logit_bias"}) {
      if (p.contains(name)) {
        one(name, name);
      }
    }
  }
};

Tensors clipTensors(const Model& model, const std::string& prefix = "") {
  Mover mover{model.parameters, {}};
  mover.text(model.config, prefix);
  mover.plainBlocks("vision_model", "visual.", model.config.vision.depth);
  if (model.config.variant.preNorm) {
    mover.pair("vision_model.pre_layrnorm", "visual.ln_pre");
  }
  mover.pair("vision_model.post_layernorm", "visual.ln_post");
  mover.one("vision_model.embeddings.class_embedding", "visual.class_embedding");
  mover.one("vision_model.embeddings.patch_embedding.weight", "visual.conv1.weight");
  mover.one("vision_model.embeddings.position_embedding.weight", "visual.positional_embedding");
  mover.out["visual.proj"] = model.parameters.at("visual_projection.weight").t().contiguous();
  if (model.parameters.contains("text_projection.bias")) {
    mover.pair("text_projection", prefix + "text_projection");
  } else {
    mover.out[prefix + "text_projection"] = model.parameters.at("text_projection.weight").t().contiguous();
  }
  return mover.out;
}

Tensors siglipTensors(const Model& model) {
  Mover mover{model.parameters, {}};
  const std::string trunk = "visual.trunk.", head = "vision_model.head.", pool = trunk + "attn_pool.";
  mover.text(model.config, "text.");
  mover.pair("text_model.head", "text.text_projection");
  mover.pair("vision_model.embeddings.patch_embedding", trunk + "patch_embed.proj");
  mover.out[trunk + "pos_embed"] = model.parameters.at("vision_model.embeddings.position_embedding.weight").unsqueeze(0);
  for (int i = 0; i < model.config.vision.depth; ++i) {
    const std::string from = cat("vision_model.encoder.layers.", i, "."), to = cat(trunk, "blocks.", i, ".");
    mover.packed(from + "self_attn.", to + "attn.qkv", ".");
    mover.pair(from + "self_attn.out_proj", to + "attn.proj");
    mover.pair(from + "layer_norm1", to + "norm1");
    mover.pair(from + "layer_norm2", to + "norm2");
    mover.pair(from + "mlp.fc1", to + "mlp.fc1");
    mover.pair(from + "mlp.fc2", to + "mlp.fc2");
  }
  mover.pair("vision_model.post_layernorm", trunk + "norm");
  if (model.config.variant.imagePool != TowerVariant::ImagePool::Own) {
    return mover.out;
  }
  const std::int64_t width = model.config.vision.width;
  for (const char* kind : {"weight", "bias"}) {
    const at::Tensor whole = model.parameters.at(cat(head, "attention.in_proj_", kind));
    mover.out[cat(pool, "q.", kind)] = whole.narrow(0, 0, width).contiguous();
    mover.out[cat(pool, "kv.", kind)] = whole.narrow(0, width, 2 * width).contiguous();
  }
  mover.one(head + "probe", pool + "latent");
  mover.pair(head + "attention.out_proj", pool + "proj");
  mover.pair(head + "layernorm", pool + "norm");
  mover.pair(head + "mlp.fc1", pool + "mlp.fc1");
  mover.pair(head + "mlp.fc2", pool + "mlp.fc2");
  return mover.out;
}

class OpenClip : public testing::Test {
 protected:
  Result<Checkpoint> load(const Tensors& tensors, const json& config) const {
    LIX_CHECK(saveTensors(folder_ / "open_clip_model.safetensors", tensors));
    LIX_CHECK(writeFile(folder_ / "open_clip_config.json", config.dump()));
    return loadCheckpoint(folder_.path());
  }
  void expectSame(const Tensors& tensors, const json& config, const Model& model) const {
    const auto loaded = load(tensors, config);
    LIX_ASSERT_OK(loaded);
    EXPECT_EQ(configToJson(loaded->model.config, ""), configToJson(model.config, ""));
    ASSERT_EQ(loaded->model.parameters.size(), model.parameters.size());
    for (const auto& [name, value] : model.parameters) {
      EXPECT_TRUE(loaded->model.parameters.at(name).equal(value)) << name;
    }
    // A folder of ours keeps the variant.
    const test::TemporaryFolder ours;
    LIX_ASSERT_OK(saveModel(loaded->model, "", ours.path(), Precision::Float32));
    const auto again = loadCheckpoint(ours.path());
    LIX_ASSERT_OK(again);
    EXPECT_EQ(again->model.config.variant, model.config.variant);
  }
  void refused(const Tensors& tensors, const json& config, const std::string& part) const {
    const std::string message = messageOf(load(tensors, config));
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(OpenClip, PlainTowersFindTheirPlaces) {
  const Model model = drawn(clipConfig(), false);
  expectSame(clipTensors(model), clipJson(), model);
  expectSame(clipTensors(model, "text."), clipJson(), model);  // a CustomTextCLIP of the same towers
  const auto preprocess = loadPreprocess(folder_.path());
  LIX_ASSERT_OK(preprocess);
  EXPECT_EQ(preprocess->filter, Preprocess::Filter::Bilinear);
  EXPECT_EQ(preprocess->fit, Preprocess::Fit::ShortestEdgeCrop);
  EXPECT_EQ(preprocess->centre, Preprocess::Centre::HalfEven);
  EXPECT_EQ(preprocess->deviation[1], 0.25f);
  EXPECT_EQ(preprocess->size, 16);
  Model quick = model;
  quick.config.vision.activation = quick.config.text.activation = Activation::QuickGelu;
  json config = clipJson();
  config["model_cfg"]["quick_gelu"] = true;
  expectSame(clipTensors(quick), config, quick);
  expectSame(clipTensors(quick), config["model_cfg"], quick);  // a built-in configuration has the inner part alone
}

TEST_F(OpenClip, TimmTowersFindTheirPlaces) {
  const Model model = drawn(siglipConfig(), true);
  expectSame(siglipTensors(model), siglipJson(), model);
  EXPECT_EQ(loadPreprocess(folder_.path())->key(), siglipPreprocess(17).key());
  Model mean = drawn([] {
    ModelConfig config = siglipConfig();
    config.variant.imagePool = TowerVariant::ImagePool::Mean;
    return config;
  }(), true);
  expectSame(siglipTensors(mean), siglipJson(), mean);
}

/// Pools, masks and biases that the two families do not have: each changes the vectors, and only those it should.
TEST_F(OpenClip, VariantsAreKeptAndComputed) {
  const auto pixels = test::normals({2, 3, 16, 16}, 5).to(at::kFloat);
  const auto ids = test::captionIds({{38, 3, 4, 39}, {38, 7, 39}}, 6);
  const Model plain = drawn(clipConfig(), false);
  const auto loaded = [&](const char* part, const json& settings, const ModelConfig& wanted) {
    const Model model = drawn(wanted, false);
    json config = clipJson();
    config["model_cfg"][part].update(settings);
    expectSame(clipTensors(model, "text."), config, model);
    return model;
  };
  ModelConfig config = clipConfig();
  config.variant.imagePool = TowerVariant::ImagePool::Mean;
  const Model mean = loaded("vision_cfg", {{"pool_type", "avg"}}, config);
  config.variant.imagePool = TowerVariant::ImagePool::MeanThenNorm;
  const Model then = loaded("vision_cfg", {{"pool_type", "avg"}, {"final_ln_after_pool", true}}, config);
  EXPECT_GT(test::worst(encodeImages(mean, pixels), encodeImages(plain, pixels)), 1e-3);
  EXPECT_GT(test::worst(encodeImages(mean, pixels), encodeImages(then, pixels)), 1e-3);
  EXPECT_EQ(test::worst(encodeTexts(mean, ids).embeds, encodeTexts(plain, ids).embeds), 0.0);
  config = clipConfig();
  config.variant.preNorm = false;
  loaded("vision_cfg", {{"no_ln_pre", true}}, config);
  config = clipConfig();
  config.variant.textMask = TowerVariant::TextMask::None;
  const Model open = loaded("text_cfg", {{"no_causal_mask", true}}, config);
  EXPECT_GT(test::worst(encodeTexts(open, ids).embeds, encodeTexts(plain, ids).embeds), 1e-3);
  EXPECT_FALSE(open.config.trimsCaptions());
  config = clipConfig();
  config.variant.textPool = TowerVariant::TextPool::Last;
  const Model last = loaded("text_cfg", {{"pool_type", "last"}}, config);
  EXPECT_GT(test::worst(encodeTexts(last, ids).embeds, encodeTexts(plain, ids).embeds), 1e-3);
  config = clipConfig();
  config.variant.textPool = TowerVariant::TextPool::Greatest;
  const Model greatest = loaded("text_cfg", {{"hf_tokenizer_name", "some"}}, config);
  EXPECT_EQ(test::worst(encodeTexts(greatest, ids).embeds, encodeTexts(plain, ids).embeds), 0.0) << "39 is the greatest";
  config = clipConfig();
  config.variant.textBias = TowerVariant::Bias::With;
  loaded("text_cfg", {{"proj_bias", true}}, config);
}

TEST_F(OpenClip, OpenAisFileNeedsNoConfiguration) {
  ModelConfig config = clipConfig();
  config.vision = {128, 1, 2, 96, Activation::QuickGelu, 1e-5};
  config.text = {64, 1, 1, 96, Activation::QuickGelu, 1e-5};
  const Model model = drawn(config, false);
  Tensors tensors = clipTensors(model);
  EXPECT_NE(messageOf([&] {
              LIX_EXPECT_OK(saveTensors(folder_ / "ViT.safetensors", tensors));
              return loadCheckpoint(folder_.path());
            }()).find("--activation"),
            std::string::npos);
  for (const char* name : {"input_resolution", "context_length", "vocab_size"}) {
    tensors[name] = at::zeros({}, at::kLong);
  }
  LIX_ASSERT_OK(saveTensors(folder_ / "ViT.safetensors", tensors));
  const auto loaded = loadCheckpoint(folder_.path());
  LIX_ASSERT_OK(loaded);
  EXPECT_EQ(configToJson(loaded->model.config, ""), configToJson(config, ""));
}

TEST_F(OpenClip, PositionTablesAreResizedWhenAsked) {
  Model model = drawn(clipConfig(), false);
  // Bicubic and linear interpolation keep what is the same everywhere.
  model.parameters["vision_model.embeddings.position_embedding.weight"].narrow(0, 1, 4).fill_(0.75);
  model.parameters["text_model.embeddings.position_embedding.weight"].fill_(0.25);
  LIX_ASSERT_OK(load(clipTensors(model), clipJson()));
  auto source = detail::openSource(folder_.path());
  LIX_ASSERT_OK(source);
  const auto resized = detail::convert(std::move(*source), {.imageSize = 32, .contextLength = 9});
  LIX_ASSERT_OK(resized);
  const auto& image = resized->model.parameters.at("vision_model.embeddings.position_embedding.weight");
  const auto& text = resized->model.parameters.at("text_model.embeddings.position_embedding.weight");
  EXPECT_EQ(image.sizes(), (std::vector<std::int64_t>{1 + 16, 32}));
  EXPECT_TRUE(image[0].equal(model.parameters.at("vision_model.embeddings.position_embedding.weight")[0])) << "the class token's";
  EXPECT_LT((image.narrow(0, 1, 16) - 0.75).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(text.sizes(), (std::vector<std::int64_t>{9, 24}));
  EXPECT_LT((text - 0.25).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(resized->model.config.imageSize, 32);
  EXPECT_EQ(resized->preprocess->size, 32);
  for (const detail::ConvertOptions& bad : {detail::ConvertOptions{.imageSize = 4}, detail::ConvertOptions{.imageSize = 1 << 20},
                                            detail::ConvertOptions{.contextLength = 1}}) {
    EXPECT_NE(messageOf(detail::convert(*detail::openSource(folder_.path()), bad)).find("not possible"), std::string::npos);
  }
}

TEST_F(OpenClip, WhatIsNotComputedIsRefused) {
  const Tensors tensors = clipTensors(drawn(clipConfig(), false));
  const auto with = [&](const char* part, const char* key, const json& value) {
    json config = clipJson();
    (std::string(part).empty() ? config["model_cfg"] : config["model_cfg"][part])[key] = value;
    return config;
  };
  refused(tensors, with("text_cfg", "hf_model_name", "roberta-base"), "sets text_cfg.hf_model_name");
  refused(tensors, with("vision_cfg", "attentional_pool", true), "sets vision_cfg.attentional_pool");
  refused(tensors, with("vision_cfg", "layers", {3, 4, 6, 3}), "ResNet");
  refused(tensors, with("", "multimodal_cfg", json::object()), "CoCa");
  refused(tensors, with("vision_cfg", "pool_type", "none"), "vision_cfg.pool_type (none)");
  refused(tensors, with("text_cfg", "pool_type", "eos"), "text_cfg.pool_type (eos)");
  refused(tensors, with("text_cfg", "proj_type", "none"), "text_cfg.proj_type");
  refused(tensors, with("text_cfg", "act_kwargs", {{"approximate", "sigmoid"}}), "text_cfg.act_kwargs");
  refused(tensors, with("text_cfg", "norm_kwargs", {{"epsilon", 1}}), "text_cfg.norm_kwargs");
  refused(tensors, with("vision_cfg", "width", "wide"), "vision_cfg.width");
  refused(tensors, with("vision_cfg", "width", 1e300), "vision_cfg.width");
  refused(tensors, with("vision_cfg", "patch_size", 0), "is not possible");
  refused(tensors, with("vision_cfg", "head_width", 0), "number of heads");
  refused(tensors, with("vision_cfg", "timm_model_name", "vit_base_patch16_224"), "no SigLIP ViT");
  refused(tensors, with("", "vision_cfg", 3), "does not describe a model");
  json config = clipJson();
  config["preprocess_cfg"]["std"] = {0.5, 0.0, 0.5};
  refused(tensors, config, "std that is not positive");
  config["preprocess_cfg"] = {{"interpolation", "nearest"}};
  refused(tensors, config, "interpolation 'nearest'");
  config["preprocess_cfg"] = {{"resize_mode", "stretch"}};
  refused(tensors, config, "resize_mode 'stretch'");
  config["preprocess_cfg"] = {{"resize_mode", "longest"}, {"fill_color", -1}};
  refused(tensors, config, "fill_color -1");
  config["preprocess_cfg"] = {{"mean", {1, 2}}};
  refused(tensors, config, "cannot be used");
  Tensors damaged = tensors;
  damaged.erase("visual.proj");
  refused(damaged, clipJson(), "lacks the weights visual.proj");
  damaged = tensors;
  damaged["visual.extra"] = at::zeros({1});
  refused(damaged, clipJson(), "no place: visual.extra");
}

TEST_F(OpenClip, LongestSidesArePadded) {
  const Model model = drawn(clipConfig(), false);
  json config = clipJson();
  config["preprocess_cfg"] = {{"resize_mode", "longest"}, {"fill_color", 128}, {"mean", 0.5}, {"interpolation", nullptr}};
  expectSame(clipTensors(model), config, model);
  const auto preprocess = loadPreprocess(folder_.path());
  LIX_ASSERT_OK(preprocess);
  EXPECT_EQ(preprocess->fit, Preprocess::Fit::LongestEdgePad);
  EXPECT_EQ(preprocess->fill, 128);
  EXPECT_EQ(preprocess->filter, Preprocess::Filter::Bicubic);
  EXPECT_EQ(preprocess->mean[2], 0.5f) << "one number stands for all three";
}

TEST(Timm, NamesStandForTheirActivations) {
  EXPECT_EQ(detail::timmTower("vit_base_patch16_siglip_224")->activation, Activation::GeluErf);
  EXPECT_EQ(detail::timmTower("vit_base_patch32_siglip_256.v2_webli")->activation, Activation::GeluTanh);
  EXPECT_EQ(detail::timmTower("vit_large_patch16_siglip_512")->activation, Activation::GeluTanh);
  EXPECT_EQ(detail::timmTower("vit_so400m_patch14_siglip_gap_224")->heads, 16);
  EXPECT_EQ(detail::timmTower("vit_giantopt_patch16_siglip_384")->width, 1536);
  EXPECT_FALSE(detail::timmTower("vit_base_patch16_siglip_225").has_value());
  ModelConfig config{.towers = Towers::Siglip, .imageSize = 384, .patch = 16};
  config.vision = {768, 12, 12, 3072, Activation::GeluErf, 1e-6};
  EXPECT_EQ(detail::timmName(config, true), "vit_base_patch16_siglip_384");
  config.vision.activation = Activation::GeluTanh;
  EXPECT_EQ(detail::timmName(config, true), "");
  EXPECT_EQ(detail::timmName(config, false), "vit_base_patch16_siglip_384");
}

}  // namespace
}  // namespace lix::nn
