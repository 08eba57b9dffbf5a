// Runs that are cut off: SIGKILL at random moments and resuming, Ctrl-C, and what is asked of a run through its
// workspace. LIX_KILLS=20 asks for that many kills (by default 3 a recipe).
#include <thread>

#include "app/support/fixture.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "nn/checkpoint/safetensors.h"
#include "store/metric_store.h"
#include "store/run_store.h"

namespace lix {
namespace {
namespace fs = std::filesystem;
using test::Ran;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

int kills() {
  const char* asked = std::getenv("LIX_KILLS");
  return asked == nullptr ? 3 : static_cast<int>(std::max(1LL, toInteger(asked).value_or(3)));
}

/// So many that a run is alive for all its kills.
int steps() { return std::max(40, 13 * kills()); }

constexpr std::uint64_t kStreamMoments = 0x6b696c6c;

class Cut : public test::LixpTest {
 protected:
  std::vector<std::string> start(const std::string& recipe, const std::string& out) const {
    return training(recipe, out, {"--steps", std::to_string(steps()), "--checkpoint-every", "3", "--seed", "5"});
  }

  /// Starts or, where the workspace knows the run, resumes it.
  std::vector<std::string> goOn(const std::string& recipe, const std::string& out) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadWrite);
    const bool known = workspace && store::RunStore(*workspace).findByOut(at(out));
    return known ? std::vector<std::string>{"train", "--resume", out, "--workspace", "ws"} : start(recipe, out);
  }

  store::RunRow row(const std::string& out) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::RunStore(*workspace).findByOut(at(out)).value();
  }

  std::vector<store::MetricPoint> losses(const std::string& out) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadOnly);
    return store::MetricStore(*workspace).series(row(out).id, "loss").value();
  }

  static void expectSameTensors(const fs::path& a, const fs::path& b) {
    const auto left = nn::SafetensorsFile::open(a), right = nn::SafetensorsFile::open(b);
    LIX_ASSERT_OK(left);
    LIX_ASSERT_OK(right);
    ASSERT_EQ(left->tensors().size(), right->tensors().size());
    ASSERT_GT(left->tensors().size(), 10u);
    for (const auto& [name, tensor] : left->tensors()) {
      const auto found = right->tensors().find(name);
      ASSERT_NE(found, right->tensors().end()) << name;
      EXPECT_EQ(tensor.shape, found->second.shape) << name;
      EXPECT_TRUE(std::ranges::equal(tensor.bytes, found->second.bytes)) << name << " differs";
    }
  }

  /// When a process shows its first step; false where it ends before.
  static bool steps1(test::Process& process) {
    while (process.errSoFar().find("  step ") == std::string::npos) {
      if (process.ended()) {
        return false;
      }
      std::this_thread::sleep_for(Milliseconds(1));
    }
    return true;
  }

  static void sleepFor(double seconds, test::Process& process) {
    const auto until = Clock::now() + std::chrono::duration<double>(seconds);
    while (Clock::now() < until && !process.ended()) {
      std::this_thread::sleep_for(Milliseconds(1));
    }
  }

  /// Kills the run at random moments and lets it end; it must be the run that nobody disturbed.
  void killAndCompare(const std::string& recipe) {
    const auto since = [](Clock::time_point begin) {
      return std::chrono::duration<double>(Clock::now() - begin).count();
    };
    test::Process undisturbed(test::lixp(start(recipe, "whole")),
                              {.folder = folder_.path(), .limit = std::chrono::seconds(400)});
    const auto begin = Clock::now();
    ASSERT_TRUE(steps1(undisturbed));
    const double untilTraining = since(begin);
    ASSERT_EQ(undisturbed.wait().code, 0);
    const double training = since(begin) - untilTraining;

    Random random(11, kStreamMoments);
    int killed = 0, beforeTheFirst = 0;
    for (int i = 0; i < kills(); ++i) {
      test::Process process(test::lixp(goOn(recipe, "cut")), {.folder = folder_.path()});
      if (i == 0) {  // before there is a checkpoint
        const auto moment = Clock::now() + std::chrono::duration<double>(random.uniform(0.3, 0.9) * untilTraining);
        while (Clock::now() < moment && !process.ended() && process.errSoFar().find("  step ") == std::string::npos) {
          std::this_thread::sleep_for(Milliseconds(1));
        }
      } else if (steps1(process)) {
        sleepFor(random.uniform(0.25, 1.0) * 1.2 / kills() * training, process);
      }
      if (process.ended()) {
        ASSERT_EQ(process.wait().code, 0);
        break;
      }
      process.send(SIGKILL);
      EXPECT_EQ(process.wait().signal, SIGKILL);
      ++killed;
      beforeTheFirst += !fs::exists(at("cut/config.json"));
    }
    const Ran last =
        test::ran(test::lixp(goOn(recipe, "cut")), {.folder = folder_.path(), .limit = std::chrono::seconds(400)});
    ASSERT_EQ(last.code, 0) << last.err;
    std::printf("%s: killed %d times, %d before its first checkpoint\n", recipe.c_str(), killed, beforeTheFirst);
    EXPECT_GE(beforeTheFirst, 1);
    EXPECT_GT(killed, beforeTheFirst);

    EXPECT_EQ(readFile(at("whole/model.safetensors")).value(), readFile(at("cut/model.safetensors")).value())
        << "weights differ";
    expectSameTensors(at("whole/training_state.safetensors"), at("cut/training_state.safetensors"));
    EXPECT_EQ(row("cut").status, store::RunStatus::Done);
    EXPECT_EQ(row("cut").step, steps());
    const auto expected = losses("whole"), found = losses("cut");
    ASSERT_EQ(expected.size(), std::size_t(steps()));
    ASSERT_EQ(found.size(), std::size_t(steps())) << "every step once";
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].step, static_cast<long long>(i) + 1);
      EXPECT_EQ(found[i].value, expected[i].value) << "step " << found[i].step;
    }
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      EXPECT_FALSE(entry.path().filename().string().ends_with(".part")) << entry.path() << " was left behind";
    }
  }

  /// Waits until the run has passed a step.
  static bool passed(test::Process& process, int step) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (Clock::now() < deadline && !process.ended()) {
      if (process.errSoFar().find(cat("step ", step, " ")) != std::string::npos) {
        return true;
      }
      std::this_thread::sleep_for(Milliseconds(5));
    }
    return false;
  }

  void ask(const std::string& out, store::RunRequest request) const {
    const auto workspace = store::Workspace::open(at("ws"), store::OpenMode::ReadWrite);
    LIX_ASSERT_OK(workspace);
    LIX_ASSERT_OK(store::RunStore(*workspace).setRequest(row(out).id, request));
  }

  bool becomes(const std::string& out, store::RunStatus status) const {
    for (int i = 0; i < 1000; ++i) {
      if (row(out).status == status) {
        return true;
      }
      std::this_thread::sleep_for(Milliseconds(20));
    }
    return false;
  }

  /// A run that would take very long.
  std::vector<std::string> endless(const std::string& out) const {
    return training("siglip", out, {"--steps", "100000", "--checkpoint-every", "100000"});
  }
};

