#include <chrono>

#include "data/dataset.h"
#include "data/pictures.h"
#include "data/source.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writePicture;
using test::writeText;

Result<Dataset> openFolder(const TemporaryFolder& folder, const std::string& options = "{}") {
  return open({.kind = "folder", .path = folder.path().string(), .options = options}, "test set");
}

std::vector<std::string> keys(const Dataset& dataset) {
  std::vector<std::string> result;
  for (const Sample& sample : dataset.samples) {
    result.push_back(sample.key);
  }
  return result;
}

std::string reasonOf(const Dataset& dataset, const std::string& key) {
  for (const Skipped& skipped : dataset.skipped) {
    if (skipped.key == key) {
      return skipped.reason;
    }
  }
  return "";
}

TEST(Folder, ReadsClassFoldersInByteOrder) {
  const TemporaryFolder folder;
  writePicture(folder / "polar_bear/b.PNG", 1);
  writePicture(folder / "polar_bear/a.png", 2);
  writePicture(folder / "polar_bear/deep/er/c.png", 3);
  writePicture(folder / "Cat/z.png", 4);
  writeText(folder / "Cat/notes.txt", "no picture");
  writeText(folder / "Cat/empty.jpg", "");
  writeText(folder / ".git/config", "hidden");
  const auto dataset = openFolder(folder);
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->name, "test set");
  ASSERT_EQ(dataset->labelSets.size(), 1U);
  EXPECT_EQ(dataset->labelSets[0].name, "class");
  EXPECT_EQ(dataset->labelSets[0].classes, (std::vector<std::string>{"Cat", "polar bear"}));
  EXPECT_EQ(keys(*dataset), (std::vector<std::string>{"Cat/z.png", "polar_bear/a.png", "polar_bear/b.PNG",
                                                      "polar_bear/deep/er/c.png"}));
  EXPECT_EQ(dataset->samples[0].labels, (std::vector<int>{0}));
  EXPECT_EQ(dataset->samples[3].labels, (std::vector<int>{1}));
  EXPECT_EQ(dataset->samples[3].captions, (std::vector<std::string>{"polar bear"}));
  const auto silent = openFolder(folder, R"({"captions_from_classes": false})");
  LIX_ASSERT_OK(silent);
  EXPECT_TRUE(silent->samples[3].captions.empty());
  EXPECT_EQ(dataset->samples[1].split, splitOf("polar_bear/a.png"));
  EXPECT_EQ(dataset->skipped.size(), 2U);
  EXPECT_NE(reasonOf(*dataset, "Cat/notes.txt").find("extension"), std::string::npos);
  EXPECT_NE(reasonOf(*dataset, "Cat/empty.jpg").find("empty"), std::string::npos);
  const auto image = dataset->pictures->load(2);
  LIX_ASSERT_OK(image);
  EXPECT_EQ(*image, test::patches(1));
}

