#include "pages/train/live_panels.h"

#include <QString>
#include <algorithm>
#include <cstdio>

#include "base/text.h"

namespace lix::app {
namespace {

std::string shortly(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

std::array<figures::SeriesPanelView, kLivePanels.size()> livePanels(std::span<const LiveRun> runs) {
  std::array<figures::SeriesPanelView, kLivePanels.size()> panels;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    panels[i].title = kLivePanels[i];
  }
  for (const LiveRun& run : runs) {
    for (figures::SeriesPanelView& of : panelsOf(run.series, run.batch, runs.size() > 1 ? run.name : "")) {
      const auto place = std::ranges::find(kLivePanels, of.title);
      if (place == kLivePanels.end()) {
        continue;
      }
      figures::SeriesPanelView& panel = panels[std::size_t(place - kLivePanels.begin())];
      panel.scale = of.scale;
      panel.lines.insert(panel.lines.end(), of.lines.begin(), of.lines.end());
      panel.marks.insert(panel.marks.end(), of.marks.begin(), of.marks.end());
      for (const figures::LevelMark& level : of.levels) {
        if (std::ranges::find(panel.levels, level.y, &figures::LevelMark::y) == panel.levels.end()) {
          panel.levels.push_back(level);
        }
      }
    }
  }
  for (figures::SeriesPanelView& panel : panels) {
    for (figures::SeriesLineView& line : panel.lines) {
      if (line.label.empty() && line.run.empty()) {
        line.label = QString::fromStdString(panel.title).toLower().toStdString();
      }
    }
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
