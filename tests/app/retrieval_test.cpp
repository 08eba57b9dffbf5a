// lixp eval retrieval and caption-scores: rows, keys, shortlists, bad input.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
using nlohmann::json;
using test::writeText;

class RetrievalVerb : public test::LixpTest {
 protected:
  std::vector<store::EvaluationRow> rows(const std::string& kind) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::EvaluationStore(*workspace).list({.kind = kind}).value();
  }
};

TEST_F(RetrievalVerb, BothWaysAsRowsWithOutcomes) {
  checkpoint("model");
  const json said = good({"eval", "retrieval", "model", "--data", "discs"})[0];
  EXPECT_EQ(said["pictures"], 15) << "five tests of three colours";
  EXPECT_GE(said["captions"].get<int>(), 15);
  EXPECT_EQ(said["mode"], "exact");
  const auto stored = rows("retrieval");
  ASSERT_EQ(stored.size(), 6u);
  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  const auto outcomes = store::EvaluationStore(*workspace).outcomes({.kind = "retrieval"}).value();
  for (const auto& row : stored) {
    EXPECT_EQ(json::parse(row.settings)["mode"], "exact");
    EXPECT_EQ(json::parse(row.findings)["captions"], said["captions"]);
    EXPECT_EQ(said["key"][row.metric], row.id);
    EXPECT_DOUBLE_EQ(said[row.metric].get<double>(), row.value);
    ASSERT_TRUE(outcomes.contains(row.id)) << row.metric;
    EXPECT_EQ(outcomes.at(row.id).queries, std::size_t(row.querySize));
  }
  EXPECT_LE(said["image_to_text_r1"].get<double>(), said["image_to_text_r5"].get<double>());
  EXPECT_LE(said["text_to_image_r5"].get<double>(), said["text_to_image_r10"].get<double>());
  EXPECT_NE(run({"eval", "retrieval", "model", "--data", "discs"}).out.find("R@10"), std::string::npos);
}

TEST_F(RetrievalVerb, AShortlistOfALlipSaysHowOftenItAgrees) {
  checkpoint("llip", "llip");
  const json exact = good({"eval", "retrieval", "llip", "--data", "discs"})[0];
  const json all = good({"eval", "retrieval", "llip", "--data", "discs", "--shortlist", "1000"})[0];
  EXPECT_EQ(all["mode"], "shortlist");
  EXPECT_EQ(all["image_to_text_r1"], exact["image_to_text_r1"]) << "of everything";
  EXPECT_EQ(all["text_to_image_r10"], exact["text_to_image_r10"]);
  EXPECT_EQ(all["image_to_text_agreement_r1"], 1.0);
  const auto stored = rows("retrieval");
  ASSERT_EQ(stored.size(), 12u);
  EXPECT_EQ(json::parse(stored.back().settings)["shortlist"], 1000);
  EXPECT_EQ(json::parse(stored.back().findings)["agreement_r1"], 1.0);
}

TEST_F(RetrievalVerb, CaptionScores) {
  checkpoint("model");
  writeText(at("expert.txt"),
            "red0.png\tgreen0.png#0\t1\t1\t2\nred0.png\tred1.png#0\t4\t3\t4\nnowhere.png\tred1.png#0\t1\t1\t1\n"
            "green1.png\tred1.png#99\t1\t1\t1\ngreen1.png\tgreen0.png#0\t3\t4\t2\n");
  const json expert = good({"eval", "caption-scores", "model", "--data", "discs", "--scores", "expert.txt"})[0];
  EXPECT_EQ(expert["pairs"], 3);
  EXPECT_EQ(expert["scores"], 9) << "every score counts";
  EXPECT_EQ(expert["notes"].size(), 1u) << "two rows left out";
  writeText(at("plain.csv"), "picture,caption,score\nred0.png,\"a disc, red\",0.9\nred1.png,a green disc,0.1\n");
  const json plain = good({"eval", "caption-scores", "model", "--data", "discs", "--scores", "plain.csv"})[0];
  EXPECT_EQ(plain["pairs"], 2);
  EXPECT_EQ(std::abs(plain["kendall_tau_b"].get<double>()), 1.0) << "two pairs are in order or not";
  const auto stored = rows("caption-scores");
  ASSERT_EQ(stored.size(), 4u);
  EXPECT_EQ(json::parse(stored[0].settings)["scores"], at("expert.txt").string()) << "found from any folder";
  EXPECT_EQ(json::parse(stored[0].findings)["pairs"], 3);
}

TEST_F(RetrievalVerb, ResultsOfEveryKindAreReproducedByTheirKeys) {
  checkpoint("model");
  good({"eval", "retrieval", "model", "--data", "discs"});
  good({"eval", "spectrum", "model", "--data", "discs", "--from", "pooled", "--pictures", "10", "--seed", "5"});
  good({"eval", "robustness", "model", "--data", "discs", "--corruptions", "fog", "--severities", "2,4"});
  good({"eval", "domain", "model", "--data", "discs", "--source", "discs", "--shots", "1", "--draws", "2"});
  for (const char* kind : {"retrieval", "spectrum", "robustness", "domain"}) {
    const auto stored = rows(kind);
    EXPECT_FALSE(stored.empty()) << kind;
    for (const auto& row : stored) {
      const json again = good({"reproduce", std::to_string(row.id)});
      EXPECT_EQ(again["same"], true) << again;
      EXPECT_EQ(again["old"].get<double>(), row.value);
    }
  }
  EXPECT_EQ(json::parse(rows("domain")[0].settings)["source_labels"], rows("domain")[0].labelSet);
}

TEST_F(RetrievalVerb, BadInput) {
  checkpoint("model");
  refused({"eval", "retrieval", "model", "--data", "discs", "--shortlist", "3"}, "too short for R@10");
  refused({"eval", "retrieval", "model", "--data", "discs", "--split", "all"}, "no split 'all'");
  writeText(at("labels/table.csv"), "path,label,split\n../discs/red0.png,red,test\n../discs/green0.png,green,test\n");
  ASSERT_EQ(run({"data", "add", "labels"}).code, 0);
  refused({"eval", "retrieval", "model", "--data", "labels"}, "no pictures with captions in its test split");
  const auto scores = [&](const std::string& text, const std::string& part) {
    writeText(at("scores.csv"), text);
    refused({"eval", "caption-scores", "model", "--data", "discs", "--scores", "scores.csv"}, part);
  };
  scores("red0.png,a disc,good\nred0.png,a disc,bad\n", "line 2: the score 'bad' is no number");
  scores("red0.png,a disc\n", "needs a picture, a caption and at least one score");
  scores("other.png,a disc,1\n", "No row of scores.csv speaks of a picture");
  scores("red0.png,a disc,1\nred1.png,another disc,1\n", "are equal");
  refused({"eval", "caption-scores", "model", "--data", "discs", "--scores", "none.csv"}, "none.csv");
}

}  // namespace
}  // namespace lix
