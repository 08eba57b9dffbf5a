#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "data/dataset.h"
#include "lixp/session.h"
#include "store/workspace.h"

namespace lix::app {

/// The workspace that the verb works in. OpenMode::Create makes the named one where there is none.
Result<store::Workspace> openWorkspace(const Session& session, store::OpenMode mode);

/// Where the dataset of a name comes from; the error lists the names there are.
Result<data::DatasetSpec> findDataset(const store::Workspace* workspace, const std::string& name);

/// A dataset by name: added to the workspace, or built in ("emoji", "symbola", "scenes").
Result<data::Dataset> openDataset(const store::Workspace* workspace, const std::string& name);

/// Indices of the samples of a split (and, with a label set, only the labelled ones).
std::vector<std::size_t> samplesOf(const data::Dataset& dataset, data::Split split,
                                   std::optional<std::size_t> labelSet = {});

Result<data::Split> splitNamed(const std::string& name);

}  // namespace lix::app
