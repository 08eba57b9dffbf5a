#pragma once
#include "base/result.h"
#include "lixp/session.h"
#include "shared/datasets.h"
#include "store/workspace.h"

namespace lix::app {

/// The workspace that the verb works in. OpenMode::Create makes the named one where there is none.
Result<store::Workspace> openWorkspace(const Session& session, store::OpenMode mode);

}  // namespace lix::app
