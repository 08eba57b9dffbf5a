// lixp eval spectrum, geometry, mixture and cost on a made set: rows of the workspace, files, refusals.
#include <nlohmann/json.hpp>

#include <cmath>
#include <numeric>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
using nlohmann::json;
using test::Ran;

class Representation : public test::LixpTest {
 protected:
  json said(std::vector<std::string> arguments) const {
    arguments.push_back("--json");
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 0) << ran.err;
    json document = json::parse(ran.out, nullptr, false);
    EXPECT_FALSE(document.is_discarded()) << "one document: " << ran.out;
    return document;
  }

  std::vector<store::EvaluationRow> rows(const store::EvaluationFilter& filter) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    EXPECT_TRUE(workspace.has_value()) << test::messageOf(workspace);
    return workspace ? store::EvaluationStore(*workspace).list(filter).value() : std::vector<store::EvaluationRow>();
  }
};

TEST_F(Representation, ASpectrumIsStoredWithItsSingularValues) {
  checkpoint("siglip");
  checkpoint("llip", "llip");
  const std::vector<std::string> command{"eval",    "spectrum", "siglip",     "llip", "--data", "discs",
                                         "--split", "train",    "--pictures", "20",   "--seed", "3"};
  const json found = said(command);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]["vectors"], 20) << "one a picture";
  EXPECT_GT(found[1]["vectors"], 20) << "K tokens a picture";
  EXPECT_EQ(found[1]["vectors"].get<int>() % 20, 0);
  const auto stored = rows({.kind = "spectrum", .metric = "effective_rank"});
  ASSERT_EQ(stored.size(), 2u);
  for (const auto& row : stored) {
    const json settings = json::parse(row.settings), findings = json::parse(row.findings);
    EXPECT_EQ(settings, (json{{"from", "encoder"}, {"pictures", 20}}));
    EXPECT_EQ(row.querySize, 20);
    EXPECT_EQ(row.split, "train");
    EXPECT_EQ(row.supportSeed, 3);
    const auto values = findings["singular_values"].get<std::vector<double>>();
    EXPECT_TRUE(std::ranges::is_sorted(values, std::greater()));
    double entropy = 0.0;
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    for (const double value : values) {
      entropy -= value > 0.0 ? value / sum * std::log(value / sum) : 0.0;
    }
    EXPECT_NEAR(row.value, std::exp(entropy), 1e-9);
  }
  const json again = said(command);
  EXPECT_EQ(again[1]["singular_values"], found[1]["singular_values"]) << "the same pictures and sums";
  const json mixed = said({"eval", "spectrum", "llip", "--data", "discs", "--from", "mixed"});
  EXPECT_EQ(mixed[0]["vectors"], 15);
  EXPECT_TRUE(mixed[0]["notes"].empty()) << "nobody asked for 5000: " << mixed;
  const json asked = said({"eval", "spectrum", "llip", "--data", "discs", "--from", "mixed", "--pictures", "99"});
  EXPECT_NE(asked[0]["notes"].dump().find("fewer than 99"), std::string::npos) << asked;
  EXPECT_EQ(said({"eval", "spectrum", "llip", "--data", "discs", "--from", "pooled"})[0]["vectors"], 15);
  EXPECT_EQ(rows({.kind = "spectrum", .vectors = store::VectorKind::Pooled}).size(), 1u);
}

