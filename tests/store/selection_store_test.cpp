#include "store/selection_store.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.h"
#include "store/migrations.h"
#include "support/support.h"

namespace lix::store {
namespace {
using Keys = std::vector<std::string>;
using lix::test::messageOf;

TEST(SelectionStore, KeepsPicturesInTheirOrder) {
  test::TemporaryFolder folder;
  {
    const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
    LIX_ASSERT_OK(workspace);
    const SelectionStore store(*workspace);
    EXPECT_TRUE(store.list().value().empty());
    const auto row = store.add({.dataset = "pets", .name = "  odd ones ", .note = "of May"}, {"c.png", "a.png", "b.png", "a.png"});
    LIX_ASSERT_OK(row);
    EXPECT_EQ(row->name, "odd ones");
    EXPECT_EQ(row->pictures, 3);
    LIX_ASSERT_OK(store.add({.dataset = "birds", .name = "odd ones"}, {}));
    LIX_ASSERT_OK(store.add({.dataset = "pets", .name = "even ones"}, {"größe/ü.png"}));
    LIX_EXPECT_OK(workspace->check());
  }
  const auto again = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(again);
  const SelectionStore store(*again);
  const auto rows = store.list().value();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].dataset, "birds");
  EXPECT_EQ(rows[1].name, "even ones");
  EXPECT_EQ(rows[2].note, "of May");
  EXPECT_EQ(store.keys("pets", "odd ones").value(), (Keys{"c.png", "a.png", "b.png"}));
  EXPECT_EQ(store.keys("pets", "even ones").value(), Keys{"größe/ü.png"});
  EXPECT_TRUE(store.keys("birds", "odd ones").value().empty());
  EXPECT_NE(messageOf(store.remove("pets", "odd ones")).find("for reading only"), std::string::npos);
}

TEST(SelectionStore, AddsTakesOutRenamesRemovesAndPutsBack) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  const SelectionStore store(*workspace);
  LIX_ASSERT_OK(store.add({.dataset = "pets", .name = "one"}, {"a", "b", "c"}));
  EXPECT_EQ(store.exclude("pets", "one", {"b", "nothing"}).value(), 1);
  EXPECT_EQ(store.include("pets", "one", {"c", "b", "d"}).value(), 2);
  EXPECT_EQ(store.keys("pets", "one").value(), (Keys{"a", "c", "b", "d"}));
  EXPECT_EQ(store.find("pets", "one")->pictures, 4);
  LIX_ASSERT_OK(store.rename("pets", "one", "two", "said"));
  EXPECT_EQ(store.find("pets", "one").error().code, ErrorCode::NotFound);
  const SelectionRow before = store.find("pets", "two").value();
  EXPECT_EQ(before.note, "said");
  const Keys keys = store.keys("pets", "two").value();
  LIX_ASSERT_OK(store.remove("pets", "two"));
  EXPECT_TRUE(store.list().value().empty());
  LIX_ASSERT_OK(store.restore(before, keys));
  SelectionRow after = store.find("pets", "two").value();
  after.id = before.id;
  EXPECT_EQ(after, before);
  EXPECT_EQ(store.keys("pets", "two").value(), keys);
  LIX_ASSERT_OK(store.restore(before, {"z"}));  // an addition undone: what stands there goes
  EXPECT_EQ(store.keys("pets", "two").value(), Keys{"z"});
  LIX_EXPECT_OK(workspace->check());
}

TEST(SelectionStore, RefusesTakenAndEmptyNamesWithASentence) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  const SelectionStore store(*workspace);
  LIX_ASSERT_OK(store.add({.dataset = "pets", .name = "one"}, {"a"}));
  LIX_ASSERT_OK(store.add({.dataset = "pets", .name = "other"}, {"b"}));
  EXPECT_NE(messageOf(store.add({.dataset = "pets", .name = " one"}, {})).find("'one' already"), std::string::npos);
  for (const char* name : {"", "  ", "two\nlines"}) {
    EXPECT_NE(messageOf(store.add({.dataset = "pets", .name = name}, {})).find("name of one line"), std::string::npos);
  }
  EXPECT_NE(messageOf(store.rename("pets", "one", "other", "")).find("'other' already"), std::string::npos);
  LIX_EXPECT_OK(store.rename("pets", "one", "one", "only the note"));
  EXPECT_NE(messageOf(store.keys("pets", "no such")).find("no selection 'no such'"), std::string::npos);
  EXPECT_EQ(store.include("cats", "one", {"a"}).error().code, ErrorCode::NotFound);
}

TEST(SelectionStore, AnOlderWorkspaceForReadingHasNone) {
  test::TemporaryFolder folder;
  {
    SQLite::Database raw((folder.path() / "workspace.sqlite").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    for (std::size_t i = 0; i < 5; ++i) {
      raw.exec(migrations()[i]);
    }
    raw.exec("PRAGMA user_version = 5; PRAGMA application_id = 0x4C495850; PRAGMA journal_mode = wal;");
  }
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(workspace);
  EXPECT_TRUE(SelectionStore(*workspace).list().value().empty());
  EXPECT_EQ(SelectionStore(*workspace).keys("pets", "one").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace lix::store
