#include "shared/run_series.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

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

figures::SeriesPanel temperatures(std::span<const Series> series) {
  figures::SeriesPanel panel{
      .title = "Temperatures", .scale = figures::Scale::Log, .lines = {}, .marks = {}, .levels = {}};
  if (const Series* tau = findSeries(series, "tau_ctx")) {
    panel.lines.push_back({"tau_ctx", "", tau->steps, tau->values});
    if (const auto step = steepestFall(*tau)) {
      panel.marks.push_back({cat("steepest fall of tau_ctx, step ", *step), *step});
    }
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

std::optional<double> steepestFall(const Series& series) {
  const std::size_t n = series.values.size();
  if (n < 8 || !std::ranges::all_of(series.values, [](double v) { return std::isfinite(v) && v > 0.0; })) {
    return {};
  }
  const std::size_t half = std::max<std::size_t>(1, n / 40);
  std::vector<double> smooth(n), sums(n + 1, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    sums[i + 1] = sums[i] + std::log(series.values[i]);
  }
  for (std::size_t i = half; i + half < n; ++i) {  // whole windows only: half ones at the ends would bend the slope
    smooth[i] = (sums[i + half + 1] - sums[i - half]) / double(2 * half + 1);
  }
  double steepest = -1e-9;  // flat up to rounding is no fall
  std::optional<double> step;
  for (std::size_t i = half + 1; i + half + 1 < n; ++i) {
    const double slope = (smooth[i + 1] - smooth[i - 1]) / (series.steps[i + 1] - series.steps[i - 1]);
    if (slope < steepest) {
      steepest = slope;
      step = series.steps[i];
    }
  }
  return step;
}

figures::SeriesData seriesData(std::span<const Series> series, const std::string& title, const std::string& subtitle,
                               int batch) {
  figures::SeriesData data{.headings = {.title = title, .subtitle = subtitle, .notes = ""}};
  figures::SeriesPanel loss{.title = "Loss", .scale = figures::Scale::Linear, .lines = {}, .marks = {}, .levels = {}};
  addAll(loss, series, "loss.");
  figures::SeriesPanel neighbours{
      .title = "Effective neighbours", .scale = figures::Scale::Linear, .lines = {}, .marks = {}, .levels = {}};
  addAll(neighbours, series, "effective_neighbours");
  if (batch > 1 && !neighbours.lines.empty()) {
    neighbours.levels.push_back({"uniform", double(batch - 1)});
  }
  for (figures::SeriesLine& line : neighbours.lines) {
    line.label = "";  // the panel's title says it
  }
  figures::SeriesPanel scale{.title = "Scale", .scale = figures::Scale::Linear, .lines = {}, .marks = {}, .levels = {}};
  addAll(scale, series, "scale.");
  figures::SeriesPanel bias{.title = "Bias", .scale = figures::Scale::Linear, .lines = {}, .marks = {}, .levels = {}};
  addAll(bias, series, "bias.");
  for (figures::SeriesPanel& panel : std::vector{temperatures(series), neighbours, loss, scale, bias}) {
    if (!panel.lines.empty()) {
      data.panels.push_back(std::move(panel));
    }
  }
  return data;
}

}  // namespace lix::app
