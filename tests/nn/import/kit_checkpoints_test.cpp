// Every kind of checkpoint of the parity kit, opened where it lies and imported, against the numbers of its own program.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "imaging/decode.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/import/import.h"
#include "nn/checkpoint/preprocess.h"
#include "nn/objective.h"
#include "nn/ops/unit.h"
#include "nn/text/tokenizer.h"
#include "nn_support.h"
#include "study/eval/embed.h"
#include "support/support.h"

namespace lix::test {
namespace {
using namespace nn;
using nlohmann::json;
using Tensors = std::map<std::string, at::Tensor>;
using Path = std::filesystem::path;

/// The pictures that do not depend on how a library treats transparency and palettes.
void checkPixels(const Path& kit, const json& about, const at::Tensor& wanted, const Path& checkpoint) {
  const auto preprocess = loadPreprocess(checkpoint);
  LIX_ASSERT_OK(preprocess);
  std::int64_t row = 0;
  for (const json& image : about["images"]) {
    if (!image.value("optional", false)) {
      const auto picture = imaging::decodeFile(kit / image["file"].get<std::string>());
      LIX_ASSERT_OK(picture);
      EXPECT_LE(worst(study::toPixels(*picture, *preprocess), wanted[row]), 2e-6) << image["file"];
    }
    ++row;
  }
}

void checkIds(const json& about, const at::Tensor& wanted, const Path& checkpoint) {
  const auto tokenizer = loadTokenizer(checkpoint);
  LIX_ASSERT_OK(tokenizer);
  for (std::size_t i = 0; i < about["captions"].size(); ++i) {
    const std::string caption = about["captions"][i];
    const TokenRow row = (*tokenizer)->encode(caption, static_cast<int>(wanted.size(1)));
    const at::Tensor ids = wanted[std::int64_t(i)].contiguous();
    const std::vector<std::int32_t> expected(ids.data_ptr<std::int64_t>(), ids.data_ptr<std::int64_t>() + ids.numel());
    EXPECT_EQ(row.ids, expected) << caption;
  }
}

void checkVectors(const Model& model, const Tensors& reference) {
  const Encoded batch = encodeBatch(model, reference.at("pixel_values_pil"), reference.at("input_ids"));
  if (model.config.mixesByCaption()) {
    EXPECT_LT(worst(unit(batch.text.embeds), unit(reference.at("zt"))), 1e-5);
    EXPECT_LT(worst(logitsOf(model, batch, "mixture"), reference.at("logits_tau5")), 5e-4);
    return;
  }
  EXPECT_LT(worst(unit(batch.image), reference.at("image_embeds_norm")), 1e-5);
  EXPECT_LT(worst(unit(batch.text.embeds), reference.at("text_embeds_norm")), 1e-5);
  EXPECT_LT(worst(logitsOf(model, batch, "dot"), reference.at("logits_per_image")), 5e-4);
}

class KitCheckpoints : public testing::TestWithParam<const char*> {};

TEST_P(KitCheckpoints, OpenedAndImportedGiveTheSameNumbers) {
  LIX_SHARED_OR_SKIP(kit, cat("parity/", GetParam()));
  const json about = json::parse(*readFile(kit / "reference.json"));
  const Tensors reference = *loadTensors(kit / "reference.safetensors");
  const TemporaryFolder folder;
  const auto opened = loadCheckpoint(kit);
  LIX_ASSERT_OK(opened);
  checkVectors(opened->model, reference);
  checkPixels(kit, about, reference.at("pixel_values_pil"), kit);
  const auto imported = importCheckpoint(kit, folder / "out");
  LIX_ASSERT_OK(imported);
  for (const Path& place : {kit, folder / "out"}) {
    SCOPED_TRACE(place.string());
    const auto checkpoint = loadCheckpoint(place);
    LIX_ASSERT_OK(checkpoint);
    checkPixels(kit, about, reference.at("pixel_values_pil"), place);
    checkIds(about, reference.at("input_ids"), place);
    checkVectors(checkpoint->model, reference);
  }
}

INSTANTIATE_TEST_SUITE_P(Kit, KitCheckpoints,
                         testing::Values("hf_clip", "hf_siglip", "hf_siglip2", "openclip_clip", "openclip_siglip", "llip",
                                         "llip_norm"),
                         [](const auto& one) { return std::string(one.param); });

/// The pickles of the kit hold the weights of the safetensors beside them.
TEST(KitPickles, GiveTheSameModel) {
  LIX_SHARED_OR_SKIP(kit, "parity");
  for (const auto& [pickle, beside] : {std::pair("hf_clip/pytorch_model.bin", "hf_clip/model.safetensors"),
                                       std::pair("openclip_clip/open_clip_pytorch_model.bin", "openclip_clip"),
                                       std::pair("llip/epoch_latest.pt", "llip"),
                                       std::pair("llip_norm/epoch_latest.pt", "llip_norm")}) {
    SCOPED_TRACE(pickle);
    const auto one = loadCheckpoint(kit / pickle), other = loadCheckpoint(kit / beside);
    LIX_ASSERT_OK(one);
    LIX_ASSERT_OK(other);
    ASSERT_EQ(one->model.parameters.size(), other->model.parameters.size());
    for (const auto& [name, value] : other->model.parameters) {
      EXPECT_TRUE(one->model.parameters.at(name).equal(value)) << name;
    }
  }
}

TEST(KitNaFlex, IsRefusedWithWhatToDo) {
  LIX_SHARED_OR_SKIP(kit, "parity/hf_siglip2_naflex_optional");
  const TemporaryFolder folder;
  for (const std::string& said : {messageOf(loadCheckpoint(kit)), messageOf(importCheckpoint(kit, folder / "out"))}) {
    EXPECT_NE(said.find("NaFlex"), std::string::npos) << said;
    EXPECT_NE(said.find("fixed resolution"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace lix::test