TEST_F(Cut, ASiglipKilledAtRandomMomentsEndsWithTheSameBytes) { killAndCompare("siglip"); }

TEST_F(Cut, ALlipKilledAtRandomMomentsEndsWithTheSameBytes) { killAndCompare("llip"); }

TEST_F(Cut, CtrlCStopsWithACheckpointAndSaysHowToGoOn) {
  test::Process process(test::lixp(endless("model")), {.folder = folder_.path()});
  ASSERT_TRUE(passed(process, 1));
  process.send(SIGINT);
  const Ran said = process.wait();
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("lixp train --resume"), std::string::npos) << said.out;
  EXPECT_TRUE(fs::exists(at("model/training_state.safetensors")));
  EXPECT_EQ(row("model").status, store::RunStatus::Interrupted);
  EXPECT_NE(row("model").message.find("--resume"), std::string::npos);
}

TEST_F(Cut, StopSavesAndCancelDoesNot) {
  {
    test::Process process(test::lixp(endless("stopped")), {.folder = folder_.path()});
    ASSERT_TRUE(passed(process, 1));
    ask("stopped", store::RunRequest::Stop);
    EXPECT_EQ(process.wait().code, 0);
    EXPECT_TRUE(fs::exists(at("stopped/config.json")));
    EXPECT_EQ(row("stopped").status, store::RunStatus::Interrupted);
  }
  test::Process process(test::lixp(endless("cancelled")), {.folder = folder_.path()});
  ASSERT_TRUE(passed(process, 1));
  ask("cancelled", store::RunRequest::Cancel);
  EXPECT_EQ(process.wait().code, 0);
  EXPECT_FALSE(fs::exists(at("cancelled")));
  EXPECT_EQ(row("cancelled").status, store::RunStatus::Cancelled);
}

TEST_F(Cut, APausedRunStandsStillUntilItIsResumed) {
  test::Process process(test::lixp(endless("model")), {.folder = folder_.path()});
  ASSERT_TRUE(passed(process, 1));
  ask("model", store::RunRequest::Pause);
  ASSERT_TRUE(becomes("model", store::RunStatus::Paused));
  const long long step = row("model").step;
  std::this_thread::sleep_for(Milliseconds(700));
  EXPECT_EQ(row("model").step, step) << "no step while it is paused";
  ask("model", store::RunRequest::Resume);
  ASSERT_TRUE(becomes("model", store::RunStatus::Running));
  for (int i = 0; i < 1000 && row("model").step <= step; ++i) {
    std::this_thread::sleep_for(Milliseconds(20));
  }
  EXPECT_GT(row("model").step, step) << "and then it goes on";
  process.send(SIGTERM);
  EXPECT_EQ(process.wait().code, 0) << "a polite SIGTERM stops like Ctrl-C";
}

TEST_F(Cut, ARunThatAnotherProcessHasIsNotTakenOver) {
  test::Process process(test::lixp(endless("model")), {.folder = folder_.path()});
  ASSERT_TRUE(passed(process, 1));
  const Ran twice = run(endless("model"));
  expectSentence(twice, "is writing to model");
  const Ran resumed = run({"train", "--resume", "model"});
  EXPECT_EQ(resumed.code, 1) << resumed.err;
  EXPECT_FALSE(process.ended()) << "the first one is not disturbed";
}

TEST_F(Cut, ARunAlreadyDoneStaysAsItIs) {
  checkpoint("model");
  const auto before = readFile(at("model/model.safetensors")).value();
  EXPECT_EQ(run({"train", "--resume", "model"}).code, 0);
  EXPECT_EQ(readFile(at("model/model.safetensors")).value(), before);
  EXPECT_EQ(losses("model").size(), 1u);
}

}  // namespace
}  // namespace lix
