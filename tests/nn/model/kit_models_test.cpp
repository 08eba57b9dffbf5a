#include <ATen/ops/cat.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
using Tensors = std::map<std::string, at::Tensor>;
using Path = std::filesystem::path;

at::Tensor logitsOf(const Model& model, const Encoded& batch, const char* scorer) {
  const auto cosines = (*findScorer(scorer))->score({batch, {}}).cosines;
  const auto bias = model.parameters.find("logit_bias");
  const auto logits = cosines * model.parameters.at("logit_scale").exp();
  return bias == model.parameters.end() ? logits : logits + bias->second;
}

/// Embeddings and logits of a Hugging Face folder against transformers, in single and in double precision.
void checkFolder(const Path& folder) {
  const auto checkpoint = loadCheckpoint(folder);
  LIX_ASSERT_OK(checkpoint);
  const auto reference = loadTensors(folder / "reference.safetensors");
  LIX_ASSERT_OK(reference);
  const auto& pixels = reference->at("pixel_values_pil");
  const auto& ids = reference->at("input_ids");
  const Encoded single = encodeBatch(checkpoint->model, pixels, ids);
  EXPECT_LT(worst(single.image, reference->at("image_embeds")), 1e-4);
  EXPECT_LT(worst(single.text.embeds, reference->at("text_embeds")), 1e-4);
  EXPECT_LT(worst(unit(single.image), reference->at("image_embeds_norm")), 1e-5);
  EXPECT_LT(worst(unit(single.text.embeds), reference->at("text_embeds_norm")), 1e-5);
  EXPECT_LT(worst(logitsOf(checkpoint->model, single, "dot"), reference->at("logits_per_image")), 5e-4);

  const Model model = inDouble(checkpoint->model);
  const Encoded exact = encodeBatch(model, pixels.to(at::kDouble), ids);
  EXPECT_LT(worst(exact.image, reference->at("image_embeds_f64")), 1e-9);
  EXPECT_LT(worst(exact.text.embeds, reference->at("text_embeds_f64")), 1e-9);
  EXPECT_LT(worst(logitsOf(model, exact, "dot"), reference->at("logits_per_image_f64")), 1e-9);
  EXPECT_EQ(checkpoint->recipe, "");
}

void checkNames(const Path& folder, std::set<std::string> scalars) {
  const auto file = SafetensorsFile::open(folder / "model.safetensors");
  LIX_ASSERT_OK(file);
  const auto config = configFromJson(*readFile(folder / "config.json"), "config.json");
  LIX_ASSERT_OK(config);
  std::set<std::string> ours = std::move(scalars), theirs;
  for (const auto& spec : parameterSpecs(*config)) {
    ours.insert(spec.name);
  }
  for (const auto& [name, view] : file->tensors()) {
    theirs.insert(name);
  }
  EXPECT_EQ(ours, theirs);
}

TEST(KitSiglip, EmbeddingsAndLogits) {
  LIX_SHARED_OR_SKIP(folder, "parity/hf_siglip");
  checkFolder(folder);
  checkNames(folder, {"logit_scale", "logit_bias"});
  EXPECT_EQ(loadPreprocess(folder)->key(), siglipPreprocess(32).key());
}

TEST(KitSiglip2, SparseConfigAndBilinear) {
  LIX_SHARED_OR_SKIP(folder, "parity/hf_siglip2");
  checkFolder(folder);
  checkNames(folder, {"logit_scale", "logit_bias"});
  EXPECT_EQ(loadPreprocess(folder)->filter, Preprocess::Filter::Bilinear);
  EXPECT_EQ(loadPreprocess(folder)->size, 48);
}

TEST(KitClip, EmbeddingsAndLogits) {
  LIX_SHARED_OR_SKIP(folder, "parity/hf_clip");
  checkFolder(folder);
  checkNames(folder, {"logit_scale"});
  EXPECT_EQ(loadPreprocess(folder)->key(), clipPreprocess(32).key());
}

/// Causal towers: what comes after the end token changes nothing.
TEST(KitClip, TrimmedCaptionsGiveTheSameEmbeddings) {
  LIX_SHARED_OR_SKIP(folder, "parity/hf_clip");
  const auto checkpoint = loadCheckpoint(folder);
  LIX_ASSERT_OK(checkpoint);
  const Tensors reference = *loadTensors(folder / "reference.safetensors");
  const auto length = reference.at("attention_mask").sum(1).max().item<std::int64_t>();
  const auto& ids = reference.at("input_ids");
  const auto shortRow = ids.select(0, 0).unsqueeze(0);
  const auto rowLength = reference.at("attention_mask").select(0, 0).sum().item<std::int64_t>();
  ASSERT_LT(rowLength, ids.size(1));
  const Model model = inDouble(checkpoint->model);
  EXPECT_LT(worst(encodeTexts(model, ids.narrow(1, 0, length)).embeds, encodeTexts(model, ids).embeds), 1e-12);
  EXPECT_LT(worst(encodeTexts(model, shortRow.narrow(1, 0, rowLength)).embeds, encodeTexts(model, shortRow).embeds),
            1e-12);
}

