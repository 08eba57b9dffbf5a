#include "pages/train/live_panels.h"

#include <QString>
#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/text.h"

namespace lix::app {
namespace {

std::string shortly(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// With a sign, in points of a per cent: "+1.8".
std::string points(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f", 100.0 * share);
  return text;
}

/// The change in points with its interval as a band: exact numbers at few steps, so nothing of it is smoothed.
void addGuard(const LiveRun& run, const std::string& name, figures::SeriesPanelView& panel) {
  panel.smoothing = figures::Smoothing::Never;
  const Series* change = findSeries(run.series, "canary.zero_shot_change");
  if (change == nullptr) {
    return;
  }
  figures::SeriesLineView& line = panel.lines.emplace_back(figures::SeriesLineView{
      "change, with its 95 % interval", name, change->steps, change->values, figures::SeriesLineView::Values::Percent});
  const Series* low = findSeries(run.series, "canary.zero_shot_change_low");
  const Series* high = findSeries(run.series, "canary.zero_shot_change_high");
  if (low != nullptr && high != nullptr) {
    line.lows = low->values;
    line.highs = high->values;
  }
  if (panel.levels.empty()) {
    panel.levels.push_back({"as at the start", 0.0});
  }
}

}  // namespace

std::array<figures::SeriesPanelView, kLivePanels.size()> livePanels(std::span<const LiveRun> runs) {
  std::array<figures::SeriesPanelView, kLivePanels.size()> panels;
  for (std::size_t i = 0; i < panels.size(); ++i) {
    panels[i].title = kLivePanels[i];
  }
  for (const LiveRun& run : runs) {
    addGuard(run, runs.size() > 1 ? run.name : "", *std::ranges::find(panels, kGuardPanel, &figures::SeriesPanelView::title));
    for (figures::SeriesPanelView& of : panelsOf(run.series, run.batch, runs.size() > 1 ? run.name : "")) {
      const auto place = std::ranges::find(kLivePanels, of.title);
      if (place == kLivePanels.end()) {
        continue;
      }
      figures::SeriesPanelView& panel = panels[std::size_t(place - kLivePanels.begin())];
      panel.scale = of.scale;
      panel.smoothing = of.smoothing;
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

std::optional<GuardText> guardOf(std::span<const Series> series) {
  const Series* change = findSeries(series, "canary.zero_shot_change");
  const Series* low = findSeries(series, "canary.zero_shot_change_low");
  const Series* high = findSeries(series, "canary.zero_shot_change_high");
  if (change == nullptr || change->values.empty() || change->steps.back() <= 0) {
    return {};
  }
  const std::string found = cat(points(change->values.back()), " points since the start, on the same pictures");
  if (low == nullptr || high == nullptr || low->values.empty() || high->values.empty()) {
    return GuardText{GuardText::Verdict::Within, cat("Zero-shot: ", found, ".")};
  }
  const double from = low->values.back(), to = high->values.back();
  const auto verdict = to < 0.0    ? GuardText::Verdict::Dropped
                       : from >= 0.0 ? GuardText::Verdict::Kept
                                     : GuardText::Verdict::Within;
  const char* means = verdict == GuardText::Verdict::Dropped ? "a real drop"
                      : verdict == GuardText::Verdict::Kept  ? "nothing is lost"
                                                             : "within chance";
  return GuardText{verdict, cat("Zero-shot: ", found, " (95 % interval ", points(from), " to ", points(to), "): ", means,
                                " at step ", static_cast<long long>(change->steps.back()), ".")};
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
  if (const std::string pace = paceText(series); !pace.empty()) {
    text += cat(text.empty() ? "" : ", ", pace);
  }
  add("canary.zero_shot", "canary's zero-shot ", "");
  return text;
}

}  // namespace lix::app
