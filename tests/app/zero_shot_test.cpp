// `lixp eval zero-shot` with templates, synonyms, groups, videos and metrics, and `lixp eval caption-shortcut`.
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/support/fixture.h"
#include "store/evaluation_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::writeText;

class ZeroShotVerb : public test::LixpTest {
 protected:
  void SetUp() override {
    test::LixpTest::SetUp();
    checkpoint("model");
  }

  /// Discs in red and green with a side and a clip of four frames each; all for tests.
  void addSides() const {
    std::string table = "path,label,side,clip,split\n";
    for (int i = 0; i < 16; ++i) {
      const std::string colour = i < 8 ? "red" : "green";
      table += colour + std::to_string(i % 8) + ".png," + colour + "," +
               (i % 3 == 0   ? "left"
                : i % 3 == 1 ? "right"
                             : "") +
               ",clip" + std::to_string(i / 4) + ",test\n";
    }
    writeText(at("discs/sides.csv"), table);
    ASSERT_EQ(
        run({"data", "add", "discs/sides.csv", "--options", R"({"label_columns": ["label", "side", "clip"]})"}).code,
        0);
  }

  json zeroShot(const std::vector<std::string>& more, const std::string& data = "sides") const {
    std::vector<std::string> all{"eval", "zero-shot", "model", "--data", data};
    all.insert(all.end(), more.begin(), more.end());
    return good(all)[0];
  }
};

TEST_F(ZeroShotVerb, GroupsGiveTheWorstAndTheGap) {
  addSides();
  const json said = zeroShot({"--group", "side"});
  ASSERT_EQ(said["groups"].size(), 2u) << said;
  const double left = said["groups"]["left"], right = said["groups"]["right"];
  EXPECT_DOUBLE_EQ(said["worst_group"], std::min(left, right));
  EXPECT_NEAR(said["group_gap"], std::abs(left - right), 1e-12);
  EXPECT_EQ(said["pictures"], 16);
  ASSERT_EQ(said["notes"].size(), 1u) << said["notes"];
  EXPECT_EQ(said["notes"][0], "5 of the samples have no 'side' and are in no group.");
  EXPECT_TRUE(said["key"].contains("worst_group"));
  refused({"eval", "zero-shot", "model", "--data", "sides", "--group", "height"}, "has no label set 'height'");
}

TEST_F(ZeroShotVerb, TwoClassesHaveARocAreaAndFiveATopFive) {
  addSides();
  const json said = zeroShot({"--metric", "roc_auc"});
  EXPECT_EQ(said["chosen_metric"], "roc_auc");
  EXPECT_GE(said["roc_auc"], 0.0);
  EXPECT_LE(said["roc_auc"], 1.0);
  EXPECT_FALSE(said.contains("top5"));
  const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
  const auto row = store::EvaluationStore(*workspace).find(said["key"]["roc_auc"].get<long long>()).value();
  EXPECT_EQ(row.settings, "{}") << "which metric was chosen splits no curve";
  EXPECT_EQ(json::parse(row.findings)["chosen_metric"], "roc_auc");
  const auto outcomes = store::EvaluationStore(*workspace).outcomes({.kind = "zero-shot"}).value();
  ASSERT_TRUE(outcomes.contains(said["key"]["top1"].get<long long>()));
  EXPECT_EQ(outcomes.size(), 1u) << "of top1 alone";
  EXPECT_FALSE(zeroShot({}, "discs").contains("roc_auc")) << "three classes";
  refused({"eval", "zero-shot", "model", "--data", "discs", "--metric", "roc_auc"}, "needs two classes");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--metric", "f1"}, "There is no metric 'f1'");
}

TEST_F(ZeroShotVerb, FramesOfAVideoAreOneSample) {
  addSides();
  const json said = zeroShot({"--frames", "clip"});
  EXPECT_EQ(said["pictures"], 4);
  EXPECT_EQ(zeroShot({"--frames", "clip", "--frame-count", "2"})["pictures"], 4);
  refused({"eval", "zero-shot", "model", "--data", "sides", "--frames", "scene"}, "has no label set 'scene'");
  std::string table = "path,label,clip,split\nred0.png,red,one,test\ngreen0.png,green,one,test\n";
  writeText(at("discs/mixed.csv"), table);
  ASSERT_EQ(run({"data", "add", "discs/mixed.csv", "--options", R"({"label_columns": ["label", "clip"]})"}).code, 0);
  refused({"eval", "zero-shot", "model", "--data", "mixed", "--frames", "clip"}, "'one' (clip) have several classes");
}

