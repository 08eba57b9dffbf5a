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

/// The step of the steepest fall of ln(values), smoothed by a centred moving mean over a twentieth of the points (at
/// least three): the inflection of a falling temperature. Nothing for fewer than eight points, values that are not
/// positive, or a series that nowhere falls.
std::optional<double> steepestFall(const Series& series);

/// Loss by term, the temperatures (tau_ctx with its inflection, and 1/scale of each term), effective neighbours against
/// the uniform batch - 1, scales and biases over steps; panels without data are left out. batch 0: not known.
figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch);

}  // namespace lix::app
