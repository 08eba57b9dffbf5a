#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/csv.h"
#include "store/support_store.h"
#include "support/support_set.h"

namespace lix::app {

/// A support set of the workspace, as it is now or as a version holds it; the error lists the sets there are.
Result<support::SupportSet> loadSet(const store::Workspace& workspace, const std::string& name,
                                    std::optional<long long> version = {});
std::vector<store::SupportClassRow> rowsOf(const support::SupportSet& set);

/// A picture as the command line names it: its path, or DATASET:KEY.
std::string wordOf(const data::PictureRef& picture);

}  // namespace lix::app
