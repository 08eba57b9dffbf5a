#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "store/workspace.h"

namespace lix::app {

/// Names of the datasets there are: built in (emoji, scenes, symbola), then those of the workspace (null: none).
Result<std::vector<std::string>> datasetNames(const store::Workspace* workspace);

/// Where the dataset of a name comes from; the error lists the names there are.
Result<data::DatasetSpec> findDataset(const store::Workspace* workspace, const std::string& name);

/// A dataset by name: added to the workspace, or built in.
Result<data::Dataset> openDataset(const store::Workspace* workspace, const std::string& name);

/// Indices of the samples of a split (and, with a label set, only the labelled ones).
std::vector<std::size_t> samplesOf(const data::Dataset& dataset, data::Split split,
                                   std::optional<std::size_t> labelSet = {});

Result<data::Split> splitNamed(const std::string& name);
std::string_view nameOf(data::Split split);  ///< "train", "validation", "test"

}  // namespace lix::app
