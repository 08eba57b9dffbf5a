#include "base/file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/support.h"

namespace lix {
namespace {
namespace fs = std::filesystem;

TEST(File, WritesWholeAndReadsBack) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(writeFile(folder / "a.txt", "hello"));
  const auto text = readFile(folder / "a.txt");
  LIX_ASSERT_OK(text);
  EXPECT_EQ(*text, "hello");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

TEST(File, RefusesWhatItCannotRead) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(writeFile(folder / "big", "0123456789"));
  EXPECT_NE(test::messageOf(readFile(folder / "big", 9)).find("10 bytes"), std::string::npos);
  EXPECT_EQ(readFile(folder / "none").error().code, ErrorCode::NotFound);
  EXPECT_NE(test::messageOf(readFile(folder.path())).find("is a folder"), std::string::npos);
  EXPECT_FALSE(writeFile(folder / "no/such/folder/x", "x"));
}

TEST(File, ReplacesAFolderAtOnce) {
  test::TemporaryFolder folder;
  const fs::path target = folder / "made/deep";
  LIX_ASSERT_OK(replaceFolder(target, [](const fs::path& at) { return writeFile(at / "one", "1"); }));
  LIX_ASSERT_OK(replaceFolder(target, [](const fs::path& at) { return writeFile(at / "two", "2"); }));
  EXPECT_FALSE(fs::exists(target / "one"));
  EXPECT_TRUE(fs::exists(target / "two"));
  EXPECT_EQ(std::distance(fs::directory_iterator(target.parent_path()), fs::directory_iterator()), 1);
}

TEST(File, LeavesTheFolderAloneWhenFillingFails) {
  test::TemporaryFolder folder;
  const fs::path target = folder / "kept";
  LIX_ASSERT_OK(replaceFolder(target, [](const fs::path& at) { return writeFile(at / "one", "1"); }));
  const auto failed = replaceFolder(target, [](const fs::path& at) -> Result<void> {
    LIX_CHECK(writeFile(at / "half", "h"));
    return fail(ErrorCode::Io, "The disk is full.");
  });
  EXPECT_EQ(test::messageOf(failed), "The disk is full.");
  EXPECT_TRUE(fs::exists(target / "one"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
}

}  // namespace
}  // namespace lix
