#include "store/workspace.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <regex>
#include <thread>

#include "child.h"
#include "store/dataset_store.h"
#include "store/file_system.h"
#include "metric_count.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;
using lix::test::messageOf;

int userVersion(const fs::path& folder) {
  SQLite::Database raw((folder / "workspace.sqlite").string());
  return raw.execAndGet("PRAGMA user_version").getInt();
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

TEST(Workspace, IsMadeOnceAndOpensAgain) {
  test::TemporaryFolder folder;
  const fs::path at = folder / "deep/er/ws";
  EXPECT_FALSE(Workspace::isIn(at));
  {
    const auto made = Workspace::open(at, OpenMode::Create);
    LIX_ASSERT_OK(made);
    EXPECT_EQ(made->folder(), fs::canonical(at));
    EXPECT_EQ(made->journal(), Journal::WriteAhead);
    EXPECT_TRUE(fs::is_directory(at / "checkpoints"));
    EXPECT_TRUE(fs::is_directory(at / "cache"));
    LIX_ASSERT_OK(RunStore(*made).add({.recipe = "siglip"}));
    LIX_EXPECT_OK(made->check());
  }
  EXPECT_EQ(entries(at), 3u) << "database and two folders, nothing left over";
  EXPECT_EQ(userVersion(at), schemaVersion());
  for (const auto mode : {OpenMode::Create, OpenMode::ReadWrite, OpenMode::ReadOnly}) {
    const auto again = Workspace::open(at, mode);
    LIX_ASSERT_OK(again);
    EXPECT_EQ(RunStore(*again).list().value().size(), 1u);
    EXPECT_EQ(again->isReadOnly(), mode == OpenMode::ReadOnly);
  }
}

TEST(Workspace, IsNotMadeUnlessAsked) {
  test::TemporaryFolder folder;
  for (const auto mode : {OpenMode::ReadWrite, OpenMode::ReadOnly}) {
    for (const fs::path& at : {folder.path(), folder / "absent"}) {
      const auto opened = Workspace::open(at, mode);
      ASSERT_FALSE(opened);
      EXPECT_EQ(opened.error().code, ErrorCode::NotFound);
      EXPECT_NE(messageOf(opened).find("is not a workspace"), std::string::npos) << messageOf(opened);
    }
  }
  EXPECT_EQ(entries(folder.path()), 0u);
  std::ofstream(folder / "file") << "x";
  EXPECT_NE(messageOf(Workspace::open(folder / "file", OpenMode::Create)).find("is a file"), std::string::npos);
}

TEST(Workspace, ReadOnlyRefusesEveryChange) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(Workspace::open(folder.path(), OpenMode::Create));
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(workspace);
  const auto added = RunStore(*workspace).add({.recipe = "siglip"});
  EXPECT_NE(messageOf(added).find("for reading only"), std::string::npos);
  EXPECT_EQ(RunStore(*workspace).list().value().size(), 0u);
}

TEST(Workspace, MadeByEightThreadsAtOnceIsOne) {
  test::TemporaryFolder folder;
  std::vector<std::string> messages(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < messages.size(); ++i) {
      threads.emplace_back([&, i] {
        const auto workspace = Workspace::open(folder / "ws", OpenMode::Create);
        messages[i] = workspace ? messageOf(RunStore(*workspace).add({.recipe = "siglip"})) : messageOf(workspace);
      });
    }
  }
  for (const auto& message : messages) {
    EXPECT_EQ(message, "");
  }
  const auto workspace = Workspace::open(folder / "ws", OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  EXPECT_EQ(RunStore(*workspace).list().value().size(), 8u);  // unique names besides: siglip-0001 to siglip-0008
  EXPECT_EQ(RunStore(*workspace).list()->front().name, "siglip-0008");
}

TEST(Transaction, IsUndoneUnlessCommitted) {
  test::TemporaryFolder folder;
  auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  const DatasetStore datasets(*workspace);
  {
    auto outer = Transaction::begin(*workspace);
    LIX_ASSERT_OK(outer);
    LIX_ASSERT_OK(datasets.add({.name = "first", .kind = "folder"}));
    EXPECT_FALSE(datasets.add({.name = "first", .kind = "folder"}));  // a failed change undoes itself only
    {
      auto inner = Transaction::begin(*workspace);
      LIX_ASSERT_OK(inner);
      LIX_ASSERT_OK(datasets.add({.name = "second", .kind = "folder"}));
    }
    EXPECT_TRUE(datasets.find("first"));
    EXPECT_FALSE(datasets.find("second"));
    LIX_EXPECT_OK(outer->commit());
  }
  {
    auto forgotten = Transaction::begin(*workspace);
    LIX_ASSERT_OK(datasets.add({.name = "third", .kind = "folder"}));
  }
  ASSERT_EQ(datasets.list().value().size(), 1u);
  EXPECT_EQ(datasets.list()->front().name, "first");
}

