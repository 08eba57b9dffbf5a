// A workspace whose folder was moved, renamed or copied.
#include "store/moved.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>

#include "base/text.h"
#include "store/checkpoint_store.h"
#include "store/dataset_store.h"
#include "store/evaluation_store.h"
#include "store/layout_store.h"
#include "store/run_store.h"
#include "store/support_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;

void touch(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
}

/// A workspace that says of a checkpoint, a picture and a template file in it where they lie, wherever something can.
void fill(const fs::path& folder) {
  touch(folder / "checkpoints" / "kept" / "model.safetensors");
  touch(folder / "pictures" / "a \"b\".png");
  touch(folder / "templates.txt");
  const auto workspace = Workspace::open(folder, OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  const std::string at = workspace->folder().string();
  LIX_ASSERT_OK(CheckpointStore(*workspace).record({.path = folder / "checkpoints" / "kept", .weightsHash = "h", .recipe = "llip"}));
  LIX_ASSERT_OK(DatasetStore(*workspace).add({.name = "mine", .kind = "folder", .path = folder / "pictures", .options = cat(R"({"table": ")", at, R"(/templates.txt"})")}));
  RunRow run;
  run.name = "tuned";
  run.initCheckpoint = folder / "checkpoints" / "kept";
  run.settings = cat(R"({"init": ")", at, R"(/checkpoints/kept", "rate": 1e-3})");
  LIX_ASSERT_OK(RunStore(*workspace).add(run));
  LIX_ASSERT_OK(SupportStore(*workspace).saveVersion("set", {{"a", {cat("file:", at, "/pictures/a \"b\".png"), "sample:mine\nk"}}}));
  LIX_ASSERT_OK(LayoutStore(*workspace).save(
      "session", cat(R"({"checkpoint":")", at, R"(/checkpoints/kept","list":["file:)", at, R"(/pictures/a \"b\".png"],"caption":"in )", at,
                     R"(/checkpoints/kept","gone":")", at, R"(/checkpoints/gone"})")));
}

void expectFound(const fs::path& folder, const fs::path& before, OpenMode mode) {
  const auto workspace = Workspace::open(folder, mode);
  LIX_ASSERT_OK(workspace);
  const std::string at = workspace->folder().string();
  const fs::path kept = fs::path(at) / "checkpoints" / "kept";
  const auto checkpoint = CheckpointStore(*workspace).find(kept);
  LIX_ASSERT_OK(checkpoint);
  EXPECT_EQ(checkpoint->path, kept);
  ASSERT_EQ(CheckpointStore(*workspace).list()->size(), 1u);
  const auto dataset = DatasetStore(*workspace).find("mine");
  LIX_ASSERT_OK(dataset);
  EXPECT_EQ(dataset->path, fs::path(at) / "pictures");
  EXPECT_EQ(dataset->options, cat(R"({"table": ")", at, R"(/templates.txt"})"));
  const auto run = RunStore(*workspace).findByName("tuned");
  LIX_ASSERT_OK(run);
  EXPECT_EQ(run->initCheckpoint, kept);
  EXPECT_EQ(run->settings, cat(R"({"init": ")", at, R"(/checkpoints/kept", "rate": 1e-3})"));
  for (const std::optional<long long> version : {std::optional<long long>(), std::optional<long long>(1)}) {
    const auto set = SupportStore(*workspace).load("set", version);
    LIX_ASSERT_OK(set);
    EXPECT_EQ(set->at(0).pictures, (std::vector<std::string>{cat("file:", at, "/pictures/a \"b\".png"), "sample:mine\nk"}));
  }
  // What is no path, and what lies nowhere, stays as it was written.
  EXPECT_EQ(LayoutStore(*workspace).load("session").value().value(),
            cat(R"({"checkpoint":")", at, R"(/checkpoints/kept","list":["file:)", at, R"(/pictures/a \"b\".png"],"caption":"in )",
                before.string(), R"(/checkpoints/kept","gone":")", before.string(), R"(/checkpoints/gone"})"));
}

TEST(Moved, AllThatLiesInAMovedWorkspaceIsFoundAgain) {
  test::TemporaryFolder folder;
  const fs::path before = fs::canonical(folder.path()) / "before", after = fs::canonical(folder.path()) / "after";
  fill(before);
  fs::rename(before, after);
  expectFound(after, before, OpenMode::ReadOnly);
  expectFound(after, before, OpenMode::ReadWrite);
  expectFound(after, before, OpenMode::ReadOnly);
  const fs::path deeper = after.parent_path() / "else" / "where";  // again, and into another folder
  fs::create_directories(deeper.parent_path());
  fs::rename(after, deeper);
  expectFound(deeper, before, OpenMode::ReadWrite);
}

TEST(Moved, ACopyReadsItsOwnFilesAndNotThoseOfTheOriginal) {
  test::TemporaryFolder folder;
  const fs::path before = fs::canonical(folder.path()) / "before", after = fs::canonical(folder.path()) / "copy";
  fill(before);
  fs::copy(before, after, fs::copy_options::recursive);
  expectFound(after, before, OpenMode::ReadOnly);
  expectFound(after, before, OpenMode::ReadWrite);
  expectFound(before, before, OpenMode::ReadWrite);
  // From then on a person may name a file of the original.
  const auto copy = Workspace::open(after, OpenMode::ReadWrite);
  LIX_ASSERT_OK(copy);
  const std::string meant = cat(R"({"a":")", before.string(), R"(/checkpoints/kept"})");
  LIX_ASSERT_OK(LayoutStore(*copy).save("other", meant));
  EXPECT_EQ(LayoutStore(*copy).load("other").value().value(), meant);
}

