// lixp sweep: every combination is trained and measured once, failures keep their reason, a repeat does nothing again.
#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "store/evaluation_store.h"
#include "store/run_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class SweepTest : public test::LixpTest {
 protected:
  void write(const json& plan) const { LIX_EXPECT_OK(writeFile(at("plan.json"), plan.dump())); }
  static json plan() {
    return {{"name", "tokens"},
            {"train", {{"recipe", "llip"}, {"data", "discs"}, {"size", "tiny"}, {"steps", 2}, {"batch", 8}, {"threads", 1}}},
            {"axes", {{"tokens", {2, 3}}, {"seed", {0, 1}}}},
            {"evaluate", {{{"what", "zero-shot"}, {"data", "discs"}}}}};
  }
  std::size_t rows() const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::EvaluationStore(*workspace).list({.kind = "zero-shot", .metric = "top1"})->size();
  }
};

TEST_F(SweepTest, TrainsAndMeasuresEachCombinationOnce) {
  write(plan());
  const json first = good({"sweep", "plan.json", "--out", "tidy.csv"});
  ASSERT_EQ(first["cells"].size(), 4u);
  EXPECT_EQ(first["failed"], 0);
  for (const json& cell : first["cells"]) {
    EXPECT_EQ(cell["status"], "done") << cell;
    EXPECT_TRUE(fs::exists(fs::path(cell["checkpoint"].get<std::string>()) / "config.json"));
  }
  EXPECT_EQ(rows(), 4u);
  const auto lines = split(*readFile(at("tidy.csv")), '\n');
  EXPECT_TRUE(lines[0].starts_with("tokens,seed,status,reason,kind,")) << lines[0];
  const auto top1 = std::ranges::count_if(lines, [](const auto& line) { return line.find(",top1,") != std::string::npos; });
  EXPECT_EQ(top1, 4);

  const json again = good({"sweep", "plan.json"});
  EXPECT_EQ(again["failed"], 0);
  EXPECT_EQ(rows(), 4u) << "nothing is measured twice";
  json more = plan();
  more["axes"]["seed"] = {0, 1, 2};
  write(more);
  EXPECT_EQ(good({"sweep", "plan.json"})["cells"].size(), 6u);
  EXPECT_EQ(rows(), 6u);
}

TEST_F(SweepTest, AFailureKeepsItsReasonAndTheOthersGoOn) {
  json wanted = plan();
  wanted["axes"] = {{"mixture_heads", {8, 7}}};
  wanted["train"]["tokens"] = 2;
  write(wanted);
  const json done = good({"sweep", "plan.json", "--out", "tidy.csv"});
  EXPECT_EQ(done["failed"], 1);
  std::map<std::string, json> byName;
  for (const json& cell : done["cells"]) {
    byName[cell["name"]] = cell;
  }
  EXPECT_EQ(byName["mixture_heads=8"]["status"], "done");
  EXPECT_EQ(byName["mixture_heads=7"]["status"], "failed");
  EXPECT_NE(byName["mixture_heads=7"]["reason"].get<std::string>().find("7"), std::string::npos) << done;
  EXPECT_NE(readFile(at("tidy.csv"))->find("7,failed,"), std::string::npos);
}

TEST_F(SweepTest, BadPlansAreOneSentence) {
  const auto refusedWith = [&](const json& wanted, const std::string& part) {
    write(wanted);
    refused({"sweep", "plan.json"}, part);
  };
  json wanted = plan();
  wanted["axes"]["tokns"] = {1};
  refusedWith(wanted, "'tokns' is no option of lixp train; there are ");
  wanted = plan();
  wanted["axes"]["tokens"] = 4;
  refusedWith(wanted, "the axis 'tokens' should be a list");
  wanted = plan();
  wanted["axes"]["tokens"] = {4, 4};
  refusedWith(wanted, "the axis 'tokens' names a value twice");
  wanted = plan();
  wanted["train"]["tokens"] = 3;
  refusedWith(wanted, "'tokens' stands in 'train' and in 'axes'");
  wanted = plan();
  wanted["train"].erase("data");
  refusedWith(wanted, "should name the 'recipe' and the 'data'");
  wanted = plan();
  wanted["evaluate"] = {{{"data", "discs"}}};
  refusedWith(wanted, "objects with 'what'");
  wanted = plan();
  wanted["extra"] = 1;
  refusedWith(wanted, "'extra' is unknown");
  LIX_EXPECT_OK(writeFile(at("plan.json"), "[1, 2"));
  refused({"sweep", "plan.json"}, "no JSON object");
}

}  // namespace
}  // namespace lix
