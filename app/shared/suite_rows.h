#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/workspace.h"
#include "study/suite/suite.h"
#include "study/suite/suite_table.h"

namespace lix::app {

/// The dataset that a name of a suite or of the catalogue means in a workspace: the one of that name, built in ones
/// included, or the first that was recognised as the same dataset when it was added, or that is called like it.
Result<std::optional<std::string>> datasetFor(const store::Workspace& workspace, const std::string& name);

/// Which rows a suite's table is made of.
struct SuiteQuery {
  std::string kind = "zero-shot";  ///< or "few-shot"
  std::string adapter;             ///< of few-shot rows
  int shots = 0;
  std::vector<std::string> checkpoints = {};  ///< names of curves, empty for all
};

/// Models x datasets from the rows of a workspace: for each curve label and entry of the suite the newest measurement
/// with the entry's split, label set ("": the dataset's first), templates ("auto": the catalogue's or plain) and
/// metric, with all of its seeds. Few-shot rows of entries whose metric they do not have give top1.
Result<study::SuiteTable> suiteTableOf(const store::Workspace& workspace, const study::Suite& suite,
                                       const SuiteQuery& query = {});

}  // namespace lix::app
