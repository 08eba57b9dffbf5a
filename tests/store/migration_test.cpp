// Workspaces that earlier versions of the program made.
#include "store/migrations.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <thread>

#include "base/text.h"
#include "store/dataset_store.h"
#include "store/layout_store.h"
#include "store/metric_store.h"
#include "store/run_search.h"
#include "store/run_store.h"
#include "store/support_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

/// A workspace as version 1 left it: one dataset, one run with two points.
void makeVersionOne(const fs::path& folder) {
  fs::create_directories(folder / "checkpoints");
  fs::create_directories(folder / "cache");
  SQLite::Database raw((folder / "workspace.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  raw.exec(migrations()[0]);
  raw.exec("PRAGMA user_version = 1; PRAGMA application_id = 0x4C495850; PRAGMA journal_mode = wal;");
  raw.exec(
      "INSERT INTO datasets VALUES (1, 'pets', 'folder', '/pets', '{}', '{}', 'f', '2026-01-31T12:00:00.000Z');"
      "INSERT INTO runs (id, name, recipe, size, dataset, seed, device, threads, cpu_capability, build, settings, "
      "out, status, message, steps_total, step, created_at, host, pid, process_start, init_checkpoint, tags, notes) "
      "VALUES (7, 'old', 'siglip', 'tiny', 'pets', 3, 'cpu', 2, 'AVX2', 'b', '{}', 'checkpoints/old', 'done', '', "
      "10, 10, '2026-01-31T12:00:00.000Z', '', 0, 0, '', '', 'a note');"
      "INSERT INTO metric_points VALUES (7, 1, 'loss', 0.5), (7, 2, 'loss', 0.25);");
}

int versionOf(const fs::path& folder) {
  SQLite::Database raw((folder / "workspace.sqlite").string());
  return raw.execAndGet("PRAGMA user_version").getInt();
}

void expectOldData(const Workspace& workspace) {
  EXPECT_EQ(DatasetStore(workspace).find("pets").value().path, "/pets");
  const auto run = RunStore(workspace).findByName("old");
  LIX_ASSERT_OK(run);
  EXPECT_EQ(run->id, 7);
  EXPECT_EQ(run->notes, "a note");
  EXPECT_EQ(MetricStore(workspace).part(7).value().series.at(0).values.size(), 2u);
  const auto ends = RunSearch(workspace).endsOf(7).value();  // counted when it was brought up to date, or from the points
  ASSERT_EQ(ends.size(), 1u);
  EXPECT_EQ(ends.at("loss").points, 2);
  EXPECT_EQ(ends.at("loss").lastValue, 0.25);
  EXPECT_TRUE(RunSearch(workspace).archived().value().empty());
  EXPECT_EQ(RunSearch(workspace).changes(0).value().changed.size(), 1u);
}

TEST(Migration, VersionOneIsBroughtUpToDateWithItsData) {
  for (const auto mode : {OpenMode::ReadWrite, OpenMode::Create}) {
    test::TemporaryFolder folder;
    makeVersionOne(folder.path());
    {
      const auto workspace = Workspace::open(folder.path(), mode);
      LIX_ASSERT_OK(workspace);
      expectOldData(*workspace);
      EXPECT_TRUE(SupportStore(*workspace).list()->empty());
      LIX_ASSERT_OK(SupportStore(*workspace).saveVersion("animals", {{"cat", {"file:/a"}}}));
      LIX_ASSERT_OK(LayoutStore(*workspace).save("session", "{}"));
      LIX_EXPECT_OK(workspace->check());
    }
    EXPECT_EQ(versionOf(folder.path()), schemaVersion());
    const auto again = Workspace::open(folder.path(), OpenMode::ReadOnly);
    LIX_ASSERT_OK(again);
    expectOldData(*again);
    EXPECT_EQ(SupportStore(*again).load("animals", 1)->size(), 1u);
  }
}

TEST(Migration, VersionOneIsReadWithoutBeingChanged) {
  test::TemporaryFolder folder;
  makeVersionOne(folder.path());
  {
    const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
    LIX_ASSERT_OK(workspace);
    expectOldData(*workspace);
    const SupportStore sets(*workspace);
    EXPECT_TRUE(sets.list().value().empty());
    EXPECT_EQ(sets.load("animals").error().code, ErrorCode::NotFound);
    EXPECT_EQ(sets.versions("animals").error().code, ErrorCode::NotFound);
    EXPECT_NE(messageOf(sets.saveDraft("animals", {})).find("for reading only"), std::string::npos);
    EXPECT_EQ(LayoutStore(*workspace).load("session").value(), std::nullopt);
    LIX_EXPECT_OK(workspace->check());
  }
  EXPECT_EQ(versionOf(folder.path()), 1);
}

TEST(Migration, AReaderSeesTheNewTablesOnceAWriterMadeThem) {
  test::TemporaryFolder folder;
  makeVersionOne(folder.path());
  const auto reader = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(reader);
  const auto writer = Workspace::open(folder.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(writer);
  LIX_ASSERT_OK(SupportStore(*writer).saveDraft("animals", {}));
  EXPECT_EQ(SupportStore(*reader).list().value().size(), 1u);
  LIX_EXPECT_OK(SupportStore(*reader).load("animals"));
}

TEST(Migration, SeveralProgramsAtOnceMigrateOnce) {
  test::TemporaryFolder folder;
  makeVersionOne(folder.path());
  std::vector<std::string> messages(6);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      threads.emplace_back([&, i] {
        const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite);
        messages[i] =
            workspace ? messageOf(SupportStore(*workspace).saveDraft(cat("set ", i), {})) : messageOf(workspace);
      });
    }
  }
  for (const auto& message : messages) {
    EXPECT_EQ(message, "");
  }
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
  expectOldData(*workspace);
  EXPECT_EQ(SupportStore(*workspace).list().value().size(), messages.size());
}

}  // namespace
}  // namespace lix::store
