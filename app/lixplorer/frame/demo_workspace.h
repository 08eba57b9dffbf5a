#pragma once
#include <filesystem>

#include "base/result.h"

namespace lix::app {

class Desk;

/// Where the demo workspace lies: lixplorer/demo in the user's data folder, or LIX_DEMO_WORKSPACE.
std::filesystem::path demoWorkspaceFolder();

/// Makes the demo workspace where there is none: a workspace with copies of the checkpoints that come with the program.
/// One that a person has worked in is left as it is. Returns its folder.
Result<std::filesystem::path> makeDemoWorkspace();

/// Measures few-shot curves of those demo checkpoints that have none yet, in the background (a minute or two); nothing in
/// other workspaces.
void measureDemo(Desk& desk);

}  // namespace lix::app
