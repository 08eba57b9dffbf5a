// lixp eval robustness and domain: rows of every level, classes by name, bad input.
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
using nlohmann::json;
using test::writeText;

class RobustnessVerb : public test::LixpTest {
 protected:
  std::vector<store::EvaluationRow> rows(const std::string& kind, const std::string& metric) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::EvaluationStore(*workspace).list({.kind = kind, .metric = metric}).value();
  }
  /// The discs by names of which one is another's: red, Green and purple.
  void otherNames() {
    std::string table = "path,label,split\n";
    for (int i = 0; i < 20; ++i) {
      const char* split = i < 12 ? "train" : "test";
      for (const auto& [file, label] : {std::pair("red", "red"), {"green", "Green"}, {"blue", "purple"}}) {
        table += "../discs/" + std::string(file) + std::to_string(i) + ".png," + label + "," + split + "\n";
      }
    }
    writeText(at("other/table.csv"), table);
    ASSERT_EQ(run({"data", "add", "other"}).code, 0);
  }
};

TEST_F(RobustnessVerb, EveryLevelIsARow) {
  checkpoint("model");
  const std::vector<std::string> asked{"eval",          "robustness",   "model",        "--data", "discs",
                                       "--corruptions", "fog,contrast", "--severities", "5,1"};
  const json said = good(asked)[0];
  ASSERT_EQ(said["levels"].size(), 5u);
  EXPECT_EQ(said["levels"][0]["corruption"], "clean");
  EXPECT_EQ(said["levels"][1]["corruption"], "fog");
  EXPECT_EQ(said["levels"][1]["severity"], 1);
  double sum = 0;
  for (std::size_t i = 1; i < 5; ++i) {
    sum += said["levels"][i]["top1"].get<double>();
  }
  EXPECT_DOUBLE_EQ(said["mean_corruption_top1"].get<double>(), sum / 4);
  const json zeroShot = good({"eval", "zero-shot", "model", "--data", "discs"})[0];
  EXPECT_EQ(said["levels"][0]["top1"], zeroShot["top1"]) << "clean pictures";
  const auto stored = rows("robustness", "top1");
  ASSERT_EQ(stored.size(), 5u);
  EXPECT_EQ(json::parse(stored[0].settings)["severity"], 0);
  EXPECT_EQ(json::parse(stored[4].settings)["corruption"], "contrast");
  EXPECT_EQ(json::parse(stored[4].settings)["severity"], 5);
  EXPECT_EQ(rows("robustness", "mean_per_class_recall").size(), 5u);
  const json again = good(asked)[0];
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(again["levels"][i]["top1"], said["levels"][i]["top1"]) << "deterministic";
  }
}

TEST_F(RobustnessVerb, ClassesByNameOfAnotherSet) {
  checkpoint("model");
  otherNames();
  const json said = good({"eval", "domain", "model", "--source", "discs", "--source-labels", "label", "--data", "other",
                          "--shots", "1,2", "--draws", "2"})[0];
  EXPECT_EQ(said["classes"], 2) << "red and, whatever its case, green";
  EXPECT_EQ(said["without_partner"]["source"], json({"blue"}));
  EXPECT_EQ(said["without_partner"]["target"], json({"purple"}));
  EXPECT_EQ(said["pictures"], 16);
  EXPECT_EQ(said["transfer"].size(), 4u);
  EXPECT_GE(said["transfer"][3]["top1"].get<double>(), 0.0);
  const auto stored = rows("domain", "top1");
  ASSERT_EQ(stored.size(), 5u);
  EXPECT_EQ(stored[0].dataset, "other");
  EXPECT_EQ(json::parse(stored[0].settings)["source"], "discs");
  EXPECT_EQ(json::parse(stored[0].findings)["classes"]["source"], json({"blue"}));
  EXPECT_EQ(stored[4].adapter, "prototype");
  EXPECT_EQ(stored[4].shots, 2);
  EXPECT_EQ(stored[4].supportSize, 4);
}

TEST_F(RobustnessVerb, BadInput) {
  checkpoint("model");
  const auto asks = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.begin(), {"eval", "robustness", "model", "--data", "discs"});
    refused(more, part);
  };
  asks({"--corruptions", "rain"}, "There is no corruption 'rain'; there are: gaussian_noise");
  asks({"--severities", "0,1"}, "There is no severity 0");
  asks({"--severities", "6"}, "There is no severity 6");
  refused({"eval", "domain", "model", "--source", "nothing", "--data", "discs"}, "There is no dataset 'nothing'");
  refused({"eval", "domain", "model", "--source", "emoji", "--data", "discs", "--labels", "label"},
          "share 0 classes by name");
  refused({"eval", "domain", "model", "--source", "discs", "--data", "discs", "--shots", "100"},
          "too few for 100 shots");
  refused({"eval", "domain", "model", "--source", "discs", "--data", "discs", "--shots", "1", "--pool", "test"},
          "would both come from the test split");
}

}  // namespace
}  // namespace lix
