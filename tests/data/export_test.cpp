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

}  // namespace
}  // namespace lix::data
