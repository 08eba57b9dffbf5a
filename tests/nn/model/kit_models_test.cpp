#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/ops/unit.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
using Tensors = std::map<std::string, at::Tensor>;
using Path = std::filesystem::path;

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

}  // namespace
}  // namespace lix::test