TEST_F(ZeroShotVerb, FoldersOfFramesStayTogetherAndVideosAreNotRead) {
  for (int i = 0; i < 20; ++i) {
    const std::string colour = i % 2 == 0 ? "red" : "green";
    for (int frame = 0; frame < 3; ++frame) {
      const fs::path file = at("films/" + colour + "/clip" + std::to_string(i) + "/" + std::to_string(frame) + ".png");
      fs::create_directories(file.parent_path());
      fs::copy_file(at("discs/" + colour + std::to_string((i + frame) % 20) + ".png"), file);
    }
  }
  writeText(at("films/red/clip99.mp4"), "no picture");
  const json added = good({"data", "add", "films", "--options", R"({"frames": true})"});
  EXPECT_EQ(added["label_sets"][1]["name"], "video");
  EXPECT_EQ(added["label_sets"][1]["classes"], 20);
  EXPECT_EQ(added["splits"]["test"].get<int>() % 3, 0) << "whole clips";
  ASSERT_EQ(added["skipped"].size(), 1u);
  EXPECT_NE(added["skipped"][0]["reason"].get<std::string>().find("frames"), std::string::npos);
  const json said = zeroShot({"--frames", "video"}, "films");
  EXPECT_EQ(said["pictures"].get<int>() * 3, added["splits"]["test"].get<int>());
}

TEST_F(ZeroShotVerb, TemplatesAndNamesOfClasses) {
  writeText(at("by.json"), R"({"discs": ["a disc, {c}", "{c}"], "other": ["{}"]})");
  EXPECT_EQ(zeroShot({"--templates", "by.json"}, "discs")["templates"], "by.json:discs");
  EXPECT_EQ(zeroShot({"--templates", "by.json:other"}, "discs")["templates"], "by.json:other");
  EXPECT_EQ(zeroShot({}, "discs")["templates"], "plain");
  writeText(at("bad.txt"), "a photo of {}\na photo of nothing\n");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--templates", "bad.txt"}, "'a photo of nothing'");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--templates", "clip"}, "have none for 'discs'");
  writeText(at("names.txt"), "blue|azure\ngreen\nred|crimson\n");
  const json named = zeroShot({"--class-names", "names.txt"}, "discs");
  EXPECT_TRUE(named.contains("top1"));
  writeText(at("same.txt"), "blue\nblue\nred\n");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--class-names", "same.txt"},
          "Two classes are called 'blue'");
  writeText(at("few.json"), R"(["blue", "red"])");
  refused({"eval", "zero-shot", "model", "--data", "discs", "--class-names", "few.json"}, "names 2 classes");
}

TEST_F(ZeroShotVerb, AKnownDatasetTakesTheCataloguesNamesTemplatesAndMetric) {
  int number = 0;
  for (const char* name : {"AnnualCrop", "Forest", "HerbaceousVegetation", "Highway", "Industrial", "Pasture",
                           "PermanentCrop", "Residential", "River", "SeaLake"}) {
    for (int i = 0; i < 2; ++i, ++number) {
      const fs::path file = at(std::string("tiles/test/") + name + "/" + std::to_string(i) + ".png");
      fs::create_directories(file.parent_path());
      fs::copy_file(at("discs/" + std::string(number % 2 == 0 ? "red" : "blue") + std::to_string(number) + ".png"),
                    file);
    }
  }
  const json added = good({"data", "add", "tiles"});
  EXPECT_EQ(added["catalogue"], "eurosat");
  EXPECT_NE(added["looks_like"].get<std::string>().find("This looks like EuroSAT"), std::string::npos);
  const json said = zeroShot({}, "tiles");
  EXPECT_EQ(said["templates"], "clip:eurosat");
  EXPECT_EQ(said["chosen_metric"], "top1");
  EXPECT_TRUE(said.contains("top5"));
  EXPECT_NEAR(said["top1_top5_mean"], (said["top1"].get<double>() + said["top5"].get<double>()) / 2.0, 1e-12);
  ASSERT_EQ(said["notes"].size(), 2u) << said;
  EXPECT_NE(said["notes"][0].get<std::string>().find("its class names are used"), std::string::npos);
  EXPECT_NE(said["notes"][1].get<std::string>().find("cut off there"), std::string::npos) << "the model knows few words";
  EXPECT_EQ(zeroShot({"--class-names", "own", "--templates", "plain"}, "tiles")["templates"], "plain");
}

TEST_F(ZeroShotVerb, TheCaptionShortcutIsAShareOfVariance) {
  const json said = good({"eval", "caption-shortcut", "model", "--data", "discs", "--split", "train"})[0];
  const double caption = said["variance_share"], picture = said["picture_share"], pair = said["pair_share"];
  EXPECT_NEAR(caption + picture + pair, 1.0, 1e-9);
  EXPECT_EQ(said["pictures"], 18) << "half of the 36";
  EXPECT_EQ(said["captions"], 18) << "of the other half";
  EXPECT_EQ(said.contains("warning"), caption > 0.5);
  const json again = good({"eval", "caption-shortcut", "model", "--data", "discs", "--split", "train"})[0];
  EXPECT_EQ(again["variance_share"], said["variance_share"]) << "the draw is seeded";
  refused({"eval", "caption-shortcut", "model", "--data", "discs", "--split", "exam"}, "There is no split 'exam'");
}

}  // namespace
}  // namespace lix
