#pragma once
#include <set>
#include <string>
#include <vector>

#include "pages/runs/run_item.h"
#include "store/workspace.h"

namespace lix::app {

/// What a reading of the runs gave.
struct RunsRead {
  long long mark = 0;                 ///< to go on from
  std::vector<RunItemPtr> items;      ///< changed ones outside the trash, newest first
  std::vector<long long> trashed;     ///< those that went to the trash
  std::set<long long> archived;       ///< all that are
  bool isWhole = true;                ///< false: only the newest of more
};

/// Runs that changed since the mark, with the ends of the given series; with mark 0 all of them. On the storing lane.
Result<RunsRead> readRuns(const store::Workspace& workspace, long long since, const std::vector<std::string>& series);
/// The newest of very many, to be shown until all are read; mark 0.
Result<RunsRead> readNewestRuns(const store::Workspace& workspace, std::size_t most, const std::vector<std::string>& series);
/// What lies in the trash, newest first.
Result<std::vector<RunItemPtr>> readTrashedRuns(const store::Workspace& workspace, const std::vector<std::string>& series);

/// Brings a list (newest first, one entry a run) up to date. Returns whether anything differs.
bool merge(std::vector<RunItemPtr>& items, const RunsRead& read);

}  // namespace lix::app
