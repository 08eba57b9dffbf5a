// There and back: a model that is exported and opened again gives the same vectors.
#include <ATen/ops/full.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/export/export.h"
#include "nn/checkpoint/export/layouts.h"
#include "nn/checkpoint/import/convert.h"
#include "nn/checkpoint/import/import.h"
#include "nn/objective.h"
#include "nn_support.h"
#include "support/support.h"

namespace lix::nn {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::messageOf;

class Export : public testing::Test {
 protected:
  void SetUp() override { fs::create_directory(source()); }
  fs::path source() const { return folder_ / "ours"; }
  fs::path out() const { return folder_ / "out"; }

  /// A checkpoint of ours with the tiny vocabulary of the fixtures, every weight away from its special points.
  Checkpoint made(const char* recipe, const std::function<void(ModelConfig&)>& change = [](ModelConfig&) {}) const {
    ModelConfig config = test::smallConfig(*findRecipe(recipe));
    config.vocabulary = 584;
    config.eosId = config.towers == Towers::Clip ? 583 : 1;
    config.padId = config.towers == Towers::Clip ? 0 : 1;
    change(config);
    Model model = makeModel(config, 3).value();
    for (auto& [name, value] : model.parameters) {
      value = (value + test::normals(value.sizes().vec(), hash64(name)).to(at::kFloat) * 0.1).contiguous();
    }
    const bool vector = config.towers == Towers::Siglip;
    model.parameters["logit_scale"] = vector ? at::full({1}, 2.0) : at::full({}, 2.0);
    if (vector || config.mixture) {
      model.parameters["logit_bias"] = vector ? at::full({1}, -5.0) : at::full({}, -5.0);
    }
    EXPECT_TRUE(saveModel(model, recipe, source(), Precision::Float32, 17).has_value());
    Preprocess preprocess = vector ? siglipPreprocess(config.imageSize) : clipPreprocess(config.imageSize);
    preprocess.centre = vector ? Preprocess::Centre::Truncate : Preprocess::Centre::HalfEven;
    EXPECT_TRUE(savePreprocess(preprocess, source()).has_value());
    fs::copy_file(test::fixtures() / "nn/clip_bpe/bpe_tiny.txt.gz", source() / "bpe_tiny.txt.gz",
                  fs::copy_options::overwrite_existing);
    return loadCheckpoint(source()).value();
  }

  void expectSameVectors(const Model& one, const Model& other, const char* scorer) const {
    const auto side = one.config.imageSize;
    const auto pixels = test::normals({3, 3, side, side}, 5).to(at::kFloat);
    const auto end = one.config.eosId;
    at::Tensor ids = test::captionIds({{582, 3, 4, end}, {582, 7, end}}, one.config.contextLength);
    const Encoded a = encodeBatch(one, pixels, ids);
    const Encoded b = encodeBatch(other, pixels, ids);
    EXPECT_LT(test::worst(a.text.embeds, b.text.embeds), 1e-5);
    if (one.config.mixesByCaption()) {
      EXPECT_LT(test::worst(a.mixture.keys, b.mixture.keys), 1e-5);
      EXPECT_LT(test::worst(a.mixture.values, b.mixture.values), 1e-5);
      EXPECT_LT(test::worst(a.text.query, b.text.query), 1e-5);
    } else {
      EXPECT_LT(test::worst(a.image, b.image), 1e-5);
    }
    EXPECT_LT(test::worst(test::logitsOf(one, a, scorer), test::logitsOf(other, b, scorer)), 1e-5);
  }

  /// Exported, opened where it lies, and imported.
  void thereAndBack(const Checkpoint& checkpoint, ExportFormat format, const char* scorer = "dot") const {
    fs::remove_all(out());
    const auto exported = exportCheckpoint(source(), out(), format);
    LIX_ASSERT_OK(exported);
    const auto opened = loadCheckpoint(out());
    LIX_ASSERT_OK(opened);
    expectSameVectors(checkpoint.model, opened->model, scorer);
    const test::TemporaryFolder again;
    LIX_ASSERT_OK(importCheckpoint(out(), again / "in"));
    expectSameVectors(checkpoint.model, loadCheckpoint(again / "in")->model, scorer);
    EXPECT_EQ(loadPreprocess(out())->size, checkpoint.model.config.imageSize);
  }

