// Support sets and classification on the command line, and a person's own vectors as a model.
#include <cmath>
#include <map>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"
#include "store/window_lock.h"

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
  /// "sample:DATASET\nKEY" as DATASET:KEY.
  static std::string word(std::string text) {
    text = text.substr(7);
    text[text.find('\n')] = ':';
    return text;
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
  const json done =
      good({"classify", model_, "sorted", "--support", "discs", "--adapter", "knn:k=1", "--out", "out.csv"});
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

TEST_F(ClassifyTest, PredictionsKeepTheOrderAndSayWhatMovedThem) {
  sortDiscs();
  good({"support", "new", "discs"});
  good({"support", "add", "discs", "sorted"});
  const json drawn = good({"support", "new", "drawn", "--data", "discs", "--shots", "2"});
  const std::string sample = word(drawn["classes"][1]["pictures"][0]), file = at("sorted") / "red" / "red0.png";
  const std::vector<std::string> asked{"classify", model_, sample, file, "--support", "discs"};
  const json done = good(asked);
  ASSERT_EQ(done["predictions"].size(), 2u);
  EXPECT_EQ(done["predictions"][0]["picture"], sample);
  EXPECT_EQ(done["predictions"][1]["picture"].get<std::string>(), fs::path(file).lexically_normal().string());
  const json alone = good({"classify", model_, sample, "--support", "discs"});
  EXPECT_NEAR(done["predictions"][0]["margin"].get<double>(), alone["predictions"][0]["margin"].get<double>(), 1e-3)
      << "a row belongs to its picture";
  const Ran told = run(asked);
  EXPECT_NE(told.out.find("  best: "), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("  moved by: "), std::string::npos) << told.out;
  std::vector<std::string> searched = asked;
  searched.insert(searched.end(), {"--adapter", "tip-adapter-x"});
  EXPECT_NE(good(searched)["notes"].dump().find("there are no validation pictures"), std::string::npos);
}

TEST_F(ClassifyTest, ShortClassesAreNamed) {
  sortDiscs();
  fs::create_directories(at("uneven"));
  fs::rename(at("sorted"), at("uneven") / "train");
  fs::remove(at("uneven") / "train" / "blue" / "blue0.png");
  fs::remove(at("uneven") / "train" / "blue" / "blue1.png");
  good({"data", "add", "uneven"});
  const json made = good({"support", "new", "short", "--data", "uneven", "--shots", "1"});
  EXPECT_EQ(made["classes"].size(), 2u);
  EXPECT_NE(made["notes"].dump().find("left out: blue (1)."), std::string::npos) << made["notes"];
}

TEST_F(ClassifyTest, AnOpenWindowKeepsItsSets) {
  good({"support", "new", "mine", "warm"});
  const auto window = store::WindowLock::take(at("ws"));
  LIX_ASSERT_OK(window);
  const std::string file = at("discs") / "red0.png";
  refused({"support", "new", "other"}, "A window has the workspace");
  refused({"support", "add", "mine", file, "--class", "warm"}, "A window has the workspace");
}

TEST_F(ClassifyTest, FeaturesOfADatasetAreEvaluatedAndClassifiedAsOwnVectors) {
  good({"data", "features", "discs", "--from", model_, "--out", "f.safetensors"});
  const json few =
      good({"eval", "few-shot", "f.safetensors", "--shots", "1", "--draws", "1", "--adapters", "prototype"});
  EXPECT_EQ(few[0]["dataset"], "discs");
  const json drawn = good({"support", "new", "drawn", "--data", "discs", "--shots", "2"});
  const std::string picture = word(drawn["classes"][0]["pictures"][0]);
  const auto asked = [&](const std::string& model) {
    return good({"classify", model, picture, "--support", "drawn", "--adapter", "knn:k=1"})["predictions"][0]["label"];
  };
  EXPECT_EQ(asked("f.safetensors"), drawn["classes"][0]["name"]);
  EXPECT_EQ(asked("f.safetensors"), asked(model_));
  good({"data", "features", "discs", "--from", model_, "--out", "discs.npy"});
  EXPECT_EQ(asked("discs.npy"), drawn["classes"][0]["name"]) << "discs.csv names the pictures";
  const std::string file = at("discs") / "red0.png";
  refused({"classify", "f.safetensors", file, "--support", "drawn"}, "The vectors of 'discs' know no picture red0.png");
}

TEST_F(ClassifyTest, SupportSetsAreExportedAsFoldersAndShards) {
  good({"support", "new", "drawn", "--data", "discs", "--shots", "2"});
  // Its pictures in class folders, and as shards that are read as a dataset with the same classes.
  const json shown = good({"support", "show", "drawn"});
  std::size_t pictures = 0;
  for (const json& one : shown["classes"]) {
    pictures += one["pictures"].size();
  }
  good({"support", "export", "drawn", "--copies", "--out", "drawn-copies"});
  std::size_t copied = 0;
  for (const auto& entry : fs::recursive_directory_iterator(at("drawn-copies"))) {
    copied += entry.is_regular_file() ? 1 : 0;
  }
  EXPECT_EQ(copied, pictures);
  refused({"support", "export", "drawn", "--copies", "--out", "drawn-copies"}, "exists already");
  good({"support", "export", "drawn", "--shards", "--out", "drawn-shards"});
  const json added = good({"data", "add", "drawn-shards"});
  EXPECT_EQ(added["pictures"], pictures);
  EXPECT_EQ(added["label_sets"][0]["classes"], shown["classes"].size());
}

TEST_F(ClassifyTest, RefusalsAreOneSentence) {
  good({"support", "new", "one", "only"});
  refused({"support", "new", "one"}, "There is a support set 'one' already");
  refused({"support", "show", "none"}, "There are: one.");
  refused({"support", "add", "one", "nowhere", "--class", "x"}, "'nowhere' is no file or folder");
  refused({"support", "add", "one", "discs:nothing", "--class", "x"}, "has no picture 'nothing'");
  test::writeText(at("notes.txt"), "no picture");
  refused({"support", "add", "one", "notes.txt", "--class", "x"}, "Nothing was added.");
  refused({"support", "export", "one", "--out", "one.txt"}, "should end in .json or .csv");
  refused({"support", "export", "one", "--copies", "--out", "none"}, "holds no pictures");
  refused({"classify", model_, "discs", "--support", "one"}, "at least two are needed");
  refused({"classify", model_, "discs", "--support", "one", "--adapter", "no"}, "There is no adapter 'no'");
  refused({"classify", model_, "discs", "--support", "one", "--adapter", "coop"}, "is not for classify");
}

/// 24 unit vectors around a circle, two classes, written as a person's own file; `without` names tensors to leave out.
void writeOwn(const fs::path& path, const std::vector<std::string>& without = {}) {
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
  std::map<std::string, nn::TensorView> tensors{{"image_features", {nn::DType::F32, {24, 2}, bytes(images)}},
                                                {"labels", {nn::DType::I64, {24}, bytes(labels)}},
                                                {"split", {nn::DType::I64, {24}, bytes(splits)}},
                                                {"class_features", {nn::DType::F32, {2, 2}, bytes(texts)}},
                                                {"classes", {nn::DType::U8, {8}, bytes(classes)}}};
  for (const std::string& name : without) {
    tensors.erase(name);
  }
  LIX_EXPECT_OK(nn::writeSafetensors(path, tensors));
}

TEST_F(ClassifyTest, OwnVectorsAreEvaluatedWithoutACheckpoint) {
  writeOwn(at("mine.safetensors"));
  const json zero = good({"eval", "zero-shot", "mine.safetensors"});
  EXPECT_EQ(zero[0]["top1"], 1.0) << zero;
  EXPECT_EQ(zero[0]["dataset"], "mine");
  const json few = good({"eval", "few-shot", "mine.safetensors", "--shots", "1,2", "--draws", "2", "--adapters",
                         "prototype,tip-adapter,knn:k=1"});
  for (const json& point : few[0]["curve"]) {
    EXPECT_EQ(point["mean"], 1.0) << point;
  }
  refused({"eval", "robustness", "mine.safetensors"}, "needs the towers");
  refused({"eval", "zero-shot", "mine.safetensors", "--data", "discs"}, "leave --data out");
  refused({"eval", "zero-shot", "missing.npy", "--data", "discs"}, "There is no file missing.npy");
  writeOwn(at("nosplit.safetensors"), {"split"});
  refused({"eval", "few-shot", "nosplit.safetensors"}, "says no 'split'");
  writeOwn(at("bare.safetensors"), {"labels", "classes", "class_features"});
  refused({"eval", "few-shot", "bare.safetensors"}, "The vectors in bare.safetensors have no labels");
}

}  // namespace
}  // namespace lix