TEST(Workspace, TwoThreadsWriteAtOnce) {
  test::TemporaryFolder folder;
  long long ids[2] = {};
  {
    const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
    for (long long& id : ids) {
      id = RunStore(*workspace).add({.recipe = "r"}).value().id;
    }
  }
  std::string messages[2];
  constexpr int kBatches = 300;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 2; ++t) {
      threads.emplace_back([&, t] {
        const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite);
        for (int step = 0; workspace && step < kBatches; ++step) {
          const std::vector<MetricPoint> points = {{step, "loss", 1.0 * step}, {step, "rate", 0.1}};
          messages[t] += messageOf(MetricStore(*workspace).append(ids[t], points));
          messages[t] += messageOf(RunStore(*workspace).heartbeat(ids[t], step));
        }
      });
    }
  }
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
  for (int t = 0; t < 2; ++t) {
    EXPECT_EQ(messages[t], "");
    EXPECT_EQ(countPoints(*workspace, ids[t]).value(), 2u * kBatches);
    EXPECT_EQ(RunStore(*workspace).find(ids[t]).value().step, kBatches - 1);
  }
}

TEST(Workspace, AReaderSeesTheStateBeforeAnOpenTransaction) {
  test::TemporaryFolder folder;
  auto writer = Workspace::open(folder.path(), OpenMode::Create);
  auto reader = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(reader);
  auto transaction = Transaction::begin(*writer);
  LIX_ASSERT_OK(DatasetStore(*writer).add({.name = "new", .kind = "folder"}));
  EXPECT_EQ(DatasetStore(*reader).list().value().size(), 0u);
  LIX_ASSERT_OK(transaction->commit());
  EXPECT_EQ(DatasetStore(*reader).list().value().size(), 1u);
}

TEST(Workspace, NetworkFileSystemsGetARollbackJournal) {
  for (const unsigned long magic : {0x6969UL, 0xFF534D42UL, 0xFE534D42UL, 0x01021997UL, 0x65735546UL}) {
    EXPECT_EQ(fileSystemOfMagic(magic), FileSystem::Network);
  }
  EXPECT_EQ(fileSystemOfMagic(0xFFFFFFFF00000000UL | 0xFF534D42UL), FileSystem::Network)
      << "the kernel's field is signed";
  for (const unsigned long magic : {0xEF53UL, 0x01021994UL, 0x9123683EUL, 0x58465342UL}) {  // ext4, tmpfs, btrfs, xfs
    EXPECT_EQ(fileSystemOfMagic(magic), FileSystem::Local);
  }
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(
      Workspace::open(folder.path(), OpenMode::Create));  // with a write-ahead log, and then moved to the network
  {
    const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite, FileSystem::Network);
    LIX_ASSERT_OK(workspace);
    EXPECT_EQ(workspace->journal(), Journal::Rollback);
    LIX_ASSERT_OK(DatasetStore(*workspace).add({.name = "d", .kind = "folder"}));
    EXPECT_FALSE(fs::exists(folder / "workspace.sqlite-wal"));
    SQLite::Database raw((folder / "workspace.sqlite").string());
    EXPECT_EQ(raw.execAndGet("PRAGMA journal_mode").getString(), "delete");
  }
}

TEST(Workspace, TheSchemaIsDocumentedInTheFile) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(Workspace::open(folder.path(), OpenMode::Create));
  SQLite::Database raw((folder / "workspace.sqlite").string());
  SQLite::Statement tables(raw,
                           "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  int count = 0;
  while (tables.executeStep()) {
    EXPECT_NE(tables.getColumn(1).getString().find("-- "), std::string::npos) << tables.getColumn(0).getString();
    ++count;
  }
  EXPECT_EQ(count, 20);
}

TEST(Now, IsIsoTimeInUtc) {
  EXPECT_TRUE(std::regex_match(now(), std::regex(R"(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"))) << now();
}

}  // namespace
}  // namespace lix::store
