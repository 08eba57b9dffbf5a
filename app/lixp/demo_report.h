#pragma once
#include "lixp/demo_plan.h"
#include "store/workspace.h"

namespace lix::app {

/// Writes <workspace>/report (index.html, report.json, figures/), whole or not at all, from what the workspace holds;
/// returns the document of report.json. Needs a QGuiApplication. `seconds` is how long the demo took this time.
Result<nlohmann::json> writeDemoReport(const Session& session, const store::Workspace& workspace, const DemoPlan& plan,
                                       double seconds);

}  // namespace lix::app
