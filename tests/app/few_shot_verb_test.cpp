// What `lixp eval few-shot` keeps beside its numbers, and `lixp reproduce` of its results.
#include <gtest/gtest.h>

#include "app/support/fixture.h"
#include "base/text.h"
#include "store/curve.h"

namespace lix::test {
namespace {
using nlohmann::json;

class FewShotVerb : public LixpTest {
 protected:
  void SetUp() override {
    LixpTest::SetUp();
    checkpoint("model");
  }

  std::vector<store::EvaluationRow> rows(const store::EvaluationFilter& filter) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return workspace ? store::EvaluationStore(*workspace).list(filter).value() : std::vector<store::EvaluationRow>();
  }
  store::OutcomeTable outcomes() const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return workspace ? store::EvaluationStore(*workspace).outcomes().value() : store::OutcomeTable();
  }
  std::string keyOf(const store::EvaluationFilter& filter) const {
    const auto found = rows(filter);
    return found.empty() ? "0" : cat(found.back().id);
  }
};

TEST_F(FewShotVerb, KeepsOutcomesAndSeconds) {
  const json said = good({"eval", "few-shot", "model", "--data", "discs", "--shots", "1,2", "--draws", "2",
                          "--adapters", "prototype,knn"});
  const auto top1 = rows({.kind = "few-shot", .metric = "top1"});
  ASSERT_EQ(top1.size(), 3u + 2u * 2u * 2u) << "zero-shot at 0, 1 and 2 shots; two adapters on two draws of both";
  const auto kept = outcomes();
  EXPECT_EQ(kept.size(), top1.size()) << "of top1 alone";
  for (const auto& row : top1) {
    const store::Outcomes& of = kept.at(row.id);
    EXPECT_EQ(of.queries, std::size_t(row.querySize));
    EXPECT_EQ(of.querySet, kept.at(top1[0].id).querySet) << "all classes reach two shots";
    study::OutcomeGrid grid{.models = 1, .draws = 1, .queries = of.queries, .cells = {of.bits}};
    EXPECT_NEAR(study::meanOutcome(grid), row.value, 1e-12);
    const json found = json::parse(row.findings);
    EXPECT_GE(found.at("seconds_fit").get<double>(), 0.0);
    EXPECT_GT(found.at("seconds_query").get<double>(), 0.0);
    EXPECT_FALSE(json::parse(row.settings).contains("replace"));
  }
  const auto points = store::curvePoints(top1, kept);
  for (const auto& point : points) {
    EXPECT_EQ(point.interval, store::IntervalKind::Bootstrap);
    for (const json& shown : said[0]["curve"]) {
      if (shown["adapter"] == point.of.adapter && shown["shots"] == point.of.shots) {
        EXPECT_NEAR(shown["low"].get<double>(), *point.low, 1e-12) << "the curve drawn later has the same interval";
        EXPECT_NEAR(shown["high"].get<double>(), *point.high, 1e-12);
      }
    }
  }
}

TEST_F(FewShotVerb, ReplacesOnlyWhenAsked) {
  good({"eval", "zero-shot", "model", "--data",
        "discs"});  // the features are then known, so that a refusal writes nothing
  good({"eval", "zero-shot", "model", "--data", "discs", "--split", "train"});
  refused({"eval", "few-shot", "model", "--data", "discs", "--shots", "16", "--adapters", "prototype"},
          "more shots than images");
  const json said = good({"eval", "few-shot", "model", "--data", "discs", "--shots", "16", "--draws", "1", "--adapters",
                          "prototype", "--replace"});
  EXPECT_NE(said[0]["notes"].dump().find("drawn with replacement"), std::string::npos) << said[0]["notes"];
  const auto row = rows({.adapter = "prototype", .metric = "top1"}).at(0);
  EXPECT_EQ(row.supportSize, 48);
  EXPECT_EQ(json::parse(row.settings).at("replace"), true);
  EXPECT_TRUE(good({"reproduce", cat(row.id)})["same"].get<bool>());
}