/// Llip's released names to ours: packed attention is split, x W becomes W', the norms and projections get the prefix.
Model fromReleased(const Tensors& released, const ModelConfig& config) {
  Model model{config, {}};
  Parameters& p = model.parameters;
  const auto blocks = [&](const std::string& from, const std::string& to, const EncoderConfig& encoder) {
    for (int i = 0; i < encoder.depth; ++i) {
      const std::string old = cat(from, "transformer.resblocks.", i, "."), name = cat(to, ".encoder.layers.", i, ".");
      for (const char* kind : {"weight", "bias"}) {
        const auto packed = released.at(cat(old, "attn.in_proj_", kind)).chunk(3, 0);
        p[cat(name, "self_attn.q_proj.", kind)] = packed[0];
        p[cat(name, "self_attn.k_proj.", kind)] = packed[1];
        p[cat(name, "self_attn.v_proj.", kind)] = packed[2];
        p[cat(name, "self_attn.out_proj.", kind)] = released.at(cat(old, "attn.out_proj.", kind));
        p[cat(name, "layer_norm1.", kind)] = released.at(cat(old, "ln_1.", kind));
        p[cat(name, "layer_norm2.", kind)] = released.at(cat(old, "ln_2.", kind));
        p[cat(name, "mlp.fc1.", kind)] = released.at(cat(old, "mlp.c_fc.", kind));
        p[cat(name, "mlp.fc2.", kind)] = released.at(cat(old, "mlp.c_proj.", kind));
      }
    }
  };
  blocks("visual.", "vision_model", config.vision);
  blocks("", "text_model", config.text);
  std::vector<std::pair<std::string, std::string>> names{
      {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
      {"visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"},
      {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
      {"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
      {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
      {"k_proj", "llip.k_proj"},
      {"v_proj", "llip.v_proj"},
      {"q_proj", "llip.q_proj"},
      {"pred.out_proj", "llip.out_proj"},
      {"logit_scale", "logit_scale"},
      {"logit_bias", "logit_bias"}};
  std::vector<std::pair<std::string, std::string>> norms{{"visual.ln_pre", "vision_model.pre_layrnorm"},
                                                         {"visual.ln_post", "vision_model.post_layernorm"},
                                                         {"ln_final", "text_model.final_layer_norm"}};
  if (config.mixture->norms) {
    norms.insert(norms.end(), {{"K_norm", "llip.k_norm"}, {"Q_norm", "llip.q_norm"}, {"V_norm", "llip.v_norm"}});
  }
  for (const auto& [from, to] : norms) {
    names.insert(names.end(), {{from + ".weight", to + ".weight"}, {from + ".bias", to + ".bias"}});
  }
  for (const auto& [from, to] : names) {
    p[to] = released.at(from);
  }
  p["text_projection.weight"] = released.at("text_projection").t();
  for (auto& [name, value] : p) {
    value = value.clone(at::MemoryFormat::Contiguous);
  }
  return model;
}

ModelConfig llipConfig(const Path& folder) {
  const auto json = nlohmann::json::parse(*readFile(folder / "model_config.json"));
  const auto& vision = json.at("vision_cfg");
  const auto& text = json.at("text_cfg");
  const int width = vision.at("width"), textWidth = text.at("width");
  return {.towers = Towers::Clip,
          .imageSize = vision.at("image_size"),
          .patch = vision.at("patch_size"),
          .vision = {width, vision.at("layers"), width / vision.at("head_width").get<int>(),
                     int(width * vision.at("mlp_ratio").get<double>()), Activation::QuickGelu, 1e-5},
          .classTokens = vision.at("ncls"),
          .head = ImageHead::Mixture,
          .text = {textWidth, text.at("layers"), text.at("heads"), 4 * textWidth, Activation::QuickGelu, 1e-5},
          .vocabulary = text.at("vocab_size"),
          .contextLength = text.at("context_length"),
          .eosId = 1513,
          .padId = 0,
          .embedWidth = json.at("embed_dim"),
          .mixture = MixtureConfig{.heads = json.at("num_heads"), .tau = 5.0, .norms = json.value("use_norm", false)}};
}

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
  const auto released = loadTensors(folder / "model.safetensors");
  LIX_ASSERT_OK(released);
  const Tensors reference = *loadTensors(folder / "reference.safetensors");
  Model model = fromReleased(*released, llipConfig(folder));
  LIX_ASSERT_OK(model.config.validate());
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
