// lixp eval pointing: rows of the workspace, intervals against chance, refusals.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
using nlohmann::json;

class Pointing : public test::LixpTest {};

TEST_F(Pointing, HitsAndSharesOfEveryKindAreRows) {
  checkpoint("llip", "llip");
  checkpoint("siglip");
  const std::vector<std::string> command{"eval",       "pointing", "llip", "siglip", "--data", "scenes",
                                         "--pictures", "6",        "--seed", "2"};
  const json found = good(command);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["map"], "of each caption");
  EXPECT_EQ(found[1]["map"], "one for all captions");
  for (const json& one : found) {
    const json& all = one["kinds"]["all"];
    EXPECT_EQ(one["pictures"], 6);
    EXPECT_EQ(all["hit"], one["pointing_hit"]);
    EXPECT_EQ(all["share"], one["pointing_share"]);
    EXPECT_EQ(all["chance"], one["chance"]);
    EXPECT_LE(all["hit_interval"][0], all["hit"]);
    EXPECT_LE(all["hit"], all["hit_interval"][1]);
    EXPECT_TRUE(one["kinds"].contains("background"));
    EXPECT_EQ(one["kinds"]["background"]["captions"], 6) << "one a scene";
  }
  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  LIX_ASSERT_OK(workspace);
  for (const char* metric : {"pointing_hit", "pointing_share"}) {
    const auto rows = store::EvaluationStore(*workspace).list({.kind = "pointing", .metric = metric}).value();
    ASSERT_EQ(rows.size(), 2u);
    for (const auto& row : rows) {
      EXPECT_EQ(row.dataset, "scenes");
      EXPECT_EQ(row.split, "test");
      EXPECT_EQ(row.querySize, 6);
      EXPECT_EQ(row.supportSeed, 2);
      EXPECT_EQ(json::parse(row.settings), (json{{"pictures", 6}}));
      const json findings = json::parse(row.findings);
      EXPECT_EQ(findings["interval"].size(), 2u);
      EXPECT_TRUE(findings["kinds"].contains("all"));
    }
  }
  EXPECT_EQ(good(command)[0]["kinds"], found[0]["kinds"]) << "the same scenes again";
}

TEST_F(Pointing, DataWithoutMasksIsRefused) {
  checkpoint("siglip");
  refused({"eval", "pointing", "siglip", "--data", "discs"}, "which pixels its captions speak of");
}

}  // namespace
}  // namespace lix
