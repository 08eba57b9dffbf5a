#include <chrono>

#include "base/text.h"
#include "lixp/demo_plan.h"
#include "lixp/demo_report.h"
#include "lixp/demo_run.h"
#include "lixp/drawing.h"
#include "lixp/workspace_access.h"

namespace lix::app {
namespace {
using Clock = std::chrono::steady_clock;

Result<Output> report(const Session& session, const store::Workspace& workspace, const DemoPlan& plan, double seconds) {
  return withDrawing([&]() -> Result<Output> {
    session.note("Drawing figures and writing the report");
    LIX_TRY(const auto document, writeDemoReport(session, workspace, plan, seconds));
    return Output{document, cat("Wrote ", (plan.folder / "report" / "index.html").string(), " after ",
                                fixed(seconds, 0), " s\n")};
  });
}

Result<Output> demo(const Session& shared, const DemoOrder& order) {
  const auto begin = Clock::now();
  LIX_TRY(const DemoPlan plan, planDemo(order));
  LIX_CHECK(claimFolder(order));
  Session session = shared;
  session.workspace = plan.folder;
  session.note(announcement(plan, order));
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  for (const DemoSubject& subject : plan.shipped) {
    LIX_CHECK(evaluateSubject(session, workspace, plan, subject));
  }
  for (const DemoLeg& leg : plan.legs) {
    if (interrupted()) {
      return stoppedDemo(plan);
    }
    LIX_CHECK(runLeg(session, workspace, plan, leg));
  }
  for (std::size_t i = plan.shipped.size(); i < plan.evaluated.size(); ++i) {
    LIX_CHECK(evaluateSubject(session, workspace, plan, plan.evaluated[i]));
  }
  auto written = report(session, workspace, plan, std::chrono::duration<double>(Clock::now() - begin).count());
  return !written && interrupted() ? Result<Output>(stoppedDemo(plan)) : written;
}

}  // namespace

void addDemoVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<DemoOrder>();
  CLI::App* verb = app.add_subcommand(
      "demo", "The whole job on emoji in minutes: train, post-train, evaluate, inspect, and a report with figures");
  verb->add_option("--out", order->out, "Workspace of the demo: a new or empty folder, or one that a demo began")
      ->capture_default_str();
  verb->add_flag("--from-scratch", order->fromScratch,
                 "Train everything here instead of starting from the shipped checkpoints");
  verb->add_option("--steps-scale", order->stepsScale, "Times the usual training steps")
      ->check(CLI::Range(0.001, 100.0))
      ->capture_default_str();
  verb->callback([&session, order] { session.action = [&session, order] { return demo(session, *order); }; });
}

}  // namespace lix::app
