#include "store/support_store.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <regex>

#include "child.h"
#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

const std::vector<SupportClassRow> kAnimals{
    {"cat", {"file:/c.png", "sample:emoji\n1f408", "file:/a.png"}}, {"empty", {}}, {"Größe 大", {"file:/b \"1\".png"}}};

class SupportStoreTest : public testing::Test {
 protected:
  void SetUp() override { LIX_ASSERT_OK(workspace_); }
  SupportStore sets() const { return SupportStore(*workspace_); }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    const auto rows = sets().list();
    for (const SupportSetRow& row : rows.value()) {
      all.push_back(row.name);
    }
    return all;
  }
  long long count(const std::string& table) const {
    SQLite::Database raw((folder_ / "workspace.sqlite").string());
    return raw.execAndGet("SELECT count(*) FROM " + table).getInt64();
  }

  test::TemporaryFolder folder_;
  Result<Workspace> workspace_ = Workspace::open(folder_.path(), OpenMode::Create);
};

TEST_F(SupportStoreTest, KeepsADraftInItsOrder) {
  LIX_ASSERT_OK(sets().saveDraft("animals", kAnimals));
  EXPECT_EQ(sets().load("animals").value(), kAnimals);
  const std::vector<SupportClassRow> turned{kAnimals[2], kAnimals[0]};
  LIX_ASSERT_OK(sets().saveDraft("animals", turned));
  EXPECT_EQ(sets().load("animals").value(), turned);
  LIX_ASSERT_OK(sets().saveDraft("animals", {}));
  EXPECT_TRUE(sets().load("animals")->empty());
  const auto rows = sets().list().value();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].versions, 0);
  EXPECT_TRUE(std::regex_match(rows[0].changedAt, std::regex(R"(20\d\d-\d\d-\d\dT.*Z)")));
  EXPECT_TRUE(sets().versions("animals")->empty());
  EXPECT_EQ(count("support_versions"), 1);
  EXPECT_EQ(count("support_pictures"), 0) << "nothing is left of earlier drafts";
}

TEST_F(SupportStoreTest, SavedVersionsNeverChange) {
  EXPECT_EQ(sets().saveVersion("animals", kAnimals, "first").value(), 1);
  const std::vector<SupportClassRow> one{{"cat", {"file:/c.png"}}};
  LIX_ASSERT_OK(sets().saveDraft("animals", one));
  EXPECT_EQ(sets().load("animals").value(), one);
  EXPECT_EQ(sets().load("animals", 1).value(), kAnimals);
  EXPECT_EQ(sets().saveVersion("animals", one).value(), 2);
  LIX_ASSERT_OK(sets().saveDraft("animals", {{"dog", {}}}));
  EXPECT_EQ(sets().load("animals", 1).value(), kAnimals);
  EXPECT_EQ(sets().load("animals", 2).value(), one);
  const auto versions = sets().versions("animals").value();
  ASSERT_EQ(versions.size(), 2u);
  EXPECT_EQ(versions[0].version, 1);
  EXPECT_EQ(versions[0].note, "first");
  EXPECT_EQ(versions[0].pictures, 4);
  EXPECT_EQ(versions[0].classes, 3);
  EXPECT_EQ(versions[1].note, "");
  EXPECT_EQ(versions[1].pictures, 1);
  EXPECT_EQ(versions[1].classes, 1);
  EXPECT_LE(versions[0].savedAt, versions[1].savedAt);
  EXPECT_EQ(sets().list()->front().versions, 2);
}

TEST_F(SupportStoreTest, VersionsAreRenamedAndRemovedOneByOne) {
  const std::vector<SupportClassRow> one{{"cat", {"file:/c.png"}}};
  ASSERT_TRUE(sets().saveVersion("animals", kAnimals, "first"));
  ASSERT_TRUE(sets().saveVersion("animals", one, "second"));
  LIX_ASSERT_OK(sets().renameVersion("animals", 1, "as made"));
  EXPECT_EQ(sets().versions("animals")->front().note, "as made");
  EXPECT_EQ(sets().load("animals", 1).value(), kAnimals);
  LIX_ASSERT_OK(sets().removeVersion("animals", 1));
  const auto left = sets().versions("animals").value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].version, 2);
  EXPECT_EQ(sets().load("animals", 2).value(), one);
  EXPECT_EQ(sets().load("animals").value(), one) << "the draft stays";
  for (const long long version : {0ll, 1ll, 7ll}) {  // the draft, what is gone, what never was
    EXPECT_EQ(sets().removeVersion("animals", version).error().code, ErrorCode::NotFound) << version;
    EXPECT_EQ(sets().renameVersion("animals", version, "x").error().code, ErrorCode::NotFound) << version;
  }
}

TEST_F(SupportStoreTest, AVersionIsTheDraftToo) {
  LIX_ASSERT_OK(sets().saveDraft("animals", {{"old", {}}}));
  EXPECT_EQ(sets().saveVersion("animals", kAnimals).value(), 1);
  EXPECT_EQ(sets().load("animals").value(), kAnimals);
}

