// Runs that anybody started, as the window sees them.
#include <QProcess>
#include <csignal>

#include "base/text.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"
#include "window_support.h"

namespace lix::app {
namespace {
using testing_support::TestDesk;
using testing_support::waitFor;

constexpr int kLong = 120000;

QStringList training(const QString& name, int steps) {
  return {"siglip", "--data", "scenes", "--steps", QString::number(steps), "--batch", "8", "--threads", "1", "--out", name, "--checkpoint-every", "5"};
}

/// `lixp train` as somebody starts it in a terminal.
struct Terminal {
  Terminal(TestDesk& test, const QStringList& arguments) {
    process.setStandardErrorFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(lixpProgram(), QStringList{"train"} + arguments + QStringList{"--workspace", QString::fromStdString(test.folder().string())});
    process.waitForStarted();
  }
  ~Terminal() {
    process.kill();
    process.waitForFinished();
  }
  QProcess process;
};

QString outOf(TestDesk& test, const char* name) { return QString::fromStdString((test.folder() / "checkpoints" / name).string()); }

TEST(RunWatching, ARunFromATerminalAppearsIsFollowedAndStopped) {
  TestDesk test(TestDesk::Checkpoints::None);
  RunWatch& watch = test.desk().runs();
  Terminal terminal(test, training(outOf(test, "one"), 2000));
  ASSERT_TRUE(waitFor([&] { return !watch.runs().empty() && watch.isActive(watch.runs()[0]); }, kLong));
  const long long id = watch.runs()[0].id;
  watch.follow(id);
  ASSERT_TRUE(waitFor([&] { return findSeries(watch.series(id), "loss") != nullptr && findSeries(watch.series(id), "loss")->steps.size() >= 2; }, kLong));
  const auto& steps = findSeries(watch.series(id), "loss")->steps;
  EXPECT_TRUE(std::ranges::is_sorted(steps));
  EXPECT_EQ(steps.front(), 1.0);
  EXPECT_TRUE(watch.isHere(watch.runs()[0]));
  std::vector<qlonglong> ended;
  QObject::connect(&watch, &RunWatch::ended, [&](qlonglong which) { ended.push_back(which); });
  watch.request(id, store::RunRequest::Pause);
  ASSERT_TRUE(waitFor([&] { return watch.run(id)->status == store::RunStatus::Paused; }, kLong));
  watch.request(id, store::RunRequest::Resume);
  ASSERT_TRUE(waitFor([&] { return watch.run(id)->status == store::RunStatus::Running; }, kLong));
  watch.request(id, store::RunRequest::Stop);
  ASSERT_TRUE(waitFor([&] { return !ended.empty(); }, kLong));
  EXPECT_EQ(ended, std::vector<qlonglong>{id});
  EXPECT_EQ(watch.run(id)->status, store::RunStatus::Interrupted);
  EXPECT_TRUE(std::filesystem::exists(test.folder() / "checkpoints/one/training_state.safetensors"));
}

TEST(RunWatching, ARunKilledUnderTheWindowIsInterrupted) {
  TestDesk test(TestDesk::Checkpoints::None);
  RunWatch& watch = test.desk().runs();
  Terminal terminal(test, training(outOf(test, "one"), 2000));
  ASSERT_TRUE(waitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > 0; }, kLong));
  bool ended = false;
  QObject::connect(&watch, &RunWatch::ended, [&](qlonglong) { ended = true; });
  ::kill(static_cast<pid_t>(terminal.process.processId()), SIGKILL);
  ASSERT_TRUE(waitFor([&] { return ended; }, kLong));
  EXPECT_EQ(watch.runs()[0].status, store::RunStatus::Interrupted);
  EXPECT_NE(watch.runs()[0].message.find("--resume"), std::string::npos) << watch.runs()[0].message;
}

TEST(RunWatching, ATrainingOutlivesTheWindowThatStartedIt) {
  TestDesk test(TestDesk::Checkpoints::None);
  std::optional<bool> started;
  test.desk().tasks().startTraining(training(outOf(test, "one"), 2000), [&](bool good) { started = good; });
  ASSERT_TRUE(waitFor([&] { return started.has_value(); }, kLong));
  ASSERT_TRUE(*started);
  ASSERT_TRUE(waitFor([&] { return !test.desk().runs().runs().empty() && test.desk().runs().runs()[0].step > 0; }, kLong));
  const long long before = test.desk().runs().runs()[0].step;
  test.reopen();
  RunWatch& watch = test.desk().runs();
  ASSERT_TRUE(waitFor([&] { return !watch.runs().empty() && watch.runs()[0].step > before; }, kLong));
  EXPECT_TRUE(watch.isActive(watch.runs()[0]));
  watch.request(watch.runs()[0].id, store::RunRequest::Cancel);
  ASSERT_TRUE(waitFor([&] { return watch.runs()[0].status == store::RunStatus::Cancelled; }, kLong));
}

TEST(RunWatching, ATrainingThatCannotBeginSaysWhy) {
  TestDesk test(TestDesk::Checkpoints::None);
  std::optional<bool> started;
  test.desk().tasks().startTraining({"siglip", "--data", "nothing-of-that-name", "--steps", "3"}, [&](bool good) { started = good; });
  ASSERT_TRUE(waitFor([&] { return started.has_value(); }, kLong));
  EXPECT_FALSE(*started);
  EXPECT_TRUE(test.wasSaid("nothing-of-that-name")) << test.said().join("|").toStdString();
  EXPECT_TRUE(test.desk().runs().runs().empty());
}

}  // namespace
}  // namespace lix::app
