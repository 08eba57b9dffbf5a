// `lixp suite`: lists, runs what is there, says what is not, and makes tables from rows.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "base/file.h"

namespace lix {
namespace {
using nlohmann::json;
using test::writeText;

class SuiteVerb : public test::LixpTest {};

TEST_F(SuiteVerb, ListsWhatIsShipped) {
  const json all = good({"suite", "list"});
  bool found = false;
  for (const json& one : all) {
    found = found || (one["name"] == "llip-22" && one["datasets"].size() == 22);
  }
  EXPECT_TRUE(found) << all;
}

TEST_F(SuiteVerb, RunsWhatIsThereAndTabulatesRows) {
  checkpoint("model");
  checkpoint("other");
  writeText(at("mine.json"), R"({"name": "mine", "title": "Mine", "datasets": [
    {"data": "discs", "metric": "mean_per_class_recall"}, {"data": "discs", "split": "validation"},
    {"data": "pets"}, {"data": "discs", "split": "train", "labels": "nosuch"}]})");
  const json said = good({"suite", "run", "mine.json", "model", "other", "--few-shot", "--shots", "1", "--draws", "2",
                          "--adapters", "prototype"});
  EXPECT_EQ(said["missing"], json::array({"pets"}));
  ASSERT_EQ(said["failed"].size(), 1u) << said["failed"];
  EXPECT_NE(said["failed"][0]["reason"].get<std::string>().find("'nosuch'"), std::string::npos);
  const json& models = said["table"]["models"];
  ASSERT_EQ(models.size(), 2u);
  EXPECT_EQ(said["table"]["averaged_over"], 2);
  const double recall = models[0]["datasets"]["discs test"], top1 = models[0]["datasets"]["discs validation"];
  EXPECT_NEAR(models[0]["average"], (recall + top1) / 2.0, 1e-12);
  double ran = -1.0;
  for (const json& one : said["results"]) {
    if (one["checkpoint"] == "model" && one.contains("chosen_metric") &&
        one["chosen_metric"] == "mean_per_class_recall") {
      ran = one["mean_per_class_recall"];
    }
  }
  EXPECT_DOUBLE_EQ(recall, ran);

  const test::Ran csv = run({"suite", "table", "mine.json", "--format", "csv", "--out", "t.csv"});
  ASSERT_EQ(csv.code, 0) << csv.err;
  EXPECT_TRUE(readFile(at("t.csv"))->starts_with(
      "model,average,average_low,average_high,datasets,seeds,draws,discs test"));
  good({"eval", "zero-shot", "model", "--data", "discs", "--templates", "openai"});  // newer, of other templates
  EXPECT_DOUBLE_EQ(good({"suite", "table", "mine.json"})["models"][0]["datasets"]["discs test"].get<double>(), recall);
  const json one = good({"suite", "table", "mine.json", "--checkpoints", "other"});
  ASSERT_EQ(one["models"].size(), 1u);
  EXPECT_EQ(one["models"][0]["model"], "other");
  const json few = good({"suite", "table", "mine.json", "--adapter", "prototype", "--shots", "1"});
  ASSERT_EQ(few["models"].size(), 2u);
  EXPECT_EQ(few["models"][0]["seeds"], 1);
  EXPECT_EQ(few["models"][0]["draws"], 2);
}

TEST_F(SuiteVerb, SaysWhatIsMissing) {
  checkpoint("model");
  refused({"suite", "run", "llip-22", "model"}, "has no dataset of the suite llip-22");
  refused({"suite", "run", "nosuch", "model"}, "There is no suite 'nosuch'");
  refused({"suite", "table", "llip-22"}, "no zero-shot results on the suite llip-22");
  refused({"suite", "table", "llip-22", "--format", "xls"}, "no table format 'xls'");
  refused({"suite", "table", "llip-22", "--adapter", "prototype"}, "needs both --adapter and --shots");
  writeText(at("bad.json"), R"({"name": "bad", "datasets": [{"data": "discs", "metric": "luck"}]})");
  refused({"suite", "run", "bad.json", "model"}, "There is no metric 'luck'");
}

}  // namespace
}  // namespace lix
