#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "figures/series_figure.h"
#include "store/metric_store.h"

namespace lix::app {

using Series = store::MetricSeries;

/// Null where there is none of that name.
const Series* findSeries(std::span<const Series> series, std::string_view name);

/// The step at which a run's effective neighbours fall below half their start; nothing where they do not, or where the
/// run has none.
std::optional<long long> inflectionOf(std::span<const Series> series);

/// What is to be seen of a run over its steps, as panels with data: canary, temperatures (tau_ctx, and 1/scale of each
/// term, by its name) and effective neighbours against the uniform batch - 1, both with the inflection, mixture weights, loss by term
/// (with the steps at which the run was taken up again), scales, biases, gradient norm, learning rate, pictures a second,
/// memory. `run` names its lines, "" where there is one run. batch 0: not known. The views are of `series`.
std::vector<figures::SeriesPanelView> panelsOf(std::span<const Series> series, int batch, const std::string& run = "");

/// "104 pictures/s" of the newest step, the same wherever it stands; "" where there is none.
std::string paceText(std::span<const Series> series);

/// The panels of a figure of one run, without pace and memory.
figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch);

}  // namespace lix::app
