#include "pages/train/live_panels.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr std::array<const char*, kLivePanels> kTitles{"Loss",   "Temperatures",    "Effective neighbours",
                                                       "Canary", "Mixture weights", "Pictures a second"};

std::string shortly(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

std::array<figures::SeriesPanel, kLivePanels> livePanels(std::span<const Series> series, int batch) {
  std::array<figures::SeriesPanel, kLivePanels> panels;
  figures::SeriesData all = seriesData(series, "", "", batch);
  for (int i = 0; i < kLivePanels; ++i) {
    panels[std::size_t(i)].title = kTitles[std::size_t(i)];
    const auto found = std::ranges::find(all.panels, kTitles[std::size_t(i)], &figures::SeriesPanel::title);
    if (found != all.panels.end()) {
      panels[std::size_t(i)] = std::move(*found);
    }
  }
  auto& loss = panels[int(LivePanel::Loss)];
  if (const Series* total = findSeries(series, "loss");
      total != nullptr && loss.lines.size() > 1) {  // of one term it is the same
    loss.lines.insert(loss.lines.begin(), {"whole", "", total->steps, total->values});
  }
  for (figures::SeriesPanel& panel : panels) {
    for (figures::StepMark& mark : panel.marks) {
      mark.label = "inflection";  // charts say the step
    }
  }
  for (figures::SeriesLine& line : panels[int(LivePanel::Neighbours)].lines) {
    line.label = "effective neighbours";
  }
  if (const Series* pace = findSeries(series, "images_per_second")) {
    panels[int(LivePanel::Pace)].lines.push_back({"pictures/s", "", pace->steps, pace->values});
  }
  return panels;
}

std::string latestText(std::span<const Series> series) {
  std::string text;
  const auto add = [&](const char* name, const char* before, const char* after) {
    if (const Series* one = findSeries(series, name); one != nullptr && !one->values.empty()) {
      text += cat(text.empty() ? "" : ", ", before, shortly(one->values.back()), after);
    }
  };
  add("loss", "loss ", "");
  add("tau_ctx", "tau_ctx ", "");
  add("effective_neighbours", "", " effective neighbours");
  add("images_per_second", "", " pictures/s");
  add("canary.zero_shot", "canary's zero-shot ", "");
  return text;
}

}  // namespace lix::app
