// Released Llip checkpoints through the program: import, then embed, against the numbers of the released code.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/support/program.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/features.h"
#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"
#include "support/support.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

double worst(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes(), b.sizes());
  return (a - b).abs().max().item<double>();
}

class LlipImport : public testing::TestWithParam<const char*> {
 protected:
  Ran run(const std::vector<std::string>& arguments) const {
    return test::ran(test::lixp(arguments), {.folder = folder_.path()});
  }

  /// The program's embeddings of the reference's pictures and captions.
  std::map<std::string, at::Tensor> embedded(const fs::path& reference, const std::string& checkpoint) const {
    const json about = json::parse(*readFile(reference / "reference.json"));
    std::string captions;
    for (std::string caption : about["captions"]) {
      std::ranges::replace(caption, '\n', ' ');  // a caption a line; white space is all one to the tokenizer
      captions += caption + "\n";
    }
    EXPECT_TRUE(writeFile(folder_ / "captions.txt", captions).has_value());
    std::vector<std::string> arguments{"embed", checkpoint, "--captions", "captions.txt", "--out", "e.safetensors", "--images"};
    for (const json& image : about["images"]) {
      arguments.push_back((reference / image["file"].get<std::string>()).string());
    }
    const Ran said = run(arguments);
    EXPECT_EQ(said.code, 0) << said.err;
    return nn::loadTensors(folder_ / "e.safetensors").value();
  }

  test::TemporaryFolder folder_;
};

TEST_P(LlipImport, GivesTheNumbersOfTheRelease) {
  LIX_SHARED_OR_SKIP(source, cat("parity/", GetParam()));
  const Ran said = run({"import", source.string(), "--out", "five", "--json"});
  ASSERT_EQ(said.code, 0) << said.err;
  const json about = json::parse(said.out);
  EXPECT_EQ(about["architecture"]["K"], 6);
  EXPECT_EQ(about["architecture"]["M"], 4);
  EXPECT_EQ(about["architecture"]["tau"], 5.0);
  EXPECT_EQ(about["architecture"]["norms"], std::string(GetParam()) == "llip_norm");
  EXPECT_NE(about["notes"][0].get<std::string>().find("was assumed"), std::string::npos) << said.out;
  ASSERT_EQ(run({"import", source.string(), "--out", "one", "--tau", "1"}).code, 0);

  const auto reference = nn::loadTensors(source / "reference.safetensors").value();
  const auto five = embedded(source, "five"), one = embedded(source, "one");
  EXPECT_LT(worst(five.at("logits_per_image"), reference.at("logits_tau5")), 5e-4);
  EXPECT_LT(worst(one.at("logits_per_image"), reference.at("logits_tau1")), 5e-4);
  EXPECT_GT(worst(one.at("logits_per_image"), reference.at("logits_tau5")), 5e-3) << "tau counts";
  EXPECT_LT(worst(five.at("text_embeds"), nn::unit(reference.at("zt"))), 1e-5);
  const auto checkpoint = nn::loadCheckpoint(folder_ / "five");
  LIX_ASSERT_OK(checkpoint);
  const auto mixture = nn::projectTokens(checkpoint->model, five.at("image_tokens"));
  EXPECT_LT(worst(mixture.keys, reference.at("K")), 1e-4);
  EXPECT_LT(worst(mixture.values, reference.at("V")), 1e-4);
}

TEST_P(LlipImport, RefusesInOneSentenceAndLeavesNothing) {
  LIX_SHARED_OR_SKIP(source, cat("parity/", GetParam()));
  const auto refused = [&](const std::string& what, const std::string& part) {
    const Ran said = run({"import", what, "--out", "out", "--json"});
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(said.out, "");
    const auto found = test::sentences(said);
    ASSERT_EQ(found.size(), 1u) << said.err;
    EXPECT_NE(found[0].find(part), std::string::npos) << found[0];
    EXPECT_EQ(test::listing(folder_.path()).count("out"), 0u);
  };
  const auto copied = [&](const char* name) {
    fs::copy_file(source / name, folder_ / name, fs::copy_options::overwrite_existing);
    fs::permissions(folder_ / name, fs::perms::owner_all);
  };
  refused("nothing", "does not exist");
  for (const char* name : {"model.safetensors", "model_config.json", "bpe_small.txt.gz"}) {
    copied(name);
  }
  json about = json::parse(*readFile(folder_ / "model_config.json"));
  about["vision_cfg"]["ncls"] = 7;
  LIX_ASSERT_OK(writeFile(folder_ / "model_config.json", about.dump()));
  refused(".", "visual.class_embedding has shape [6, 48] instead of [7, 48]");
  about["vision_cfg"]["ncls"] = 6;
  about["num_heads"] = 5;
  LIX_ASSERT_OK(writeFile(folder_ / "model_config.json", about.dump()));
  refused(".", "cannot share the embedding width 32");
  copied("model_config.json");
  fs::resize_file(folder_ / "model.safetensors", fs::file_size(folder_ / "model.safetensors") - 100);
  refused(".", "model.safetensors");
  LIX_SHARED_OR_SKIP(other, "parity/openclip_clip");
  fs::copy_file(other / "open_clip_model.safetensors", folder_ / "alone.safetensors");
  refused("alone.safetensors", "visual.proj has shape [48, 28] instead of [48, 32]");
}

INSTANTIATE_TEST_SUITE_P(Kit, LlipImport, testing::Values("llip", "llip_norm"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace lix
