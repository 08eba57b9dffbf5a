#include "shared/run_series.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "study/metrics/inflection.h"

namespace lix::app {
namespace {

/// The scorer's name as the figure says it: "context" of "loss.context".
std::string afterDot(const std::string& name) { return name.substr(name.find('.') + 1); }

void addAll(figures::SeriesPanel& panel, std::span<const Series> series, std::string_view prefix) {
  for (const Series& one : series) {
    if (one.name.starts_with(prefix)) {
      panel.lines.push_back({afterDot(one.name), "", one.steps, one.values});
    }
  }
}

figures::SeriesPanel linear(const char* title) {
  return {.title = title, .scale = figures::Scale::Linear, .lines = {}, .marks = {}, .levels = {}};
}

void addNamed(figures::SeriesPanel& panel, std::span<const Series> series, std::string_view name, const char* label) {
  if (const Series* one = findSeries(series, name)) {
    panel.lines.push_back({label, "", one->steps, one->values});
  }
}

void markInflection(figures::SeriesPanel& panel, std::span<const Series> series) {
  if (const auto step = inflectionOf(series)) {
    panel.marks.push_back({cat("inflection, step ", *step), double(*step)});
  }
}

/// How evenly captions look at a Llip's tokens.
figures::SeriesPanel mixtureWeights(std::span<const Series> series) {
  figures::SeriesPanel panel = linear("Mixture weights");
  addNamed(panel, series, "mixture_entropy", "entropy, share of ln K");
  addNamed(panel, series, "dead_tokens", "dead tokens, share");
  return panel;
}

figures::SeriesPanel canary(std::span<const Series> series) {
  figures::SeriesPanel panel = linear("Canary");
  addNamed(panel, series, "canary.zero_shot", "zero-shot");
  addNamed(panel, series, "canary.prototype", "prototype");
  addNamed(panel, series, "canary.tip_adapter", "Tip-Adapter");
  return panel;
}

figures::SeriesPanel temperatures(std::span<const Series> series) {
  figures::SeriesPanel panel{
      .title = "Temperatures", .scale = figures::Scale::Log, .lines = {}, .marks = {}, .levels = {}};
  if (const Series* tau = findSeries(series, "tau_ctx")) {
    panel.lines.push_back({"tau_ctx", "", tau->steps, tau->values});
    markInflection(panel, series);
  }
  for (const Series& one : series) {
    if (one.name.starts_with("scale.")) {
      figures::SeriesLine line{cat("1/scale ", afterDot(one.name)), "", one.steps, one.values};
      std::ranges::transform(line.ys, line.ys.begin(), [](double scale) { return 1.0 / scale; });
      panel.lines.push_back(std::move(line));
    }
  }
  return panel;
}

}  // namespace

std::vector<Series> seriesOf(std::span<const store::MetricPoint> points) {
  std::map<std::string, Series> byName;
  for (const store::MetricPoint& point : points) {
    Series& one = byName[point.name];
    one.name = point.name;
    one.steps.push_back(double(point.step));
    one.values.push_back(point.value);
  }
  std::vector<Series> all;
  for (auto& [name, one] : byName) {
    all.push_back(std::move(one));
  }
  return all;
}

const Series* findSeries(std::span<const Series> series, std::string_view name) {
  const auto found = std::ranges::find(series, name, &Series::name);
  return found == series.end() ? nullptr : &*found;
}

std::optional<long long> inflectionOf(std::span<const Series> series) {
  const Series* neighbours = findSeries(series, "effective_neighbours");
  return neighbours == nullptr ? std::nullopt : study::inflection(neighbours->steps, neighbours->values);
}

figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch) {
  figures::SeriesData data{.headings = {.title = title, .subtitle = subtitle, .notes = ""}};
  figures::SeriesPanel loss = linear("Loss");
  addAll(loss, series, "loss.");
  figures::SeriesPanel neighbours = linear("Effective neighbours");
  addAll(neighbours, series, "effective_neighbours");
  if (batch > 1 && !neighbours.lines.empty()) {
    neighbours.levels.push_back({"uniform", double(batch - 1)});
  }
  for (figures::SeriesLine& line : neighbours.lines) {
    line.label = "";  // the panel's title says it
  }
  markInflection(neighbours, series);
  figures::SeriesPanel scale = linear("Scale");
  addAll(scale, series, "scale.");
  figures::SeriesPanel bias = linear("Bias");
  addAll(bias, series, "bias.");
  for (figures::SeriesPanel& panel :
       std::vector{canary(series), temperatures(series), neighbours, mixtureWeights(series), loss, scale, bias}) {
    if (!panel.lines.empty()) {
      data.panels.push_back(std::move(panel));
    }
  }
  return data;
}

}  // namespace lix::app
