#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// One value of one series of a run. A loss that is not a number is kept as such (NULL in the file).
struct MetricPoint {
  long long step = 0;
  std::string name;  ///< "loss", "temperature/main", "context/effective_neighbours", ...
  double value = 0.0;
};

/// Series of runs, keyed (run, step, name).
class MetricStore {
 public:
  explicit MetricStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// Writes all points in one transaction; a point with the same key is replaced.
  Result<void> append(long long run, std::span<const MetricPoint> points) const;
  /// Drops the points of steps after `step`: what a resumed run will write again.
  Result<void> forgetAfter(long long run, long long step) const;
  /// Names of a run's series, sorted.
  Result<std::vector<std::string>> names(long long run) const;
  /// One series with steps after `after`, by step.
  Result<std::vector<MetricPoint>> series(long long run, std::string_view name, long long after = -1) const;
  /// All series of a run with steps after `after`, by step and name.
  Result<std::vector<MetricPoint>> points(long long run, long long after = -1) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
