#pragma once
#include <cstdint>
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

/// One series of a run, by step.
struct MetricSeries {
  std::string name;
  std::vector<double> steps, values;
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
  /// All series of a run, or the next part of them, as a reader of a long run wants it.
  struct Part {
    std::vector<MetricSeries> series;  ///< by name
    long long lastStep = -1;           ///< of this part; `after` where there was nothing
    bool isLast = true;
  };
  /// Whole steps after `after` until there are at least `most` points, so at least one step.
  Result<Part> part(long long run, long long after = -1, std::size_t most = SIZE_MAX) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
