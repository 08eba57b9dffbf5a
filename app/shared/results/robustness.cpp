// Accuracy under corruptions and across domains.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "figures/plot_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {

namespace {

/// Points of one line by severity; of one that was measured twice, the newest.
using Line = std::map<double, const Level*>;
using Lines = std::map<std::string, Line>;

bool isClean(const std::string& corruption, double severity) {
  return severity == 0 && (corruption.empty() || corruption == "none" || corruption == "clean");
}

/// Lines by corruption; those of pictures without one, under "", are the starts of all others.
std::map<std::string, Lines> byCorruption(const std::vector<Level>& levels) {
  const bool severalTasks =
      std::ranges::any_of(levels, [&](const Level& level) { return taskOf(level.of) != taskOf(levels.front().of); });
  std::map<std::string, Lines> sorted;
  for (const Level& level : levels) {
    const nlohmann::json settings = parsed(level.of.settings);
    const std::string corruption = settings.value("corruption", "");
    const double severity = numberIn(settings, "severity");
    const std::string line =
        severalTasks ? cat(level.of.checkpointLabel, ", ", taskName(level.of, levels)) : level.of.checkpointLabel;
    if (std::isfinite(severity)) {
      const Level*& kept = sorted[isClean(corruption, severity) ? "" : corruption][line][severity];
      kept = kept == nullptr || kept->of.id < level.of.id ? &level : kept;
    }
  }
  return sorted;
}

ResultTable corruptionNumbers(const std::map<std::string, Lines>& sorted) {
  ResultTable numbers{
      .title = "", .head = {"checkpoint", "dataset", "label_set", "corruption", "severity", "top1"}, .rows = {}};
  for (const auto& [corruption, lines] : sorted) {
    for (const auto& [name, line] : lines) {
      for (const auto& [severity, level] : line) {
        numbers.rows.push_back({TableCell::word(level->of.checkpointLabel), TableCell::word(level->of.dataset),
                                TableCell::word(level->of.labelSet),
                                TableCell::word(corruption.empty() ? "clean" : corruption), TableCell::number(severity),
                                TableCell::number(level->mean, level->keys)});
      }
    }
  }
  return numbers;
}

/// "emoji"; "photos by the classes of emoji"; with pictures of those classes "..., Prototypes at 4 shots".
std::string domainName(const Level& level, const std::vector<Level>& among) {
  const nlohmann::json settings = parsed(level.of.settings);
  const std::string source = settings.value("source", ""), sourceLabels = settings.value("source_labels", "");
  const bool several = std::ranges::any_of(among, [&](const Level& other) {
    const nlohmann::json others = parsed(other.of.settings);
    return others.value("source", "") == source && others.value("source_labels", "") != sourceLabels;
  });
  return cat(
      taskName(level.of, among), source.empty() || source == level.of.dataset ? "" : cat(" by the classes of ", source),
      several && !sourceLabels.empty() ? cat(", ", sourceLabels) : "",
      level.of.adapter.empty() ? "" : cat(", ", adapterTitle(level.of.adapter), " at ", shotsText(level.of.shots)));
}

}  // namespace

Result<MadeFigure> makeCorruptions(const FigureRows& rows, const FigureChoice& choice) {
  const auto levels = levelsOf(rows, choice, "robustness", "top1");
  const auto sorted = byCorruption(levels);
  if (sorted.empty() || (sorted.size() == 1 && sorted.contains(""))) {
    return nothingToDraw();
  }
  const Lines clean = sorted.contains("") ? sorted.at("") : Lines();
  figures::PlotData data{.headings = {.title = "Robustness to corruptions",
                                      .subtitle = "Zero-shot top-1 over the severity of each corruption; 0: clean.",
                                      .notes = ""},
                         .xLabel = "Severity",
                         .yLabel = "Accuracy, %",
                         .panels = {}};
  for (const auto& [corruption, lines] : sorted) {
    if (corruption.empty()) {
      continue;
    }
    figures::PlotPanel& panel = data.panels.emplace_back();
    panel.title = corruption;
    std::ranges::replace(panel.title, '_', ' ');
    for (const auto& [name, points] : lines) {
      Line line = points;
      if (const auto start = clean.find(name); start != clean.end()) {
        line.insert(start->second.begin(), start->second.end());
      }
      figures::PlotSeries& series = panel.series.emplace_back();
      const std::string& label = line.begin()->second->of.checkpointLabel;
      series.label = name;
      series.group = name == label ? "" : label;
      for (const auto& [severity, level] : line) {
        series.points.push_back({severity, 100 * level->mean, 100 * level->low, 100 * level->high, {}, level->keys});
      }
    }
  }
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), corruptionNumbers(sorted)};
}

Result<MadeFigure> makeDomains(const FigureRows& rows, const FigureChoice& choice) {
  const auto levels = levelsOf(rows, choice, "domain", "top1");
  if (levels.empty()) {
    return nothingToDraw();
  }
  const auto labels = labelsOf(levels, choice);
  std::map<std::string, std::vector<const Level*>> bars;  // the newest of each label
  for (const Level& level : levels) {
    auto& row = bars[domainName(level, levels)];
    row.resize(labels.size());
    const Level*& kept = row[std::size_t(std::ranges::find(labels, level.of.checkpointLabel) - labels.begin())];
    kept = kept == nullptr || kept->of.id < level.of.id ? &level : kept;
  }
  figures::BarsData data{.headings = {.title = "Domains",
                                      .subtitle = "Top-1 on pictures of one set among the classes of another, "
                                                  "zero-shot where no shots are named.",
                                      .notes = ""},
                         .xLabel = "Accuracy, %",
                         .series = labels,
                         .rows = {}};
  if (labels.size() == 1) {
    data.headings.subtitle += cat(" ", labels[0], ".");
  }
  ResultTable numbers{
      .title = "",
      .head = {"checkpoint", "classes_of", "dataset", "label_set", "adapter", "shots", "n", "low", "high", "top1"},
      .rows = {}};
  for (const auto& [name, row] : bars) {
    figures::BarRow& bar = data.rows.emplace_back(figures::BarRow{name, {}});
    for (const Level* level : row) {
      if (level == nullptr) {
        bar.bars.emplace_back();
        continue;
      }
      bar.bars.push_back({100 * level->mean, 100 * level->low, 100 * level->high, level->keys});
      numbers.rows.push_back(
          {TableCell::word(level->of.checkpointLabel), TableCell::word(parsed(level->of.settings).value("source", "")),
           TableCell::word(level->of.dataset), TableCell::word(level->of.labelSet), TableCell::word(level->of.adapter),
           TableCell::number(level->of.shots), TableCell::number(level->n), TableCell::number(level->low),
           TableCell::number(level->high), TableCell::number(level->mean, level->keys)});
    }
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
