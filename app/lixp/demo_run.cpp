#include "lixp/demo_run.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "lixp/child.h"
#include "lixp/eval/verbs.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

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
  const std::vector<std::string> resumed{"train", "--resume", out.string(), "--workspace", plan.folder.string()};
  LIX_TRY(const ChildEnd end, runSelf(row ? resumed : trainArguments(plan, leg), ChildErrors::Ours));
  if (interrupted()) {
    return stoppedDemo(plan);
  }
  row = runs.findByOut(out);
  if (!row) {
    return fail(ErrorCode::Io, cat("The training of ", leg.what, " ended with status ", end.code,
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
                               {.checkpointLabel = subject.label, .weightsHash = checkpoint.weightsHash.text()}));
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
