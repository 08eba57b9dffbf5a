#include "lixp/demo_run.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>
#include <sys/wait.h>

#include <cstring>
#include <thread>

#include "base/text.h"
#include "lixp/eval/verbs.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

/// Runs this program again with other arguments; its standard output is not wanted, its standard error is ours. A
/// process of its own, by posix_spawn: torch's threads do not survive a fork.
Result<int> runSelf(const std::vector<std::string>& arguments) {
  std::error_code unreadable;
  const fs::path self = fs::read_symlink("/proc/self/exe", unreadable);
  std::vector<std::string> owned{"lixp"};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& argument : owned) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int problem =
      ::posix_spawn(&child, unreadable ? "/proc/self/exe" : self.c_str(), &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) {
    return fail(ErrorCode::Io, cat("A training process cannot be started: ", std::strerror(problem), "."));
  }
  int status = 0;
  bool told = false;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (interrupted() && !told) {  // Ctrl-C reached it too; a polite kill of this process did not
      ::kill(child, SIGTERM);
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool isMeasured(const std::vector<store::EvaluationRow>& rows, const std::string& kind, const DemoTask& task) {
  return std::ranges::any_of(rows, [&](const auto& row) {
    return row.kind == kind && row.dataset == task.data && row.labelSet == task.labels;
  });
}

FewShotOrder orderFor(const DemoPlan& plan, const DemoSubject& subject, const DemoTask& task) {
  FewShotOrder order;
  order.checkpoints = {subject.folder.string()};
  order.curveLabels = {subject.label};
  order.data = task.data;
  order.labels = task.labels;
  order.draws = plan.draws;
  return order;
}

}  // namespace

std::unexpected<Error> stoppedDemo(const DemoPlan& plan) {
  return fail(ErrorCode::Cancelled, cat("Stopped; everything done so far is kept. Go on with 'lixp demo --out ",
                                        plan.folder.string(), "' and the same options."));
}

Result<store::RunRow> runLeg(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                             const DemoLeg& leg) {
  const store::RunStore runs(workspace);
  const fs::path out = plan.checkpointOf(leg);
  auto row = runs.findByOut(out);
  if (row && row->status == store::RunStatus::Done) {
    session.note(cat(leg.what, ": done already, ", row->step, " steps"));
    return row;
  }
  session.note(cat(row ? "Going on with " : "Training ", leg.what, ", ", leg.steps, " steps"));
  LIX_TRY(const int status,
          runSelf(row ? std::vector<std::string>{"train", "--resume", out.string(), "--workspace", plan.folder.string()}
                      : trainArguments(plan, leg)));
  if (interrupted()) {
    return stoppedDemo(plan);
  }
  row = runs.findByOut(out);
  if (!row) {
    return fail(ErrorCode::Io, cat("The training of ", leg.what, " ended with status ", status,
                                   " before it began; its message stands above."));
  }
  if (row->status != store::RunStatus::Done) {
    return fail(ErrorCode::BadInput,
                cat("The training of ", leg.what, " ended as ", nameOf(row->status), " at step ", row->step, " of ",
                    row->stepsTotal, row->message.empty() ? "." : cat(": ", row->message),
                    " The same command goes on from there."));
  }
  return row;
}

const std::vector<DemoTask>& demoTasks() {
  static const std::vector<DemoTask> tasks{{"emoji", "group"}, {"emoji", "subgroup"}, {"symbola", "group"}};
  return tasks;
}

Result<void> evaluateSubject(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                             const DemoSubject& subject) {
  LIX_TRY(const nn::Checkpoint checkpoint, nn::loadCheckpoint(subject.folder));
  LIX_TRY(const auto rows, store::EvaluationStore(workspace).list(
                               {.checkpointLabel = subject.label, .weightsHash = checkpoint.weightsHash}));
  Output ignored{.json = nlohmann::json::array()};
  session.note(cat("Evaluating ", subject.label));
  for (const DemoTask& task : demoTasks()) {
    const FewShotOrder order = orderFor(plan, subject, task);
    Result<void> done;
    if (!isMeasured(rows, "zero-shot", task)) {
      done = evalZeroShotInto(session, workspace, order, ignored);
    }
    if (done && !isMeasured(rows, "few-shot", task)) {
      done = evalFewShotInto(session, workspace, order, ignored);
    }
    if (interrupted()) {
      return stoppedDemo(plan);
    }
    LIX_CHECK(done);
  }
  return {};
}

std::vector<std::string> evaluationCommands(const DemoPlan& plan, const DemoSubject& subject) {
  std::vector<std::string> lines;
  for (const DemoTask& task : demoTasks()) {
    for (const char* kind : {"zero-shot", "few-shot"}) {
      std::vector<std::string> arguments{"eval",      kind,      subject.folder.string(),
                                         "--data",    task.data, "--labels",
                                         task.labels, "--label", subject.label};
      if (std::string_view(kind) == "few-shot") {
        arguments.insert(arguments.end(), {"--draws", cat(plan.draws)});
      }
      arguments.insert(arguments.end(), {"--workspace", plan.folder.string()});
      lines.push_back(commandLine(arguments));
    }
  }
  return lines;
}

}  // namespace lix::app
