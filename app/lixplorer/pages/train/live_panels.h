#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "figures/series_figure.h"
#include "shared/run_series.h"

namespace lix::app {

/// What the charts of runs show, in their order: titles of panelsOf (shared/run_series.h), and the paired change of the
/// canary's zero-shot accuracy since the start with its 95 % interval.
inline constexpr std::string_view kGuardPanel = "Zero-shot since the start, points";
inline constexpr std::array<std::string_view, 12> kLivePanels{
    "Loss",        "Temperatures",    "Effective neighbours", "Pictures a second", "Canary",        kGuardPanel,
    "Mixture weights", "Gradient norm", "Scale",              "Bias",              "Learning rate", "Memory, GB"};
/// The first ones are always shown, the others where a run has such series.
inline constexpr std::size_t kAlwaysShown = 4;

/// A run as far as its series have come. batch 0: not known.
struct LiveRun {
  std::string name;
  int batch = 0;
  std::span<const Series> series;
};

/// The panels of these runs, each with the lines of all; without lines where there are none of that kind (a recipe without
/// a context has no effective neighbours). Lines bear their run's name where there are several. Views of the series.
std::array<figures::SeriesPanelView, kLivePanels.size()> livePanels(std::span<const LiveRun> runs);

/// What the zero-shot guard of a run says at its newest reading: the change on the same pictures since the start.
struct GuardText {
  enum class Verdict { Kept, Within, Dropped };  ///< clearly not below, within chance, really below
  Verdict verdict = Verdict::Within;
  std::string sentence;
};
/// Nothing where the run has no canary, or was read once only.
std::optional<GuardText> guardOf(std::span<const Series> series);

/// "loss 1.234, tau_ctx 0.0123, 57.3 effective neighbours, 210 pictures/s" of the newest step; "" before the first.
std::string latestText(std::span<const Series> series);

}  // namespace lix::app
