// lixp eval surface: one row whose grid holds what the searched adapter finds on the same draw.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
using nlohmann::json;

class SurfaceVerb : public test::LixpTest {
 protected:
  std::vector<store::EvaluationRow> rows(const store::EvaluationFilter& filter) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    EXPECT_TRUE(workspace.has_value()) << test::messageOf(workspace);
    return workspace ? store::EvaluationStore(*workspace).list(filter).value() : std::vector<store::EvaluationRow>();
  }
};

TEST_F(SurfaceVerb, HoldsWhatTheSearchFindsOnTheSameDraw) {
  checkpoint("model");
  const json said = good({"eval", "surface", "model", "--data", "discs", "--shots", "2", "--seed", "3", "--draw", "1"});
  good({"eval", "few-shot", "model", "--data", "discs", "--shots", "2", "--seed", "3", "--draws", "2", "--adapters",
        "tip-adapter-x"});
  const auto surfaces = rows({.kind = "surface"});
  ASSERT_EQ(surfaces.size(), 1u);
  const store::EvaluationRow& row = surfaces[0];
  EXPECT_EQ(said[0]["key"], row.id);
  EXPECT_EQ(row.metric, "top1");
  EXPECT_EQ(row.shots, 2);
  EXPECT_EQ(row.split, "test");
  EXPECT_EQ(json::parse(row.settings), json({{"shots", 2}, {"pool", "train"}}));
  const json found = json::parse(row.findings);
  ASSERT_EQ(found["alpha"].size(), 20u);
  ASSERT_EQ(found["beta"].size(), 200u);
  ASSERT_EQ(found["validation"].size(), 200u);
  ASSERT_EQ(found["query"].size(), 200u);
  ASSERT_EQ(found["query"][199].size(), 20u);

  const auto searched = rows({.kind = "few-shot", .adapter = "tip-adapter-x", .metric = "top1", .shots = 2});
  const auto same = std::ranges::find(searched, row.supportSeed, &store::EvaluationRow::supportSeed);
  ASSERT_NE(same, searched.end());
  EXPECT_DOUBLE_EQ(row.value, same->value);
  EXPECT_EQ(row.supportSize, same->supportSize);
  EXPECT_EQ(row.querySize, same->querySize);
  const json chosen = json::parse(same->findings);
  EXPECT_EQ(found["best"], json({chosen["beta"], chosen["alpha"]}));
  double highest = 0.0;
  for (const json& ofBeta : found["validation"]) {
    highest = std::max(highest, std::ranges::max(ofBeta.get<std::vector<double>>()));
  }
  EXPECT_NEAR(highest, chosen["validation_accuracy"].get<double>(), 1e-6)
      << "the best of validation is what was chosen";
}

TEST_F(SurfaceVerb, RefusesInOneSentence) {
  checkpoint("model");
  refused({"eval", "surface", "model", "--data", "discs", "--pool", "test"}, "different splits");
  refused({"eval", "surface", "model", "--data", "discs", "--shots", "500"}, "There are more shots than images");
  refused({"eval", "surface", "nosuch", "--data", "discs"}, "is not a checkpoint");
  EXPECT_TRUE(rows({.kind = "surface"}).empty());
}

}  // namespace
}  // namespace lix
