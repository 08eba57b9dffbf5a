#include "data/export.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "data/scenes/scene_dataset.h"
#include "pictures.h"
#include "support/support.h"

namespace lix::data {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

/// Two class folders with two pictures each, of the same file names.
Dataset pets(const fs::path& folder) {
  for (const char* name : {"cats/1.png", "cats/2.png", "dogs/1.png", "dogs/2.png"}) {
    test::writePicture(folder / name, int(folder.string().size()) + name[0] + name[5]);
  }
  return open({.kind = "folder", .path = folder.string()}, "pets").value();
}

std::set<std::string> below(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      names.insert(entry.path().lexically_relative(folder).generic_string());
    }
  }
  return names;
}

TEST(ExportTable, ComesBackAsTheSameDataset) {
  test::TemporaryFolder folder;
  Dataset set = pets(folder.path() / "pets");
  set.samples[0].captions = {"a cat, \"asleep\"", "two\nlines, größe"};
  set.samples[2].captions = {"[not a list"};
  set.samples[3].labels = {-1};
  LIX_ASSERT_OK(exportTable(set, std::vector<std::uint32_t>{2, 0, 3}, folder.path() / "out.csv"));
  const Dataset again = open({.kind = "table", .path = (folder.path() / "out.csv").string()}, "again").value();
  ASSERT_EQ(again.samples.size(), 3u);
  EXPECT_TRUE(again.skipped.empty());
  EXPECT_EQ(again.samples[0].captions, set.samples[2].captions);
  EXPECT_EQ(again.samples[1].captions, set.samples[0].captions);
  EXPECT_EQ(again.samples[1].split, set.samples[0].split);
  EXPECT_EQ(again.labelSets[0].classes, (std::vector<std::string>{"cats", "dogs"}));
  EXPECT_EQ(again.samples[0].labels, std::vector<int>{1});
  EXPECT_EQ(again.samples[2].labels, std::vector<int>{-1});
  EXPECT_EQ(again.pictures->load(0).value(), set.pictures->load(2).value());
}

TEST(ExportFolders, CopiesFilesByClassAndNumbersNamesThatMeet) {
  test::TemporaryFolder folder;
  Dataset set = pets(folder.path() / "pets");
  set.samples[3].labels = {-1};
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  LIX_ASSERT_OK(exportFolders(set, all, 0, folder.path() / "by class"));
  EXPECT_EQ(below(folder.path() / "by class"), (std::set<std::string>{"cats/1.png", "cats/2.png", "dogs/1.png", "no class/2.png"}));
  EXPECT_EQ(readFile(folder.path() / "by class" / "dogs" / "1.png").value(), readFile(folder.path() / "pets" / "dogs" / "1.png").value());
  LIX_ASSERT_OK(exportFolders(set, all, std::nullopt, folder.path() / "flat"));
  EXPECT_EQ(below(folder.path() / "flat"), (std::set<std::string>{"1.png", "1 (2).png", "2.png", "2 (2).png"}));
  // What is there already stays as it is.
  EXPECT_NE(messageOf(exportFolders(set, all, 0, folder.path() / "flat")).find("exists already"), std::string::npos);
  EXPECT_EQ(below(folder.path() / "flat").size(), 4u);
}

TEST(ExportFolders, StoppedOrFailingTheyLeaveNothing) {
  test::TemporaryFolder folder;
  const Dataset set = pets(folder.path() / "pets");
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  const auto stopAtThree = [](std::string_view, long long done, long long total) { return total == 4 && done < 3; };
  EXPECT_EQ(messageOf(exportFolders(set, all, 0, folder.path() / "stopped", stopAtThree)), kExportStopped);
  EXPECT_EQ(messageOf(exportTable(set, all, folder.path() / "stopped.csv", [](auto...) { return false; })), kExportStopped);
  fs::remove(folder.path() / "pets" / "dogs" / "2.png");
  EXPECT_NE(messageOf(exportFolders(set, all, 0, folder.path() / "failed")).find("dogs/2.png"), std::string::npos);
  std::set<std::string> left;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    left.insert(entry.path().filename().string());
  }
  EXPECT_EQ(left, std::set<std::string>{"pets"}) << "no half-written folder, no temporary one";
}

TEST(ExportDrawn, AreWrittenAsPicturesAndAreInNoTable) {
  test::TemporaryFolder folder;
  const Dataset set = open({.kind = "scenes"}, "scenes").value();
  LIX_ASSERT_OK(exportFolders(set, std::vector<std::uint32_t>{0, 1}, 0, folder.path() / "scenes"));
  EXPECT_EQ(below(folder.path() / "scenes").size(), 2u);
  const Dataset copied = open({.kind = "folder", .path = (folder.path() / "scenes").string()}, "copied").value();
  EXPECT_EQ(copied.samples.size(), 2u);
  EXPECT_NE(messageOf(exportTable(set, std::vector<std::uint32_t>{0}, folder.path() / "a.csv")).find("export copies"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "a.csv"));
}

