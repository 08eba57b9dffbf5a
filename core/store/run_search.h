#pragma once
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/run_store.h"

namespace lix::store {

/// What one series of a run came to.
struct SeriesEnd {
  long long points = 0, gaps = 0;  ///< gaps: points that are not a number
  long long lastStep = 0;
  double lastValue = 0.0;  ///< may be not a number
};

/// Runs that differ from what a reader knew.
struct RunChanges {
  long long mark = 0;               ///< to be asked with next
  std::vector<RunRow> changed;      ///< those outside the trash, newest first
  std::vector<long long> trashed;   ///< those that lie in the trash
};

/// What lists of very many runs ask without reading all of them: which have changed, what their series came to, and
/// which are archived (kept, and not listed). In a workspace of an older version, opened for reading, nothing is
/// archived, marks stay 0 and ends are counted from all points.
class RunSearch {
 public:
  explicit RunSearch(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Grows with every change of any run, whoever makes it; cheap.
  Result<long long> mark() const;
  /// Runs whose row was added or changed after `since` (0: all of them), and those that run or pause now, whose process
  /// may have gone without a change. Runs that were deleted had been trashed before.
  Result<RunChanges> changes(long long since) const;
  /// The newest ones outside the trash, so many at most.
  Result<std::vector<RunRow>> newest(std::size_t most) const;

  Result<std::set<long long>> archived() const;
  enum class Archive { PutIn, TakeOut };
  /// One transaction. Refuses running and paused runs.
  Result<void> archive(std::span<const long long> runs, Archive what) const;

  /// Ends of one series by run, for the runs that have it.
  Result<std::map<long long, SeriesEnd>> ends(std::string_view series) const;
  /// Ends of all series of a run, by name.
  Result<std::map<std::string, SeriesEnd>> endsOf(long long run) const;
  /// Names of the series that any run has, sorted.
  Result<std::vector<std::string>> seriesNames() const;
  /// The newest run outside the trash that has a series of one of these names, 0 for none. A name that ends in '*'
  /// stands for all that begin so.
  Result<long long> newestWith(std::span<const std::string_view> series) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