  void refused(ExportFormat format, const std::string& part) const {
    const std::string message = messageOf(exportCheckpoint(source(), out(), format));
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
    EXPECT_FALSE(fs::exists(out())) << "nothing half-written";
  }

  test::TemporaryFolder folder_;
};

TEST_F(Export, ClipToTransformersAndOpenClip) {
  for (const Activation activation : {Activation::QuickGelu, Activation::GeluErf, Activation::GeluTanh}) {
    const Checkpoint checkpoint = made("clip", [&](ModelConfig& c) {
      c.vision.activation = c.text.activation = activation;
      c.vision.mlpWidth = 13;  // 13 / 8 and 11 / 6 of the widths: the ratio must come back to them
      c.text.mlpWidth = 11;
    });
    thereAndBack(checkpoint, ExportFormat::HuggingFace);
    EXPECT_EQ(json::parse(*readFile(out() / "config.json"))["model_type"], "clip");
    const json vocabulary = json::parse(*readFile(out() / "vocab.json"));
    EXPECT_EQ(vocabulary.size(), 584u);
    EXPECT_EQ(vocabulary["<|endoftext|>"], 583);
    EXPECT_FALSE(fs::exists(out() / "bpe_tiny.txt.gz"));
    if (activation != Activation::GeluTanh) {
      thereAndBack(checkpoint, ExportFormat::OpenClip);
      EXPECT_TRUE(fs::exists(out() / "bpe_tiny.txt.gz"));
    }
  }
}

/// Captions that end with an id which is not the greatest.
TEST_F(Export, ClipThatPoolsAtAnEndTokenOfItsOwn) {
  const Checkpoint checkpoint = made("clip", [](ModelConfig& c) { c.eosId = c.padId = 1; });
  thereAndBack(checkpoint, ExportFormat::HuggingFace);
  thereAndBack(checkpoint, ExportFormat::OpenClip);
  EXPECT_EQ(json::parse(*readFile(out() / "open_clip_config.json"))["model_cfg"]["text_cfg"]["pool_type"], "eos");
}

TEST_F(Export, SiglipToTransformers) {
  const Checkpoint checkpoint = made("siglip");
  fs::remove_all(out());
  LIX_ASSERT_OK(exportCheckpoint(source(), out(), ExportFormat::HuggingFace));
  const auto opened = loadCheckpoint(out());
  LIX_ASSERT_OK(opened);
  expectSameVectors(checkpoint.model, opened->model, "dot");
  EXPECT_EQ(opened->model.parameters.at("logit_scale").dim(), 1) << "as SiglipModel has it";
  fs::remove_all(out());
  refused(ExportFormat::Llip, "Only a Llip");
}

/// The layout of a timm tower, for a size that timm has no name for (which the export refuses).
TEST_F(Export, SiglipInOpenClipsLayout) {
  const Checkpoint checkpoint = made("siglip", [](ModelConfig& c) {
    c.vision = {64, 1, 1, 96, Activation::GeluTanh, 1e-6};
    c.embedWidth = 64;
  });
  refused(ExportFormat::OpenClip, "timm");
  const auto layout = detail::openClipLayout(checkpoint, siglipPreprocess(4), {}, "vit_own_patch2_siglip_4");
  LIX_ASSERT_OK(layout);
  LIX_ASSERT_OK(saveTensors(folder_ / layout->weightsName, layout->weights));
  LIX_ASSERT_OK(writeFile(folder_ / layout->configName, layout->config));
  EXPECT_EQ(layout->weights.at("visual.trunk.attn_pool.kv.weight").size(0), 128);
  EXPECT_EQ(layout->weights.at("text.text_projection.weight").size(0), 64);
  const auto opened = loadCheckpoint(folder_.path());
  LIX_ASSERT_OK(opened);
  expectSameVectors(checkpoint.model, opened->model, "dot");
  EXPECT_EQ(layout->weights.at("visual.trunk.pos_embed").sizes().vec(), (std::vector<std::int64_t>{1, 4, 64}))
      << "timm keeps it as a batch of one, and refuses another shape";
  EXPECT_EQ(loadPreprocess(folder_.path())->key(), siglipPreprocess(4).key());
}

TEST_F(Export, LlipInItsReleasesLayout) {
  for (const bool norms : {false, true}) {
    const Checkpoint checkpoint = made("llip", [&](ModelConfig& c) {
      c.mixture->norms = norms;
      c.text.heads = 1;
    });
    thereAndBack(checkpoint, ExportFormat::Llip, "mixture");
    const auto tensors = *loadTensors(out() / "model.safetensors");
    EXPECT_TRUE(tensors.contains("pred.out_proj"));
    EXPECT_EQ(tensors.contains("K_norm.weight"), norms);
  }
  // A vocabulary of ours, whose captions end with the id 1.
  thereAndBack(made("llip", [](ModelConfig& c) { c.eosId = c.padId = 1, c.text.heads = 1; }), ExportFormat::Llip, "mixture");
  fs::remove_all(out());
  refused(ExportFormat::HuggingFace, "--format llip");
  refused(ExportFormat::OpenClip, "--format llip");
}

TEST_F(Export, VariantsGoToOpenClipOnly) {
  const Checkpoint checkpoint = made("clip", [](ModelConfig& c) {
    c.variant.imagePool = TowerVariant::ImagePool::MeanThenNorm;
    c.variant.textMask = TowerVariant::TextMask::None;
    c.variant.textPool = TowerVariant::TextPool::Last;
    c.variant.textBias = TowerVariant::Bias::With;
    c.variant.preNorm = false;
  });
  refused(ExportFormat::HuggingFace, "--format open_clip");
  fs::remove_all(out());
  LIX_ASSERT_OK(exportCheckpoint(source(), out(), ExportFormat::OpenClip));
  const auto opened = loadCheckpoint(out());
  LIX_ASSERT_OK(opened);
  EXPECT_EQ(opened->model.config.variant, checkpoint.model.config.variant);
  expectSameVectors(checkpoint.model, opened->model, "dot");
}

TEST_F(Export, TheCardSaysWhatIsKnown) {
  made("clip");
  LIX_ASSERT_OK(exportCheckpoint(source(), out(), ExportFormat::HuggingFace,
                                 {.name = "mine",
                                  .dataset = "emoji",
                                  .training = {{"steps", "20"}, {"empty", ""}},
                                  .measured = {{"zero-shot", "a|b\nc", "top1", "0.5"}}}));
  const std::string card = *readFile(out() / "README.md");
  for (const char* part : {"---\npipeline_tag: zero-shot-image-classification\n", "# mine", "AutoModel.from_pretrained", "| recipe | clip |",
                           "| data | emoji |", "| seed | 17 |", "| steps | 20 |", "| zero-shot | a/b c | top1 | 0.5 |"}) {
    EXPECT_NE(card.find(part), std::string::npos) << part << "\n" << card;
  }
  EXPECT_EQ(card.find("| empty"), std::string::npos);
}

TEST_F(Export, WhatIsThereStaysAndWhatLacksIsSaid) {
  made("clip");
  fs::create_directory(out());
  LIX_ASSERT_OK(writeFile(out() / "mine.txt", "x"));
  EXPECT_NE(messageOf(exportCheckpoint(source(), out(), ExportFormat::HuggingFace)).find("exists already"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator(out()), fs::directory_iterator()), 1);
  fs::remove_all(out());
  fs::remove(source() / "bpe_tiny.txt.gz");
  refused(ExportFormat::HuggingFace, "has no tokenizer");
  EXPECT_NE(messageOf(exportCheckpoint(folder_ / "nowhere", out(), ExportFormat::Llip)).find("not a checkpoint"), std::string::npos);
  EXPECT_FALSE(exportFormatNamed("onnx").has_value());
}

}  // namespace
}  // namespace lix::nn
