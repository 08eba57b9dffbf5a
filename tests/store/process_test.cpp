// Other processes: those that write too, those that are killed, and those that are gone.
#include "store/process_identity.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "child.h"
#include "store/file_system.h"
#include "metric_count.h"
#include "store/run_store.h"
#include "support/support.h"

namespace lix::store {
namespace {
using lix::test::messageOf;

TEST(Process, OwnIdentityIsAliveAndAnotherStartIsGone) {
  const ProcessIdentity own = ownProcess();
  EXPECT_EQ(own.pid, ::getpid());
  EXPECT_GT(own.start, 0);
  EXPECT_FALSE(own.host.empty());
  EXPECT_EQ(livenessOf(own), Liveness::Alive);
  EXPECT_EQ(livenessOf({own.host, own.pid, own.start - 1}), Liveness::Gone) << "the number was used again";
  EXPECT_EQ(livenessOf({own.host, 0, 0}), Liveness::Unknown);
  EXPECT_EQ(livenessOf({"another-" + own.host, own.pid, own.start - 1}), Liveness::Unknown);
}

TEST(Process, KilledInTheMiddleOfATransactionLeavesTheStateBefore) {
  test::TemporaryFolder folder;
  LIX_ASSERT_OK(RunStore(*Workspace::open(folder.path(), OpenMode::Create)).add({.recipe = "siglip"}));
  auto child = test::helper({"hold", folder.path().string()});
  ASSERT_EQ(child.line(), "in transaction");
  child.kill();
  EXPECT_EQ(child.wait(), -1);
  const auto workspace = Workspace::open(folder.path(), OpenMode::ReadWrite);
  LIX_ASSERT_OK(workspace);
  LIX_EXPECT_OK(workspace->check());
  EXPECT_EQ(RunStore(*workspace).list(RunsShown::All).value().size(), 1u);
  EXPECT_EQ(countPoints(*workspace, 2).value(), 0u);
  LIX_EXPECT_OK(RunStore(*workspace).add({.recipe = "siglip"}));  // its lock is gone with it
}

TEST(Process, TwoProcessesWriteAtOnce) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  const RunStore runs(*workspace);
  const long long first = runs.add({.name = "first", .recipe = "r"}).value().id;
  const long long second = runs.add({.name = "second", .recipe = "r"}).value().id;
  auto one = test::helper({"write", folder.path().string(), "first", "200"});
  auto two = test::helper({"write", folder.path().string(), "second", "200"});
  EXPECT_EQ(one.line(), "done");
  EXPECT_EQ(two.line(), "done");
  EXPECT_EQ(countPoints(*workspace, first).value(), 600u);
  EXPECT_EQ(countPoints(*workspace, second).value(), 600u);
}

TEST(Process, AKilledTrainingIsInterruptedAtOnceAndCanBeTakenOver) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  const RunStore runs(*workspace);
  const auto run = runs.add({.name = "long", .recipe = "siglip"});
  LIX_ASSERT_OK(run);
  auto child = test::helper({"train", folder.path().string(), "long"});
  ASSERT_EQ(child.line(), "started");
  const auto running = runs.find(run->id);
  EXPECT_EQ(running->status, RunStatus::Running);
  EXPECT_EQ(running->process.pid, child.pid());
  EXPECT_TRUE(refreshLiveness(*workspace).value().empty());
  const auto refused = runs.start(run->id, ownProcess(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Busy);

  child.kill();
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(livenessOf(running->process), Liveness::Gone) << "a zombie is not alive";
  child.wait();

  const auto shown = runs.find(run->id);  // shown before anything was stored
  EXPECT_EQ(shown->status, RunStatus::Interrupted);
  EXPECT_EQ(shown->finishedAt, running->heartbeatAt);
  EXPECT_NE(shown->message.find("--resume " + shown->out.string()), std::string::npos) << shown->message;
  const auto readOnly = Workspace::open(folder.path(), OpenMode::ReadOnly);
  EXPECT_EQ(RunStore(*readOnly).list()->front().status, RunStatus::Interrupted);
  EXPECT_TRUE(refreshLiveness(*readOnly).value().empty());

  EXPECT_EQ(refreshLiveness(*workspace).value(), std::vector<long long>{run->id});
  EXPECT_TRUE(refreshLiveness(*workspace).value().empty()) << "stored: nothing is left to do";
  LIX_ASSERT_OK(runs.start(run->id, ownProcess(), {.device = "cpu", .threads = 2}, 7));
  const auto resumed = runs.find(run->id);
  EXPECT_EQ(resumed->status, RunStatus::Running);
  EXPECT_EQ(resumed->step, 7);
  EXPECT_EQ(resumed->startedAt, running->startedAt);
  EXPECT_EQ(resumed->finishedAt, "");
  EXPECT_EQ(resumed->message, "");
}

TEST(Process, ARunOnAnotherHostIsLeftAsItIs) {
  test::TemporaryFolder folder;
  const auto workspace = Workspace::open(folder.path(), OpenMode::Create);
  const RunStore runs(*workspace);
  const auto run = runs.add({.recipe = "siglip"});
  LIX_ASSERT_OK(runs.start(run->id, {"some-other-host", 1, 1}, {}));
  EXPECT_TRUE(refreshLiveness(*workspace).value().empty());
  EXPECT_EQ(runs.find(run->id)->status, RunStatus::Running);
}

/// Whether any lock on a file is held, as another process sees it (a process does not see its own).
bool isLocked(const std::filesystem::path& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    ::_exit(opened >= 0 && ::fcntl(opened, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

TEST(WorkspaceLocks, OpeningItASecondTimeKeepsThoseOfTheFirst) {
  test::TemporaryFolder folder;
  const auto first = Workspace::open(folder / "ws", OpenMode::Create);
  LIX_ASSERT_OK(first);
  LIX_ASSERT_OK(RunStore(*first).add({.recipe = "siglip"}));
  ASSERT_TRUE(isLocked(folder / "ws/workspace.sqlite"));
  for (const OpenMode mode : {OpenMode::ReadWrite, OpenMode::ReadOnly, OpenMode::Create}) {
    LIX_ASSERT_OK(Workspace::open(folder / "ws", mode));
    EXPECT_TRUE(isLocked(folder / "ws/workspace.sqlite")) << "another process could take the log away";
  }
  std::ifstream(folder / "ws/workspace.sqlite").get();
  EXPECT_FALSE(isLocked(folder / "ws/workspace.sqlite")) << "what reading the file by hand would do";
}

}  // namespace
}  // namespace lix::store