TEST_F(Representation, GeometryAndTheNeighboursOfTwoModels) {
  checkpoint("siglip");
  checkpoint("llip", "llip");
  const json found =
      said({"eval", "geometry", "siglip", "llip", "--data", "discs", "--k", "3", "--neighbours", "near.csv"});
  ASSERT_EQ(found.size(), 2u);
  for (const json& one : found) {
    EXPECT_GE(one["alignment"], 0.0);
    EXPECT_LE(one["alignment"], 4.0);
    EXPECT_LE(one["uniformity_images"], 1e-6);
    EXPECT_LE(one["uniformity_captions"], 1e-6);
    EXPECT_GE(one["neighbour_purity"], 0.0);
    EXPECT_LE(one["neighbour_purity"], 1.0);
    EXPECT_EQ(one["pairs_within"].get<int>() + one["pairs_between"].get<int>(), 15 * 14 / 2);
    EXPECT_EQ(one["neighbour_overlap"], found[0]["neighbour_overlap"]);
  }
  EXPECT_FALSE(found[0].contains("alignment_mixed"));
  EXPECT_TRUE(found[1].contains("alignment_mixed")) << "a Llip's captions meet what they mixed";
  const auto within = rows({.kind = "geometry", .checkpointLabel = "llip", .metric = "similarity_within"});
  ASSERT_EQ(within.size(), 1u);
  EXPECT_EQ(within[0].labelSet, "label");
  EXPECT_EQ(within[0].classes, 3);
  EXPECT_EQ(within[0].vectors, store::VectorKind::Pooled);
  const json findings = json::parse(within[0].findings);
  EXPECT_EQ(findings["edges"].size(), findings["within"].size() + 1);
  EXPECT_EQ(json::parse(within[0].settings)["k"], 3);
  EXPECT_EQ(rows({.kind = "geometry", .checkpointLabel = "siglip"}).size(), 7u) << "every metric of docs/results.md";

  const auto lines = split(readFile(at("near.csv")).value(), '\n');
  ASSERT_EQ(lines.size(), 15u * 3 + 2);
  EXPECT_EQ(lines[0], "query,rank,neighbour_a,neighbour_b,entered,left,overlap");
  double overlap = 0.0;
  int entered = 0, left = 0;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const auto fields = split(lines[i], ',');
    ASSERT_EQ(fields.size(), 7u) << lines[i];
    EXPECT_NE(fields[0], fields[2]) << "a picture is no neighbour of itself";
    entered += fields[4] == "1";
    left += fields[5] == "1";
    overlap += *toReal(fields[6]) / 45.0;
  }
  EXPECT_EQ(entered, left);
  EXPECT_NEAR(overlap, found[0]["neighbour_overlap"].get<double>(), 1e-4);
}

TEST_F(Representation, TheMixtureOfALlip) {
  checkpoint("llip", "llip");
  const json found = said({"eval", "mixture", "llip", "--data", "discs", "--captions", "8", "--clusters", "3"})[0];
  const auto usage = found["usage"].get<std::vector<std::vector<double>>>();
  for (const auto& head : usage) {
    EXPECT_NEAR(std::accumulate(head.begin(), head.end(), 0.0), 1.0, 1e-5);
  }
  EXPECT_GT(found["weight_entropy"], 0.0);
  EXPECT_LE(found["weight_entropy"].get<double>(), std::log(double(usage[0].size())) + 1e-6);
  EXPECT_EQ(found["tokens_used"].get<double>(), double(usage[0].size() - found["dead"].size()));
  EXPECT_GT(found["caption_spread"], 0.0) << "captions move a Llip's pictures";
  std::size_t captions = 0;
  EXPECT_LE(found["clusters"].size(), 3u);
  for (const json& cluster : found["clusters"]) {
    EXPECT_FALSE(cluster.empty());
    captions += cluster.size();
  }
  EXPECT_EQ(captions, 8u);
  const auto stored = rows({.kind = "mixture", .metric = "tokens_used"});
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(json::parse(stored[0].findings)["usage"].size(), usage.size());
  EXPECT_EQ(json::parse(stored[0].settings)["captions"], 8);
}

TEST_F(Representation, TheCostOfAModelAndOfItsTraining) {
  ASSERT_EQ(run(training("llip", "llip", {"--steps", "2"})).code, 0);
  const json found = said({"eval", "cost", "llip", "--batch", "2", "--repeats", "1", "--prompts", "1,5"})[0];
  for (const char* metric : {"parameters", "image_flops", "caption_flops", "pair_flops", "image_seconds",
                             "caption_seconds", "pair_seconds", "peak_bytes", "training_flops"}) {
    EXPECT_GT(found[metric].get<double>(), 0.0) << metric;
    const auto stored = rows({.kind = "cost", .dataset = "", .metric = metric});
    EXPECT_EQ(stored.size(), std::string(metric) == "image_seconds" ? 3u : 1u) << metric;
  }
  EXPECT_EQ(found["samples_seen"], 16) << "two steps of eight";
  const double samples = 3.0 * 16 * (found["image_flops"].get<double>() + found["caption_flops"].get<double>());
  EXPECT_GE(found["training_flops"].get<double>(), samples);
  EXPECT_LE(found["training_flops"].get<double>(), 1.2 * samples) << "and the pairs of the loss";
  std::vector<int> prompts;
  for (const auto& row : rows({.kind = "cost", .metric = "image_seconds"})) {
    const json settings = json::parse(row.settings);
    EXPECT_EQ(settings["batch"], 2);
    EXPECT_GE(settings["threads"], 1);
    EXPECT_EQ(row.dataset, "");
    prompts.push_back(settings.value("prompts", 0));
  }
  EXPECT_EQ(prompts, (std::vector<int>{0, 1, 5}));

  // A copy without its training state, whose run nobody knows.
  std::filesystem::copy(at("llip"), at("bare"), std::filesystem::copy_options::recursive);
  std::filesystem::remove(at("bare/training_state.safetensors"));
  const json bare = said({"eval", "cost", "bare", "--batch", "2", "--repeats", "1"})[0];
  EXPECT_FALSE(bare.contains("training_flops"));
  EXPECT_NE(bare["notes"].dump().find("left out"), std::string::npos);
}