TEST(Moved, WhatAWindowThatWasOpenMeanwhileWroteIsFoundToo) {
  test::TemporaryFolder folder;
  const fs::path before = fs::canonical(folder.path()) / "before", after = fs::canonical(folder.path()) / "after";
  fill(before);
  {
    const auto window = Workspace::open(before, OpenMode::ReadWrite);
    LIX_ASSERT_OK(window);
    fs::rename(before, after);
    LIX_ASSERT_OK(Workspace::open(after, OpenMode::ReadWrite));
    LIX_ASSERT_OK(LayoutStore(*window).save("late", cat(R"(["checkpoint:)", before.string(), R"(/checkpoints/kept"])")));
  }
  const auto workspace = Workspace::open(after, OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  EXPECT_EQ(LayoutStore(*workspace).load("late").value().value(), cat(R"(["checkpoint:)", after.string(), R"(/checkpoints/kept"])"));
}

/// As a program of version 6 left it, which kept no places.
void forgetPlaces(const fs::path& folder) {
  SQLite::Database raw((folder / "workspace.sqlite").string(), SQLite::OPEN_READWRITE);
  raw.exec("DROP TABLE places; PRAGMA user_version = 6;");
}

TEST(Moved, AnOlderWorkspaceTellsFromItsFilesWhereItLay) {
  test::TemporaryFolder folder;
  const fs::path before = fs::canonical(folder.path()) / "before", after = fs::canonical(folder.path()) / "after";
  fill(before);
  {
    SQLite::Database raw((before / "workspace.sqlite").string(), SQLite::OPEN_READWRITE);
    SQLite::Statement absolute(raw, "UPDATE checkpoints SET path = ? || '/' || path");
    absolute.bind(1, before.string());
    EXPECT_EQ(absolute.exec(), 1);
  }
  forgetPlaces(before);
  fs::rename(before, after);
  expectFound(after, before, OpenMode::ReadOnly);
  expectFound(after, before, OpenMode::ReadWrite);
  SQLite::Database raw((after / "workspace.sqlite").string());
  EXPECT_EQ(raw.execAndGet("SELECT path FROM checkpoints").getString(), "checkpoints/kept");
}

TEST(Moved, ACheckpointThatIsMerelyGoneIsNotTakenForAnother) {
  test::TemporaryFolder folder;
  const fs::path at = fs::canonical(folder.path()) / "here", disk = fs::canonical(folder.path()) / "disk";
  fill(at);
  touch(disk / "other" / "model.safetensors");
  {
    const auto workspace = Workspace::open(at, OpenMode::ReadWrite);
    LIX_ASSERT_OK(workspace);
    LIX_ASSERT_OK(CheckpointStore(*workspace).record({.path = disk / "other", .weightsHash = "o", .recipe = "siglip"}));
  }
  forgetPlaces(at);
  fs::remove_all(disk);
  const auto workspace = Workspace::open(at, OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  LIX_EXPECT_OK(CheckpointStore(*workspace).find(disk / "other"));
  EXPECT_EQ(CheckpointStore(*workspace).list()->size(), 2u);
}

TEST(Moved, ACheckpointThatStandsUnderBothPathsIsOneRow) {
  test::TemporaryFolder folder;
  const fs::path before = fs::canonical(folder.path()) / "before", after = fs::canonical(folder.path()) / "after";
  fill(before);
  {
    SQLite::Database raw((before / "workspace.sqlite").string(), SQLite::OPEN_READWRITE);
    SQLite::Statement twice(raw, "INSERT INTO checkpoints (step, path, weights_hash, recipe, created_at) VALUES (0, ?, 'h', 'llip', '')");
    twice.bind(1, (before / "checkpoints" / "kept").string());
    EXPECT_EQ(twice.exec(), 1);
  }
  fs::rename(before, after);
  const auto workspace = Workspace::open(after, OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  ASSERT_EQ(CheckpointStore(*workspace).list()->size(), 1u);
  EXPECT_EQ(CheckpointStore(*workspace).list()->at(0).path, after / "checkpoints" / "kept");
}

TEST(Moved, PathsAreTakenByWholeNamesAndTheInnermostPlaceCounts) {
  test::TemporaryFolder folder;
  const fs::path now = fs::canonical(folder.path());
  touch(now / "a");
  touch(now / "in" / "a");
  const Moved moved(now, {"/old", "/old/in"}, Moved::Rule::Always);
  EXPECT_EQ(moved.path("/old/in/a"), (now / "a").string());
  EXPECT_EQ(moved.path("/old/a"), (now / "a").string());
  EXPECT_EQ(moved.path("/older/a"), "/older/a");
  EXPECT_EQ(moved.path("/old/b"), "/old/b");
  EXPECT_EQ(moved.path("/old"), now.string());
  EXPECT_EQ(moved.path("old/a"), "old/a");
  EXPECT_EQ(moved.picture("sample:/old/a"), "sample:/old/a");
  EXPECT_EQ(moved.json(R"({"/old/a": "say \"/old/a\"", "b": "/old/a)"), cat(R"({")", now.string(), R"(/a": "say \"/old/a\"", "b": "/old/a)")) << "cut off: its last string is none";
}

}  // namespace
}  // namespace lix::store
