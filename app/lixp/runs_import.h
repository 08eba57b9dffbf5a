#pragma once
#include "lixp/session.h"

namespace lix::app {

/// Adds a run that was trained without a workspace: the checkpoint folder stays where it is; its settings come from the
/// training state in it, its series from `<folder>.metrics.jsonl` beside it (one JSON object a line; later lines of a
/// step replace earlier ones, as a resumed run writes them; lines that a kill cut off are left out and counted).
Result<Output> importRun(const Session& session, const std::filesystem::path& folder);

}  // namespace lix::app
