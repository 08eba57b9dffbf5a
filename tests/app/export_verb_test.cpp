// A shipped model through lixp export and back, and what the verb refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/support/program.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "support/support.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class ExportVerb : public testing::Test {
 protected:
  Ran run(const std::vector<std::string>& arguments) const {
    return test::ran(test::lixp(arguments), {.folder = folder_.path()});
  }
  fs::path shipped(const char* name) const { return test::fixtures().parent_path().parent_path() / "models" / name; }
  at::Tensor texts(const std::string& checkpoint) const {
    std::ofstream(folder_ / "captions.txt") << "a red heart\nTwo cats, laughing!\nan umbrella\n";
    const Ran said = run({"embed", checkpoint, "--captions", "captions.txt", "--out", "e.safetensors"});
    EXPECT_EQ(said.code, 0) << said.err;
    return nn::loadTensors(folder_ / "e.safetensors").value().at("text_embeds");
  }
  void refused(const std::vector<std::string>& arguments, const std::string& part) const {
    const Ran said = run(arguments);
    EXPECT_EQ(said.code, 1);
    const auto found = test::sentences(said);
    ASSERT_EQ(found.size(), 1u) << said.err;
    EXPECT_NE(found[0].find(part), std::string::npos) << found[0];
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  }

  test::TemporaryFolder folder_;
};

TEST_F(ExportVerb, ShippedModelsGoThereAndBack) {
  for (const auto& [name, format] : {std::pair("siglip-tiny-emoji", "hf"), std::pair("llip16-tiny-emoji", "llip")}) {
    const std::string model = shipped(name).string(), there = cat("there-", format), back = cat("back-", format);
    const Ran said = run({"export", model, "--format", format, "--out", there, "--json"});
    ASSERT_EQ(said.code, 0) << said.err;
    const json about = json::parse(said.out);
    EXPECT_NE(std::ranges::find(about["files"], json("README.md")), about["files"].end());
    EXPECT_NE(readFile(folder_ / there / "README.md")->find(cat("# ", name)), std::string::npos);
    ASSERT_EQ(run({"import", there, "--out", back}).code, 0);
    const at::Tensor before = texts(model);
    EXPECT_LT((texts(there) - before).abs().max().item<double>(), 1e-5);
    EXPECT_LT((texts(back) - before).abs().max().item<double>(), 1e-5);
  }
}

TEST_F(ExportVerb, RefusesInOneSentenceAndLeavesNothing) {
  const std::string siglip = shipped("siglip-tiny-emoji").string(), llip = shipped("llip16-tiny-emoji").string();
  refused({"export", "nothing", "--format", "hf", "--out", "out"}, "not a checkpoint");
  refused({"export", llip, "--format", "hf", "--out", "out"}, "--format llip");
  refused({"export", siglip, "--format", "llip", "--out", "out"}, "Only a Llip");
  refused({"export", siglip, "--format", "open_clip", "--out", "out"}, "--format hf");
  EXPECT_EQ(run({"export", siglip, "--format", "onnx", "--out", "out"}).code, 2);
}

}  // namespace
}  // namespace lix