TEST(Folder, AReplacedPictureHasAnotherVersion) {
  const TemporaryFolder folder;
  writePicture(folder / "cat/a.png", 1);
  writePicture(folder / "cat/b.png", 2);
  const auto before = openFolder(folder), again = openFolder(folder);
  LIX_ASSERT_OK(before);
  LIX_ASSERT_OK(again);
  std::filesystem::copy_file(folder / "cat/b.png", folder / "cat/a.png",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::last_write_time(folder / "cat/a.png", std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
  const auto after = openFolder(folder);
  LIX_ASSERT_OK(after);
  EXPECT_NE(before->samples[0].version, 0U);
  EXPECT_EQ(before->samples[0].version, again->samples[0].version);
  EXPECT_NE(before->samples[0].version, after->samples[0].version);
  EXPECT_EQ(before->samples[1].version, after->samples[1].version);
}

TEST(Folder, ReadsSplitFolders) {
  const TemporaryFolder folder;
  for (int i = 0; i < 3; ++i) {
    const std::string name = std::to_string(i) + ".png";
    writePicture(folder / ("train/cat/" + name), i);
    writePicture(folder / ("validation/cat/" + name), 10 + i);
    writePicture(folder / ("test/dog/" + name), 20 + i);
  }
  const auto dataset = openFolder(folder);
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->labelSets[0].classes, (std::vector<std::string>{"cat", "dog"}));
  ASSERT_EQ(dataset->samples.size(), 9U);
  for (const Sample& sample : dataset->samples) {
    const Split wanted = sample.key.starts_with("train") ? Split::Train
                         : sample.key.starts_with("val") ? Split::Validation : Split::Test;
    EXPECT_EQ(sample.split, wanted) << sample.key;
    EXPECT_EQ(sample.labels[0], sample.key.find("dog") != std::string::npos) << sample.key;
  }
}

TEST(Folder, TakesPicturesWithoutClasses) {
  const TemporaryFolder folder;
  writePicture(folder / "b.png", 1);
  writePicture(folder / "a.png", 2);
  const auto dataset = openFolder(folder);
  LIX_ASSERT_OK(dataset);
  EXPECT_TRUE(dataset->labelSets.empty());
  EXPECT_EQ(keys(*dataset), (std::vector<std::string>{"a.png", "b.png"}));
  EXPECT_TRUE(dataset->samples[0].labels.empty());
  EXPECT_NE(messageOf(dataset->labelSet("class")).find("no labels"), std::string::npos);
}

TEST(Folder, SkipsPicturesBesideClassFolders) {
  const TemporaryFolder folder;
  writePicture(folder / "loose.png", 1);
  writePicture(folder / "cat/a.png", 2);
  const auto dataset = openFolder(folder);
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(keys(*dataset), (std::vector<std::string>{"cat/a.png"}));
  EXPECT_NE(reasonOf(*dataset, "loose.png").find("no class"), std::string::npos);
}

TEST(Folder, RefusesWhatIsUnusable) {
  const TemporaryFolder folder;
  EXPECT_NE(messageOf(openFolder(folder)).find("no usable picture"), std::string::npos);
  std::filesystem::create_directories(folder / "empty class");
  EXPECT_NE(messageOf(openFolder(folder)).find("'empty class'"), std::string::npos);
  writePicture(folder / "cat/a.png", 1);
  EXPECT_FALSE(openFolder(folder).has_value());
  const auto allowed = openFolder(folder, R"({"allow_empty_classes": true})");
  LIX_ASSERT_OK(allowed);
  EXPECT_EQ(allowed->labelSets[0].classes.size(), 2U);
  EXPECT_NE(messageOf(open({.kind = "folder", .path = (folder / "nowhere").string()}, "x")).find("no folder"),
            std::string::npos);
}

TEST(Folder, RefusesTwoFoldersOfOneName) {
  const TemporaryFolder folder;
  writePicture(folder / "polar_bear/a.png", 1);
  writePicture(folder / "polar bear/a.png", 2);
  EXPECT_NE(messageOf(openFolder(folder)).find("'polar bear'"), std::string::npos);
}

TEST(Folder, KeepsTheFramesOfAVideoTogether) {
  const TemporaryFolder folder;
  for (int clip = 0; clip < 12; ++clip) {
    for (int frame = 0; frame < 3; ++frame) {
      writePicture(folder / ("run/clip" + std::to_string(clip) + "/" + std::to_string(frame) + ".png"), clip * 3 + frame);
    }
  }
  writePicture(folder / "jump/alone.png", 77);
  writeText(folder / "jump/clip.MP4", "a video");
  const auto dataset = openFolder(folder, R"({"frames": true})");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->labelSets.size(), 2U);
  EXPECT_EQ(dataset->labelSets[1].name, "video");
  EXPECT_EQ(dataset->labelSets[1].classes.size(), 12U);
  EXPECT_EQ(dataset->samples[0].key, "jump/alone.png");
  EXPECT_EQ(dataset->samples[0].labels, (std::vector<int>{0, -1})) << "of no video";
  for (const Sample& sample : dataset->samples) {
    if (sample.labels[1] >= 0) {
      const std::string& video = dataset->labelSets[1].classes[std::size_t(sample.labels[1])];
      EXPECT_TRUE(sample.key.starts_with(video + "/")) << video;
      EXPECT_EQ(sample.split, splitOf(video));
    }
  }
  EXPECT_NE(reasonOf(*dataset, "jump/clip.MP4").find("frames"), std::string::npos);
}

TEST(Folder, SurvivesLinksInACircle) {
  const TemporaryFolder folder;
  writePicture(folder / "cat/a.png", 1);
  std::filesystem::create_directory_symlink(folder / "cat", folder / "cat/again");
  const auto dataset = openFolder(folder);
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->samples.size(), 1U);
  EXPECT_NE(reasonOf(*dataset, "cat/again").find("link"), std::string::npos);
}

TEST(Options, NameWhatIsWrong) {
  const TemporaryFolder folder;
  writePicture(folder / "cat/a.png", 1);
  EXPECT_NE(messageOf(openFolder(folder, R"({"sead": 1})")).find("'sead'; it has: allow_empty_classes, captions_from_classes, frames, split_seed"),
            std::string::npos);
  EXPECT_NE(messageOf(openFolder(folder, R"({"split_seed": "one"})")).find("whole number"), std::string::npos);
  EXPECT_NE(messageOf(openFolder(folder, R"({"split_seed": -1})")).find("between"), std::string::npos);
  EXPECT_NE(messageOf(openFolder(folder, "[1]")).find("JSON object"), std::string::npos);
  EXPECT_NE(messageOf(openFolder(folder, "{")).find("JSON object"), std::string::npos);
}

}  // namespace
}  // namespace lix::data