TEST_F(Representation, WhatCannotBeIsOneSentence) {
  checkpoint("siglip");
  checkpoint("llip", "llip");
  refused({"eval", "spectrum", "siglip", "--data", "discs", "--pictures", "1"}, "at least two pictures");
  refused({"eval", "spectrum", "siglip", "--data", "discs", "--from", "mixed"}, "Only a Llip");
  refused({"eval", "spectrum", "siglip", "--data", "discs", "--from", "nowhere"}, "encoder, pooled or mixed");
  refused({"eval", "spectrum", "siglip", "--data", "nothing"}, "nothing");
  refused({"eval", "spectrum", "siglip", "--data", "discs", "--split", "nine"}, "nine");
  refused({"eval", "geometry", "siglip", "--data", "discs", "--k", "15"}, "choose k from 1 to 14");
  refused({"eval", "geometry", "siglip", "--data", "discs", "--neighbours", "a.csv"}, "exactly two");
  refused({"eval", "geometry", "siglip", "--data", "discs", "--labels", "none"}, "none");
  refused({"eval", "mixture", "siglip", "--data", "discs"}, "only a Llip mixes");
  refused({"eval", "cost", "nowhere"}, "nowhere");
  EXPECT_EQ(run({"eval", "cost", "siglip", "--prompts", "0"}).code, 2);
}

TEST_F(Representation, WithoutCaptionsOrLabelsThereIsLessToSay) {
  checkpoint("siglip");
  checkpoint("llip", "llip");
  std::string captions = "path,caption,split\n", labels = "path,label,split\n";
  for (int i = 0; i < 6; ++i) {
    captions += cat("red", i, ".png,disc ", i, ",test\n");
    labels += cat("red", i, ".png,", i % 2 == 0 ? "even" : "odd", ",test\n");
  }
  test::writeText(at("discs/captioned.csv"), captions);
  test::writeText(at("discs/labelled.csv"), labels);
  ASSERT_EQ(run({"data", "add", "discs/captioned.csv", "--name", "captioned"}).code, 0);
  ASSERT_EQ(run({"data", "add", "discs/labelled.csv", "--name", "labelled"}).code, 0);
  const json unlabelled = said({"eval", "geometry", "siglip", "--data", "captioned"})[0];
  EXPECT_TRUE(unlabelled.contains("alignment"));
  EXPECT_FALSE(unlabelled.contains("neighbour_purity"));
  ASSERT_EQ(unlabelled["notes"].size(), 1u) << unlabelled["notes"];
  EXPECT_NE(unlabelled["notes"][0].get<std::string>().find("label"), std::string::npos) << unlabelled["notes"];
  const json uncaptioned = said({"eval", "geometry", "siglip", "--data", "labelled", "--k", "2"})[0];
  EXPECT_FALSE(uncaptioned.contains("alignment"));
  EXPECT_TRUE(uncaptioned.contains("neighbour_purity"));
  ASSERT_EQ(uncaptioned["notes"].size(), 1u) << uncaptioned["notes"];
  EXPECT_NE(uncaptioned["notes"][0].get<std::string>().find("caption"), std::string::npos) << uncaptioned["notes"];
  refused({"eval", "spectrum", "llip", "--data", "labelled", "--from", "mixed"}, "has a caption");
  refused({"eval", "mixture", "llip", "--data", "labelled"}, "0 different captions");
}

}  // namespace
}  // namespace lix
