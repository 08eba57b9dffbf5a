// Files that are not, or no longer, the workspace database of this version.
#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "metric_count.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

/// A workspace with 20,000 points, closed.
fs::path filled(const test::TemporaryFolder& folder) {
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  const auto run = RunStore(*workspace).add({.recipe = "siglip"});
  std::vector<MetricPoint> points;
  for (int i = 0; i < 20'000; ++i) {
    points.push_back({i, "loss", 0.25 * i});
  }
  EXPECT_TRUE(MetricStore(*workspace).append(run->id, points));
  return folder / "workspace.sqlite";
}

void expectRefused(const fs::path& folder, std::string_view part) {
  const std::string before = readFile(folder / "workspace.sqlite").value();
  for (const auto mode : {OpenMode::ReadWrite, OpenMode::ReadOnly, OpenMode::Create}) {
    const auto opened = Workspace::open(folder, mode);
    ASSERT_FALSE(opened) << static_cast<int>(mode);
    EXPECT_NE(messageOf(opened).find(part), std::string::npos) << messageOf(opened);
    EXPECT_NE(messageOf(opened).find(folder.string()), std::string::npos) << messageOf(opened);
  }
  EXPECT_EQ(readFile(folder / "workspace.sqlite").value(), before) << "a refused file is left as it was";
}

TEST(WorkspaceDamage, ANewerVersionIsRefusedWithBothVersions) {
  test::TemporaryFolder folder;
  const fs::path file = filled(folder);
  SQLite::Database(file.string(), SQLite::OPEN_READWRITE)
      .exec(cat("PRAGMA user_version = ", schemaVersion() + 41));
  expectRefused(folder.path(), cat("is of version ", schemaVersion() + 41));
  const auto opened = Workspace::open(folder.path(), OpenMode::ReadWrite);
  EXPECT_EQ(opened.error().code, ErrorCode::Newer);
  EXPECT_NE(messageOf(opened).find(cat("up to ", schemaVersion(), ". Install a newer")), std::string::npos)
      << messageOf(opened);
}

TEST(WorkspaceDamage, AnOlderVersionIsNotReadAsIfItWereNew) {
  test::TemporaryFolder folder;
  {
    SQLite::Database raw((folder / "workspace.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    raw.exec("PRAGMA application_id = 0x4C495850; CREATE TABLE note (text)");  // version 0: before the first migration
  }
  EXPECT_NE(messageOf(Workspace::open(folder.path(), OpenMode::ReadOnly)).find("older than"), std::string::npos);
  const auto migrated = Workspace::open(folder.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(migrated);
  EXPECT_TRUE(RunStore(*migrated).add({.recipe = "siglip"}));
}

TEST(WorkspaceDamage, AVersionBelowZeroIsDamage) {
  test::TemporaryFolder folder;
  SQLite::Database(filled(folder).string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = -3");
  expectRefused(folder.path(), "of version -3");
}

TEST(WorkspaceDamage, GarbageIsNoDatabase) {
  test::TemporaryFolder folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) {
    text += "These are not the bytes of a database. ";
  }
  std::ofstream(folder / "workspace.sqlite") << text;
  expectRefused(folder.path(), "is not a database");
}

TEST(WorkspaceDamage, AnEmptyFileIsNotSilentlyMadeAnew) {
  test::TemporaryFolder folder;
  std::ofstream(folder / "workspace.sqlite").close();
  expectRefused(folder.path(), "is empty");
}

TEST(WorkspaceDamage, AnotherProgramsDatabaseIsLeftAlone) {
  test::TemporaryFolder folder;
  {
    SQLite::Database raw((folder / "workspace.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    raw.exec("CREATE TABLE bookmarks (url TEXT)");
  }
  expectRefused(folder.path(), "not one of this program");
}

TEST(WorkspaceDamage, ATruncatedFileIsDamagedAtEveryLength) {
  test::TemporaryFolder folder;
  const fs::path file = filled(folder);
  const auto whole = fs::file_size(file);
  for (const auto size :
       {whole - 1, whole - 4096, whole / 2, std::uintmax_t(8192), std::uintmax_t(4096), std::uintmax_t(100)}) {
    fs::resize_file(file, size);
    expectRefused(folder.path(), "is damaged");
  }
}

TEST(WorkspaceDamage, ABrokenPageIsFoundWhenItIsReadAndByCheck) {
  test::TemporaryFolder folder;
  const fs::path file = filled(folder);
  {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<long long>(fs::file_size(file));
    for (long long page = size / 4096 / 2; page < size / 4096; ++page) {
      out.seekp(page * 4096);
      out << std::string(200, '\xEE');
    }
  }
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  const auto points = countPoints(*workspace, 1);
  ASSERT_FALSE(points);
  EXPECT_NE(messageOf(points).find("is damaged"), std::string::npos) << messageOf(points);
  EXPECT_NE(messageOf(points).find(".recover"), std::string::npos);
  EXPECT_NE(messageOf(workspace->check()).find("is damaged"), std::string::npos);
}

}  // namespace
}  // namespace lix::store
