#pragma once
#include <string>
#include <vector>

#include "lixp/demo_plan.h"
#include "store/evaluation_store.h"
#include "store/run_store.h"
#include "store/workspace.h"

namespace lix::app {

/// The sentence that Ctrl-C ends the demo with.
std::unexpected<Error> stoppedDemo(const DemoPlan& plan);

/// Trains a leg in a process of its own (progress passed through), resumes one that was cut off, and takes one that is
/// done as it is. The row says how it went.
Result<store::RunRow> runLeg(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                             const DemoLeg& leg);

/// What is evaluated: zero-shot and few-shot alike.
struct DemoTask {
  std::string data, labels;
};
const std::vector<DemoTask>& demoTasks();

/// Zero-shot and few-shot of one checkpoint on all tasks; what the workspace has of these weights already is not
/// measured again.
Result<void> evaluateSubject(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                             const DemoSubject& subject);

/// The command lines that give the same numbers.
std::vector<std::string> evaluationCommands(const DemoPlan& plan, const DemoSubject& subject);

}  // namespace lix::app
