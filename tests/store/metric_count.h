#pragma once
#include "store/metric_store.h"

namespace lix::store {

/// How many points a run has in all its series.
inline Result<std::size_t> countPoints(const Workspace& workspace, long long run) {
  LIX_TRY(const auto all, MetricStore(workspace).part(run));
  std::size_t points = 0;
  for (const MetricSeries& series : all.series) {
    points += series.values.size();
  }
  return points;
}

}  // namespace lix::store