TEST(ExportShards, ComeBackAsTheSameDataset) {
  test::TemporaryFolder folder;
  Dataset set = pets(folder.path() / "pets");
  set.samples[0].split = set.samples[1].split = set.samples[2].split = Split::Train;
  set.samples[3].split = Split::Test;
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  const fs::path out = folder.path() / "shards";
  LIX_ASSERT_OK(exportShards(set, all, {.labelSet = 0, .perShard = 2}, out));
  EXPECT_EQ(below(out), (std::set<std::string>{"classnames.txt", "dataset_type.txt", "test/0.tar", "test/nshards.txt", "train/0.tar",
                                               "train/1.tar", "train/nshards.txt"}));
  const Dataset again = open(recognise(out.string()).value(), "again").value();
  EXPECT_TRUE(again.skipped.empty());
  ASSERT_EQ(again.samples.size(), 4u);
  EXPECT_EQ(again.labelSets[0].classes, set.labelSets[0].classes);
  const std::vector<std::size_t> order{3, 0, 1, 2};  // test comes first
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(again.samples[i].captions, set.samples[order[i]].captions);
    EXPECT_EQ(again.samples[i].labels, set.samples[order[i]].labels);
    EXPECT_EQ(again.samples[i].split, set.samples[order[i]].split);
    EXPECT_EQ(again.pictures->stored(i).value()->bytes, readFile(set.pictures->file(order[i])).value()) << "the bytes as they were";
  }
  // From shards into shards, and into files, they are the same bytes still.
  LIX_ASSERT_OK(exportShards(again, std::vector<std::uint32_t>{0, 1, 2, 3}, {.labelSet = 0, .perShard = 2}, folder.path() / "twice"));
  EXPECT_EQ(readFile(folder.path() / "twice" / "classnames.txt").value(), "cats\ndogs\n");
  LIX_ASSERT_OK(exportFolders(again, std::vector<std::uint32_t>{0}, 0, folder.path() / "files"));
  EXPECT_EQ(below(folder.path() / "files"), std::set<std::string>{"dogs/test_0_000000000.png"});
  EXPECT_NE(messageOf(exportTable(again, std::vector<std::uint32_t>{0}, folder.path() / "a.csv")).find("lies in a shard"), std::string::npos);
}

TEST(ExportShards, HoldSeveralCaptionsALineEachAndDrawnPicturesAsPng) {
  test::TemporaryFolder folder;
  Dataset set = open({.kind = "scenes"}, "scenes").value();
  set.samples[1].captions = {"one\nline", "two"};
  set.samples[1].labels.assign(set.labelSets.size(), -1);
  LIX_ASSERT_OK(exportShards(set, std::vector<std::uint32_t>{0, 1}, {.labelSet = 1}, folder.path() / "out"));
  const Dataset again = open(recognise((folder.path() / "out").string()).value(), "again").value();
  ASSERT_EQ(again.samples.size(), 2u);
  const bool isSwapped = again.samples[0].captions.size() == 2;
  EXPECT_EQ(again.samples[isSwapped ? 0 : 1].captions, (std::vector<std::string>{"one line", "two"}));
  EXPECT_EQ(again.samples[isSwapped ? 0 : 1].labels, std::vector<int>{-1});
  EXPECT_EQ(again.samples[isSwapped ? 1 : 0].captions, set.samples[0].captions);
  EXPECT_EQ(again.pictures->load(isSwapped ? 1 : 0).value(), set.pictures->load(0).value());
}

TEST(ExportShardsBad, StoppedOrFailingTheyLeaveNothing) {
  test::TemporaryFolder folder;
  const Dataset set = pets(folder.path() / "pets");
  const std::vector<std::uint32_t> all{0, 1, 2, 3};
  EXPECT_EQ(messageOf(exportShards(set, all, {}, folder.path() / "stopped", [](auto...) { return false; })), kExportStopped);
  EXPECT_NE(messageOf(exportShards(set, all, {}, folder.path() / "pets")).find("exists already"), std::string::npos);
  fs::remove(folder.path() / "pets" / "dogs" / "2.png");
  EXPECT_NE(messageOf(exportShards(set, all, {}, folder.path() / "failed")).find("dogs/2.png"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "stopped"));
  EXPECT_FALSE(fs::exists(folder.path() / "failed"));
}

}  // namespace
}  // namespace lix::data