TEST_F(SupportStoreTest, ListsTheNewestChangedFirst) {
  for (const char* name : {"a", "b", "c"}) {
    LIX_ASSERT_OK(sets().saveDraft(name, kAnimals));
  }
  EXPECT_EQ(names(), (std::vector<std::string>{"c", "b", "a"}));
  LIX_ASSERT_OK(sets().saveDraft("a", {}));
  EXPECT_EQ(names(), (std::vector<std::string>{"a", "c", "b"}));
  LIX_ASSERT_OK(sets().saveVersion("b", {}));
  EXPECT_EQ(names(), (std::vector<std::string>{"b", "a", "c"}));
}

TEST_F(SupportStoreTest, TheDraftOfAKilledProcessIsThere) {
  {
    auto other = test::helper({"draft", folder_.path().string(), "theirs"});
    ASSERT_EQ(other.line(), "kept");
    other.kill();
    EXPECT_EQ(other.wait(), -1);
  }
  const std::vector<SupportClassRow> expected{{"cat", {"file:/1", "file:/3"}}, {"dog", {}}};
  EXPECT_EQ(sets().load("theirs").value(), expected);
  LIX_EXPECT_OK(workspace_->check());
}

TEST_F(SupportStoreTest, RenamesWithAllVersions) {
  LIX_ASSERT_OK(sets().saveVersion("animals", kAnimals));
  LIX_ASSERT_OK(sets().saveDraft("plants", {}));
  LIX_ASSERT_OK(sets().rename("animals", "beasts"));
  EXPECT_EQ(sets().load("beasts", 1).value(), kAnimals);
  EXPECT_EQ(sets().load("animals").error().code, ErrorCode::NotFound);
  LIX_EXPECT_OK(sets().rename("beasts", "beasts"));
  const auto taken = sets().rename("beasts", "plants");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::BadInput);
  EXPECT_NE(messageOf(taken).find("'plants' already"), std::string::npos);
  EXPECT_FALSE(sets().rename("beasts", " "));
  EXPECT_EQ(sets().rename("absent", "new").error().code, ErrorCode::NotFound);
}

TEST_F(SupportStoreTest, RemovesEverythingOfASet) {
  LIX_ASSERT_OK(sets().saveVersion("animals", kAnimals));
  LIX_ASSERT_OK(sets().saveVersion("others", kAnimals));
  LIX_ASSERT_OK(sets().remove("animals"));
  EXPECT_EQ(names(), std::vector<std::string>{"others"});
  EXPECT_EQ(count("support_versions"), 2);
  EXPECT_EQ(count("support_pictures"), 8);
  EXPECT_EQ(sets().load("others", 1).value(), kAnimals);
  LIX_ASSERT_OK(sets().remove("others"));
  for (const char* table : {"support_sets", "support_versions", "support_classes", "support_pictures"}) {
    EXPECT_EQ(count(table), 0) << table;
  }
  EXPECT_EQ(sets().saveVersion("animals", {}).value(), 1) << "a new set counts anew";
}

TEST_F(SupportStoreTest, WhatIsNotThereIsNotFound) {
  LIX_ASSERT_OK(sets().saveVersion("animals", kAnimals));
  EXPECT_EQ(sets().load("absent").error().code, ErrorCode::NotFound);
  EXPECT_EQ(sets().versions("absent").error().code, ErrorCode::NotFound);
  EXPECT_EQ(sets().remove("absent").error().code, ErrorCode::NotFound);
  for (const long long version : {-1LL, 0LL, 2LL}) {
    const auto loaded = sets().load("animals", version);
    ASSERT_FALSE(loaded) << version;
    EXPECT_EQ(loaded.error().code, ErrorCode::NotFound);
    EXPECT_NE(messageOf(loaded).find("no version"), std::string::npos);
  }
}

TEST_F(SupportStoreTest, ARefusedDraftLeavesTheOldOne) {
  LIX_ASSERT_OK(sets().saveDraft("animals", kAnimals));
  const std::vector<std::vector<SupportClassRow>> bad{
      {{"cat", {}}, {"cat", {}}}, {{"cat", {"file:/a"}}, {"dog", {"file:/a"}}}, {{"", {}}}};
  for (const auto& classes : bad) {
    const auto saved = sets().saveDraft("animals", classes);
    ASSERT_FALSE(saved);
    EXPECT_NE(messageOf(saved).find("refuses the row"), std::string::npos) << messageOf(saved);
    EXPECT_FALSE(sets().saveVersion("animals", classes));
  }
  EXPECT_EQ(sets().load("animals").value(), kAnimals);
  EXPECT_TRUE(sets().versions("animals")->empty());
  EXPECT_FALSE(sets().saveDraft("", kAnimals));
  EXPECT_EQ(names(), std::vector<std::string>{"animals"});
}

TEST_F(SupportStoreTest, ReadOnlyShowsButDoesNotKeep) {
  LIX_ASSERT_OK(sets().saveVersion("animals", kAnimals));
  const auto reader = Workspace::open(folder_.path(), OpenMode::ReadOnly);
  LIX_ASSERT_OK(reader);
  const SupportStore theirs(*reader);
  EXPECT_EQ(theirs.load("animals", 1).value(), kAnimals);
  EXPECT_EQ(theirs.list()->size(), 1u);
  EXPECT_NE(messageOf(theirs.saveDraft("animals", {})).find("for reading only"), std::string::npos);
  EXPECT_FALSE(theirs.remove("animals"));
}

}  // namespace
}  // namespace lix::store
