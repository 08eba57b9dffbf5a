// Disks that are full or cannot be written to. As root permissions are ignored, so these run in mounts of their own.
#include "base/text.h"
#include "child.h"
#include "store/file_system.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
namespace fs = std::filesystem;

#define LIX_MOUNTS_OR_SKIP()  \
  if (!lix::test::mayMount()) \
  GTEST_SKIP() << "unshare may not make mounts here: full and read-only disks are not tested"

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(WorkspaceMedia, AFullDiskIsOneSentenceAndUndoesOnlyThatChange) {
  LIX_MOUNTS_OR_SKIP();
  test::TemporaryFolder folder;
  const std::string said = test::inOwnMounts(
      cat("mount -t tmpfs -o size=1m tmpfs ", folder.path().string(), " && $HELPER fill ", folder.path().string()));
  ASSERT_TRUE(contains(said, "is full; nothing was changed. Free some space")) << said;
  const auto at = said.find("batches ");
  ASSERT_NE(at, std::string::npos) << said;
  const long long batches = std::stoll(said.substr(at + 8));
  EXPECT_GT(batches, 0) << said;
  EXPECT_TRUE(contains(said, "points " + std::to_string(1000 * batches) + "\n")) << "whole batches only: " << said;
  EXPECT_TRUE(contains(said, "\nwhole\n")) << said;
}

TEST(WorkspaceMedia, NothingHalfMadeStaysOnADiskThatIsTooSmall) {
  LIX_MOUNTS_OR_SKIP();
  test::TemporaryFolder folder;
  const std::string at = folder.path().string();
  for (const int room : {0, 12, 40, 132, 156}) {  // KiB left: fails at another place each time
    const std::string said = test::inOwnMounts(cat("mount -t tmpfs -o size=512k tmpfs ", at, " && head -c ",
                                                   1024 * (512 - room), " /dev/zero > ", at, "/big && $HELPER create ",
                                                   at, "/ws; test -e ", at, "/ws && echo made; find ", at,
                                                   " -name '*.part*'; rm ", at, "/big; $HELPER create ", at, "/ws"));
    EXPECT_TRUE(contains(said, "error: ")) << room << ": " << said;
    EXPECT_TRUE(contains(said, "full") || contains(said, "No space left")) << room << ": " << said;
    EXPECT_FALSE(contains(said, ".part")) << room << ": " << said;
    EXPECT_FALSE(contains(said, "made\n")) << room << ": " << said;
    EXPECT_TRUE(contains(said, "runs 0 journal 0\n")) << "with more space it works: " << room << ": " << said;
  }
}

TEST(WorkspaceMedia, AReadOnlyDiskIsReadAndNotWritten) {
  LIX_MOUNTS_OR_SKIP();
  test::TemporaryFolder folder;
  const fs::path ws = folder / "a folder, with 100% ?odd #signs";
  {
    const auto workspace = Workspace::open(ws, OpenMode::Create);
    LIX_ASSERT_OK(RunStore(*workspace).add({.recipe = "siglip"}));
  }
  const std::string bind =
      cat("mount --bind '", ws.string(), "' '", ws.string(), "' && mount -o remount,bind,ro '", ws.string(), "' && ");
  EXPECT_EQ(test::inOwnMounts(bind + "$HELPER read '" + ws.string() + "'"), "runs 1 journal 2\n");
  const std::string refused = test::inOwnMounts(bind + "$HELPER open '" + ws.string() + "'");
  EXPECT_TRUE(contains(refused, "error: ") && contains(refused, "cannot be written to") &&
              contains(refused, "reading only"))
      << refused;
  EXPECT_TRUE(contains(test::inOwnMounts(bind + "$HELPER create '" + ws.string() + "/sub'"), "Cannot make the folder"));
}

TEST(WorkspaceMedia, AReadOnlyDiskWithALogIsReadFromACopy) {
  LIX_MOUNTS_OR_SKIP();
  test::TemporaryFolder folder, temporary;
  const auto workspace = Workspace::open(folder / "ws", OpenMode::Create);
  LIX_ASSERT_OK(workspace);
  LIX_ASSERT_OK(RunStore(*workspace).add({.recipe = "siglip"}));  // lies in the log alone while the workspace is open
  ASSERT_TRUE(hasLog(folder / "ws/workspace.sqlite"));
  const std::string at = (folder / "ws").string();
  const std::string said =
      test::inOwnMounts(cat("export TMPDIR=", temporary.path().string(), "; mount --bind ", at, " ", at,
                            " && mount -o remount,bind,ro ", at, " && $HELPER read ", at));
  EXPECT_EQ(said, "runs 1 journal 2\n");
  EXPECT_TRUE(fs::is_empty(temporary.path())) << "the copy is gone again";
}

TEST(WorkspaceMedia, TheUriOfAnImmutableFileIsEscaped) {
  EXPECT_EQ(immutableUri("/a b/50%?#/workspace.sqlite"), "file:/a%20b/50%25%3f%23/workspace.sqlite?immutable=1");
}

}  // namespace
}  // namespace lix::store
