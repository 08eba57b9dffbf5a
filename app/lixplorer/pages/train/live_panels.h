#pragma once
#include <array>
#include <span>
#include <string>

#include "figures/series_figure.h"
#include "shared/run_series.h"

namespace lix::app {

/// What the charts of a run show, in their order.
enum class LivePanel { Loss, Temperatures, Neighbours, Canary, Mixture, Pace };
inline constexpr int kLivePanels = 6;
/// The others are only shown where a run has such series.
constexpr bool isAlwaysShown(LivePanel panel) { return panel != LivePanel::Canary && panel != LivePanel::Mixture; }

/// The panels of a run's series as far as they have come; without lines where there are none of that kind (a recipe
/// without a context has no effective neighbours). batch 0: not known.
std::array<figures::SeriesPanel, kLivePanels> livePanels(std::span<const Series> series, int batch);

/// "loss 1.234, tau_ctx 0.0123, 57.3 effective neighbours, 210 pictures/s" of the newest step; "" before the first.
std::string latestText(std::span<const Series> series);

}  // namespace lix::app
