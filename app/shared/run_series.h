#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "figures/series_figure.h"
#include "store/metric_store.h"

namespace lix::app {

/// One series of a run.
struct Series {
  std::string name;
  std::vector<double> steps, values;
};

/// A run's series by name, from its points by step.
std::vector<Series> seriesOf(std::span<const store::MetricPoint> points);
/// Null where there is none of that name.
const Series* findSeries(std::span<const Series> series, std::string_view name);

/// The step at which a run's effective neighbours fall below half their start; nothing where they do not, or where the
/// run has none.
std::optional<long long> inflectionOf(std::span<const Series> series);

/// Loss by term, the temperatures (tau_ctx, and 1/scale of each term) and the effective neighbours against the uniform
/// batch - 1, both with the inflection, mixture weights, scales, biases and the canary over steps; panels without data
/// are left out. batch 0: not known.
figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch);

}  // namespace lix::app
