// Accuracy under corruptions and across domains.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "figures/plot_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {

Result<MadeFigure> makeCorruptions(const FigureRows& rows, const FigureChoice& choice) {
  const auto levels = levelsOf(rows, choice, "robustness", "top1");
  std::map<std::string, std::map<std::string, figures::PlotSeries>> panels;  // corruption, then line
  std::map<std::string, figures::PlotPoint> clean;                           // of a line
  ResultTable numbers{
      .title = "", .head = {"checkpoint", "dataset", "label_set", "corruption", "severity", "top1"}, .rows = {}};
  const bool severalTasks = std::ranges::any_of(
      levels, [&](const Level& level) { return taskName(level.of, levels) != taskName(levels.front().of, levels); });
  for (const Level& level : levels) {
    const nlohmann::json settings = parsed(level.of.settings);
    const std::string corruption = settings.value("corruption", "");
    const double severity = numberIn(settings, "severity");
    const std::string line =
        severalTasks ? cat(level.of.checkpointLabel, ", ", taskName(level.of, levels)) : level.of.checkpointLabel;
    const figures::PlotPoint point{severity, 100 * level.mean, 100 * level.low, 100 * level.high, {}};
    if (severity == 0 && (corruption.empty() || corruption == "none" || corruption == "clean")) {
      clean[line] = point;
    } else {
      figures::PlotSeries& series = panels[corruption][line];
      series.group = severalTasks ? level.of.checkpointLabel : "";
      series.points.push_back(point);
    }
    numbers.rows.push_back({TableCell::word(level.of.checkpointLabel), TableCell::word(level.of.dataset),
                            TableCell::word(level.of.labelSet), TableCell::word(corruption),
                            TableCell::number(severity), TableCell::number(level.mean, level.keys)});
  }
  if (panels.empty()) {
    return nothingToDraw();
  }
  figures::PlotData data{.headings = {.title = "Robustness to corruptions",
                                      .subtitle = "Zero-shot top-1 over the severity of each corruption; 0: clean.",
                                      .notes = ""},
                         .xLabel = "Severity",
                         .yLabel = "Accuracy, %",
                         .panels = {}};
  for (auto& [corruption, lines] : panels) {
    figures::PlotPanel& panel = data.panels.emplace_back();
    panel.title = corruption;
    std::ranges::replace(panel.title, '_', ' ');
    for (auto& [name, series] : lines) {
      series.label = name;
      const bool begins = std::ranges::any_of(series.points, [](const auto& point) { return point.x == 0; });
      if (const auto start = clean.find(name); start != clean.end() && !begins) {
        series.points.push_back(start->second);
      }
      std::ranges::sort(series.points, {}, &figures::PlotPoint::x);
      panel.series.push_back(std::move(series));
    }
  }
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers)};
}

Result<MadeFigure> makeDomains(const FigureRows& rows, const FigureChoice& choice) {
  const auto levels = levelsOf(rows, choice, "domain", "top1");
  if (levels.empty()) {
    return nothingToDraw();
  }
  const auto labels = labelsOf(levels, choice);
  std::map<std::string, std::vector<figures::Bar>> bars;
  ResultTable numbers{
      .title = "", .head = {"checkpoint", "classes_of", "dataset", "label_set", "low", "high", "top1"}, .rows = {}};
  for (const Level& level : levels) {
    const std::string source = parsed(level.of.settings).value("source", "");
    auto& row = bars[source.empty() || source == level.of.dataset
                         ? taskName(level.of, levels)
                         : cat(taskName(level.of, levels), " by the classes of ", source)];
    row.resize(labels.size());
    row[std::size_t(std::ranges::find(labels, level.of.checkpointLabel) - labels.begin())] = {
        100 * level.mean, 100 * level.low, 100 * level.high};
    numbers.rows.push_back({TableCell::word(level.of.checkpointLabel), TableCell::word(source),
                            TableCell::word(level.of.dataset), TableCell::word(level.of.labelSet),
                            TableCell::number(level.low), TableCell::number(level.high),
                            TableCell::number(level.mean, level.keys)});
  }
  figures::BarsData data{
      .headings = {.title = "Domains",
                   .subtitle = "Zero-shot top-1 on pictures of one set among the classes of another.",
                   .notes = ""},
      .xLabel = "Accuracy, %",
      .series = labels,
      .rows = {}};
  if (labels.size() == 1) {
    data.headings.subtitle += cat(" ", labels[0], ".");
  }
  for (auto& [name, row] : bars) {
    data.rows.push_back({name, std::move(row)});
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
