#include "store/window_lock.h"

#include <unistd.h>

#include <fstream>

#include "base/text.h"
#include "child.h"
#include "store/workspace.h"
#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

TEST(WindowLock, IsHeldByOneWindowOfAProcess) {
  test::TemporaryFolder folder;
  {
    const auto first = WindowLock::take(folder.path());
    LIX_ASSERT_OK(first);
    const auto second = WindowLock::take(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::Busy);
    EXPECT_NE(messageOf(second).find(folder.path().string()), std::string::npos);
    EXPECT_NE(messageOf(second).find(cat("process ", ::getpid(), " on ")), std::string::npos) << messageOf(second);
  }
  LIX_EXPECT_OK(WindowLock::take(folder.path()));
}

TEST(WindowLock, IsHeldAgainstOtherProcesses) {
  test::TemporaryFolder folder;
  const auto mine = WindowLock::take(folder.path());
  LIX_ASSERT_OK(mine);
  auto other = test::helper({"window", folder.path().string()});
  EXPECT_NE(other.line().find(cat("process ", ::getpid())), std::string::npos);
  EXPECT_EQ(other.wait(), 1);
}

TEST(WindowLock, IsFreeOnceItsProcessWasKilled) {
  test::TemporaryFolder folder;
  auto other = test::helper({"window", folder.path().string()});
  ASSERT_EQ(other.line(), "locked");
  const auto refused = WindowLock::take(folder.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Busy);
  EXPECT_NE(messageOf(refused).find(cat("process ", other.pid())), std::string::npos) << messageOf(refused);
  other.kill();
  other.wait();
  const auto taken = WindowLock::take(folder.path());
  LIX_ASSERT_OK(taken);
  const auto again = WindowLock::take(folder.path());
  EXPECT_NE(messageOf(again).find(cat("process ", ::getpid())), std::string::npos) << "not the killed one's";
}

TEST(WindowLock, IsNotInheritedByProgramsThatTheWindowStarts) {
  test::TemporaryFolder folder, elsewhere;
  auto lock = WindowLock::take(folder.path());
  LIX_ASSERT_OK(lock);
  auto child = test::helper({"window", elsewhere.path().string()});  // lives on
  ASSERT_EQ(child.line(), "locked");
  lock = fail(ErrorCode::Cancelled, "The window is closed.");
  LIX_EXPECT_OK(WindowLock::take(folder.path()));
}

TEST(WindowLock, MovesWithItsHolder) {
  test::TemporaryFolder first, second;
  auto one = WindowLock::take(first.path());
  auto two = WindowLock::take(second.path());
  LIX_ASSERT_OK(one);
  LIX_ASSERT_OK(two);
  *one = std::move(*two);  // releases the first, keeps the second
  LIX_EXPECT_OK(WindowLock::take(first.path()));
  EXPECT_FALSE(WindowLock::take(second.path()));
  {
    const WindowLock moved = std::move(*one);
    EXPECT_FALSE(WindowLock::take(second.path()));
  }
  LIX_EXPECT_OK(WindowLock::take(second.path()));
}

TEST(WindowLock, StandsInNobodysWay) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(Workspace::open(folder.path(), OpenMode::Create));
  const auto lock = WindowLock::take(folder.path());
  LIX_ASSERT_OK(lock);
  LIX_EXPECT_OK(Workspace::open(folder.path(), OpenMode::ReadWrite));
}

TEST(WindowLock, WhereItsFileCannotBeMadeItSaysSo) {
  test::TemporaryFolder folder;
  const auto absent = WindowLock::take(folder / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, ErrorCode::Io);
  std::filesystem::create_directory(folder / ".window-lock");
  EXPECT_EQ(WindowLock::take(folder.path()).error().code, ErrorCode::Io);
}

TEST(WindowLock, AnyTextInTheFileIsSurvived) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(5000, 'a'), std::string("a b c"),
                                  std::string("\xff 1"), std::string("host 12x")}) {
    test::TemporaryFolder folder;
    const auto lock = WindowLock::take(folder.path());
    LIX_ASSERT_OK(lock);
    std::ofstream(folder / ".window-lock") << text;
    const auto refused = WindowLock::take(folder.path());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Busy);
    EXPECT_EQ(messageOf(refused).find("(process"), std::string::npos) << messageOf(refused);
  }
}

}  // namespace
}  // namespace lix::store
