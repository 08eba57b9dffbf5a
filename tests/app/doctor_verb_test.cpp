// `lixp doctor`: text, JSON and exit status for a checkpoint, a dataset, and what is neither.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/support/made_set.h"
#include "app/support/program.h"
#include "support/support.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class DoctorVerb : public testing::Test {
 protected:
  Ran run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "doctor");
    return test::ran(test::lixp(arguments), {.folder = folder_.path()});
  }
  std::string model() const { return (test::fixtures().parent_path().parent_path() / "models" / "siglip-tiny-emoji").string(); }

  test::TemporaryFolder folder_;
};

TEST_F(DoctorVerb, ACheckpointAsTextAndAsJson) {
  const Ran text = run({model()});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"Verdict: ready.", "image tower: activation", "gelu_pytorch_tanh", "config.json: vision_config.hidden_act",
                           "Known pairs", "QuickGELU in place of GELU", "attention mask over the padding"}) {
    EXPECT_NE(text.out.find(part), std::string::npos) << part;
  }
  const Ran said = run({model(), "--json"});
  EXPECT_EQ(said.code, 0) << said.err;
  const json whole = json::parse(said.out);
  EXPECT_EQ(whole["verdict"], "ready");
  EXPECT_EQ(whole["title"], "SigLIP in transformers' layout");
  EXPECT_EQ(whole["pairs"].size(), 8U);
  EXPECT_GT(whole["mistakes"].size(), 15U);
  EXPECT_TRUE(fs::is_empty(folder_.path())) << "nothing is written";
}

TEST_F(DoctorVerb, ADataset) {
  test::makeDiscs(folder_ / "discs");
  const Ran said = run({"discs/table.csv", "--json"});
  EXPECT_EQ(said.code, 0) << said.err;
  const json whole = json::parse(said.out);
  EXPECT_EQ(whole["subject"], "dataset");
  EXPECT_NE(said.out.find("60"), std::string::npos);
}

TEST_F(DoctorVerb, WhatIsRefusedEndsWithOneAndStillSaysWhatIsKnown) {
  fs::copy(model(), folder_ / "model", fs::copy_options::recursive);
  fs::remove(folder_ / "model" / "spiece.model");
  const Ran said = run({"model"});
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.out.find("Verdict: refused."), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("image tower: width"), std::string::npos);
  EXPECT_TRUE(said.err.empty() || said.err.find("lixp: ") == std::string::npos) << said.err;
  const Ran nothing = run({"./nowhere"});
  EXPECT_EQ(nothing.code, 1);
  EXPECT_EQ(test::sentences(nothing).size(), 1U) << nothing.err;
  EXPECT_EQ(run({}).code, 2);
}

}  // namespace
}  // namespace lix
