// Support sets and classification on the command line, and a person's own vectors as a model.
#include <cmath>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using test::Ran;

class ClassifyTest : public test::LixpTest {
 protected:
  /// The training discs in a folder a colour.
  void sortDiscs() const {
    for (const char* colour : {"red", "green", "blue"}) {
      fs::create_directories(at("sorted") / colour);
      for (int i = 0; i < 3; ++i) {
        const std::string file = cat(colour, i, ".png");
        fs::copy_file(at("discs") / file, at("sorted") / colour / file);
      }
    }
  }
  const std::string model_ = LIX_SHIPPED_MODELS "/siglip-tiny-emoji";
};

TEST_F(ClassifyTest, ASetIsMadeFilledShownAndExported) {
  const json made = good({"support", "new", "mine", "warm", "cold"});
  EXPECT_EQ(made["version"], 1);
  const json drawn = good({"support", "new", "drawn", "--data", "discs", "--shots", "2"});
  std::size_t pictures = 0;
  for (const json& one : drawn["classes"]) {
    EXPECT_EQ(one["pictures"].size(), 2u);
    pictures += 2;
  }
  EXPECT_GE(pictures, 4u);
  const std::string first = drawn["classes"][0]["pictures"][0], second = drawn["classes"][1]["pictures"][0];
  const auto word = [](std::string text) {  // "sample:DATASET\nKEY" as DATASET:KEY
    text = text.substr(7);
    text[text.find('\n')] = ':';
    return text;
  };
  good({"support", "add", "mine", "--class", "warm", word(first)});
  const json added = good({"support", "add", "mine", "--class", "new one", word(second), "--note", "by hand"});
  EXPECT_EQ(added["version"], 3);
  EXPECT_EQ(added["classes"].size(), 3u);
  const json shown = good({"support", "show", "mine"});
  EXPECT_EQ(shown["classes"][0]["pictures"], json::array({first}));
  EXPECT_EQ(shown["versions"][2]["note"], "by hand");
  EXPECT_EQ(good({"support", "show", "mine", "--version", "1"})["classes"].size(), 2u);
  EXPECT_EQ(good({"support", "list"}).size(), 2u);
  good({"support", "export", "mine", "--out", "mine.csv"});
  EXPECT_EQ(split(*readFile(at("mine.csv")), '\n')[1], cat("warm,", word(first)));
  good({"support", "export", "mine", "--out", "mine.json"});
  EXPECT_EQ(json::parse(*readFile(at("mine.json")))["name"], "mine");
}

TEST_F(ClassifyTest, ClassFoldersBecomeClassesAndPicturesAreClassified) {
  sortDiscs();
  good({"support", "new", "discs"});
  const json filled = good({"support", "add", "discs", "sorted"});
  ASSERT_EQ(filled["classes"].size(), 3u);
  EXPECT_EQ(filled["classes"][0]["pictures"].size(), 3u);
  const json done = good({"classify", model_, "sorted", "--support", "discs", "--adapter", "knn:k=1", "--out", "out.csv"});
  std::size_t right = 0;
  for (const json& one : done["predictions"]) {
    const std::string folder = fs::path(one["picture"].get<std::string>()).parent_path().filename();
    right += one["label"] == folder ? 1 : 0;
    EXPECT_EQ(one["top"][0]["label"], one["label"]);
    EXPECT_GE(one["margin"].get<double>(), 0.0);
    EXPECT_LE(one["moved_by"].size(), 3u);
  }
  EXPECT_EQ(done["predictions"].size(), 9u);
  EXPECT_EQ(right, 9u) << "each picture is its own nearest neighbour";
  const auto lines = split(*readFile(at("out.csv")), '\n');
  EXPECT_EQ(lines[0], "picture,label,margin,top1,score1,top2,score2,top3,score3,top4,score4,top5,score5,moved_by");
  EXPECT_EQ(lines.size(), done["predictions"].size() + 2);
}

TEST_F(ClassifyTest, RefusalsAreOneSentence) {
  good({"support", "new", "one", "only"});
  refused({"support", "new", "one"}, "There is a support set 'one' already");
  refused({"support", "show", "none"}, "There are: one.");
  refused({"support", "add", "one", "nowhere", "--class", "x"}, "'nowhere' is no file or folder");
  refused({"support", "add", "one", "discs:nothing", "--class", "x"}, "nothing");
  refused({"support", "export", "one", "--out", "one.txt"}, "should end in .json or .csv");
  refused({"classify", model_, "discs", "--support", "one"}, "at least two are needed");
  refused({"classify", model_, "discs", "--support", "one", "--adapter", "no"}, "no");
}

/// Six unit vectors around a circle, two classes, written as a person's own file.
void writeOwn(const fs::path& path) {
  std::vector<float> images;
  std::vector<std::int64_t> labels, splits;
  for (int i = 0; i < 24; ++i) {
    const bool right = i % 2 == 0;
    const double angle = (right ? 0.0 : 1.5) + 0.02 * i;
    images.push_back(static_cast<float>(std::cos(angle)));
    images.push_back(static_cast<float>(std::sin(angle)));
    labels.push_back(right ? 0 : 1);
    splits.push_back(i < 16 ? 0 : 2);
  }
  const std::vector<float> texts{1.f, 0.f, 0.f, 1.f};
  const std::string classes = "right\nup";
  const auto bytes = [](const auto& values) { return std::as_bytes(std::span(values)); };
  LIX_EXPECT_OK(nn::writeSafetensors(path, {{"image_features", {nn::DType::F32, {24, 2}, bytes(images)}},
                                            {"labels", {nn::DType::I64, {24}, bytes(labels)}},
                                            {"split", {nn::DType::I64, {24}, bytes(splits)}},
                                            {"class_features", {nn::DType::F32, {2, 2}, bytes(texts)}},
                                            {"classes", {nn::DType::U8, {8}, bytes(classes)}}}));
}

TEST_F(ClassifyTest, OwnVectorsAreEvaluatedWithoutACheckpoint) {
  writeOwn(at("mine.safetensors"));
  const json zero = good({"eval", "zero-shot", "mine.safetensors"});
  EXPECT_EQ(zero[0]["top1"], 1.0) << zero;
  EXPECT_EQ(zero[0]["dataset"], "mine");
  const json few = good({"eval", "few-shot", "mine.safetensors", "--shots", "1,2", "--draws", "2", "--adapters", "prototype,tip-adapter,knn:k=1"});
  for (const json& point : few[0]["curve"]) {
    EXPECT_EQ(point["mean"], 1.0) << point;
  }
  refused({"eval", "robustness", "mine.safetensors"}, "needs the towers");
  refused({"eval", "zero-shot", "mine.safetensors", "--data", "discs"}, "leave --data out");
  refused({"eval", "zero-shot", model_}, "--data");
}

}  // namespace
}  // namespace lix