TEST_F(FewShotVerb, ClassConditionedVectorsAreALlips) {
  refused({"eval", "few-shot", "model", "--data", "discs", "--vectors", "class-conditioned"}, "is no Llip");
  refused({"eval", "few-shot", "model", "--data", "discs", "--vectors", "mixed"}, "pooled or class-conditioned");
  checkpoint("llip", "llip");
  good({"eval", "zero-shot", "llip", "--data", "discs"});
  good({"eval", "few-shot", "llip", "--data", "discs", "--shots", "1,2", "--draws", "2", "--vectors",
        "class-conditioned"});
  refused({"eval", "few-shot", "llip", "--data", "discs", "--shots", "1", "--adapters", "gda", "--vectors",
           "class-conditioned"},
          "'gda'");
  const auto all = rows({.kind = "few-shot", .metric = "top1"});
  ASSERT_EQ(all.size(), 3u + 4u * 2u * 2u);
  for (const auto& row : all) {
    EXPECT_EQ(row.vectors, store::VectorKind::ClassConditioned);
  }
  // Zero-shot in these vectors is the model's own procedure.
  EXPECT_NEAR(all[0].value, rows({.kind = "zero-shot", .metric = "top1"}).at(0).value, 1e-9);
  const json again = good({"reproduce", keyOf({.adapter = "tip-adapter-x", .metric = "top1"})});
  EXPECT_TRUE(again["same"].get<bool>()) << again;
}

TEST_F(FewShotVerb, ResultsAreReproducedByTheirKeys) {
  good({"eval", "few-shot", "model", "--data", "discs", "--shots", "2", "--draws", "3", "--seed", "4", "--adapters",
        "prototype,knn:k=3"});
  good({"eval", "zero-shot", "model", "--data", "discs"});
  const std::size_t before = rows({}).size();
  for (const auto& row : rows({})) {
    const json again = good({"reproduce", cat(row.id)});
    EXPECT_TRUE(again["same"].get<bool>()) << again;
    EXPECT_EQ(again["old"].get<double>(), row.value);
    EXPECT_EQ(again["metric"], row.metric);
  }
  EXPECT_EQ(rows({}).size(), before) << "nothing was added";
  const auto draw = rows({.adapter = "knn:k=3", .metric = "top1"}).at(2);
  EXPECT_EQ(draw.supportSeed, 4'000'002);
  const json kept = good({"reproduce", cat(draw.id), "--keep"});
  ASSERT_EQ(rows({}).size(), before + 1);
  const auto added = rows({}).back();
  EXPECT_EQ(kept["kept_as"], added.id);
  EXPECT_EQ(added.supportSeed, draw.supportSeed);
  EXPECT_EQ(outcomes().at(added.id), outcomes().at(draw.id));
}

TEST_F(FewShotVerb, NumbersOutOfRangeAreRefusedBeforeAnyWork) {
  refused({"eval", "few-shot", "model", "--data", "discs", "--shots", "0"}, "must be 1 or more");
  refused({"eval", "few-shot", "model", "--data", "discs", "--draws", "2", "--first-draw", "999999"},
          "A seed has 1000000 draws");
  for (const char* option : {"--shots", "--draws", "--seed", "--first-draw"}) {
    EXPECT_NE(run({"eval", "few-shot", "model", "--data", "discs", option, "-1"}).code, 0) << option;
  }
  EXPECT_TRUE(rows({}).empty());
}

TEST_F(FewShotVerb, WhatCannotBeReproducedIsSaid) {
  good({"eval", "few-shot", "model", "--data", "discs", "--shots", "1", "--draws", "1", "--adapters", "prototype"});
  const std::string key = keyOf({.adapter = "prototype", .metric = "top1"});
  refused({"reproduce", "999"}, "no result with key 999");
  {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadWrite);
    const store::EvaluationStore store(*workspace);
    auto row = store.find(std::stoll(key)).value();
    row.value += 0.25;
    row.createdAt.clear();
    ASSERT_TRUE(store.add(row));
    row.kind = "unheard-of";
    ASSERT_TRUE(store.add(row));
  }
  refused({"reproduce", keyOf({.kind = "unheard-of"})}, "is of the kind unheard-of");
  const Ran wrong = run({"reproduce", keyOf({.kind = "few-shot", .adapter = "prototype"}), "--json"});
  EXPECT_EQ(wrong.code, 1);
  const json said = json::parse(wrong.out);
  EXPECT_EQ(said["same"], false);
  EXPECT_NEAR(said["difference"].get<double>(), -0.25, 1e-9);
  // Other weights in the same folder.
  ASSERT_EQ(run(training("siglip", "other", {"--steps", "2", "--seed", "9"})).code, 0);
  std::filesystem::remove_all(at("model"));
  refused({"reproduce", key}, "is not there any more");
  std::filesystem::rename(at("other"), at("model"));
  refused({"reproduce", key}, "have changed since");
  EXPECT_NE(run({"reproduce", key, "--force"}).out, "");
}

}  // namespace
}  // namespace lix::test
