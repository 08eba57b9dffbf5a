// Figures of training runs: temperatures, and few-shot accuracy along a run.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figures/plot_figure.h"
#include "figures/series_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

int batchOf(const FigureRun& run) {
  const double batch = numberIn(parsed(run.row.settings), "batch");
  return std::isfinite(batch) ? int(batch) : 0;
}

bool isWanted(const FigureRun& run, const FigureChoice& choice) {
  return choice.run.empty() || choice.run == run.row.name;
}

constexpr std::pair<const char*, const char*> kCanary[] = {
    {"canary.zero_shot", "zero-shot"}, {"canary.prototype", "Prototypes"}, {"canary.tip_adapter", "Tip-Adapter"}};

/// The results of checkpoints of a run by their step, a line an adapter and number of shots.
void addResults(const FigureRun& run, const std::vector<Level>& levels, const FigureRows& rows, int batch,
                std::map<std::string, figures::PlotSeries>& lines, ResultTable& numbers) {
  for (const Level& level : levels) {
    const auto checkpoint = std::ranges::find_if(rows.checkpoints, [&](const store::CheckpointRow& row) {
      return row.run == run.row.id && row.weightsHash == level.of.weightsHash;
    });
    const bool start = !run.row.initCheckpoint.empty() && level.of.checkpoint == run.row.initCheckpoint;
    if (checkpoint == rows.checkpoints.end() && !start) {
      continue;
    }
    const long long step = checkpoint == rows.checkpoints.end() ? 0 : checkpoint->step;
    const std::string what =
        level.of.shots == 0 ? "zero-shot" : cat(adapterTitle(level.of.adapter), " at ", shotsText(level.of.shots));
    const std::string name = cat(what, ", ", taskName(level.of, levels));
    lines[name].points.push_back({double(step) * batch, 100 * level.mean, 100 * level.low, 100 * level.high, {}, level.keys});
    numbers.rows.push_back({TableCell::word(run.row.name), TableCell::word(name), TableCell::number(double(step)),
                            TableCell::number(double(step) * batch), TableCell::number(level.mean, level.keys)});
  }
}

}  // namespace

Result<MadeFigure> makeTemperatures(const FigureRows& rows, const FigureChoice& choice) {
  for (const FigureRun& run : rows.runs) {
    if (!isWanted(run, choice)) {
      continue;
    }
    figures::SeriesData data =
        seriesData(run.series, cat("Temperatures of ", run.row.name),
                   cat(run.row.recipe, " on ", run.row.dataset, ", ", run.row.step, " steps"), batchOf(run));
    std::erase_if(data.panels, [](const figures::SeriesPanel& panel) {
      return panel.title != "Temperatures" && panel.title != "Effective neighbours";
    });
    if (data.panels.empty()) {
      continue;
    }
    ResultTable numbers{.title = "", .head = {"run", "panel", "series", "step", "value"}, .rows = {}};
    for (const figures::SeriesPanel& panel : data.panels) {
      for (const figures::SeriesLine& line : panel.lines) {
        for (std::size_t i = 0; i < std::min(line.xs.size(), line.ys.size()); ++i) {
          numbers.rows.push_back({TableCell::word(run.row.name), TableCell::word(panel.title),
                                  TableCell::word(line.label.empty() ? panel.title : line.label),
                                  TableCell::number(line.xs[i]), TableCell::number(line.ys[i])});
        }
      }
    }
    return MadeFigure{std::make_shared<figures::SeriesFigure>(std::move(data)), std::move(numbers)};
  }
  return nothingToDraw();
}

Result<MadeFigure> makePostTraining(const FigureRows& rows, const FigureChoice& choice) {
  std::vector<Level> levels = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = settingOf(levels, choice);
  std::erase_if(levels, [&](const Level& level) {  // one number of shots, and one adapter where none was chosen
    return level.of.shots > 0 && (!setting || level.of.shots != setting->shots ||
                                  (choice.rows.adapters.empty() && level.of.adapter != setting->adapter));
  });
  for (const FigureRun& run : rows.runs) {
    const int batch = batchOf(run);
    if (!isWanted(run, choice) || batch == 0) {
      continue;
    }
    ResultTable numbers{.title = "", .head = {"run", "series", "step", "samples", "top1"}, .rows = {}};
    std::map<std::string, figures::PlotSeries> lines;
    addResults(run, levels, rows, batch, lines, numbers);
    std::erase_if(lines, [](const auto& line) {  // the start alone says nothing of the training
      return std::ranges::all_of(line.second.points, [](const auto& point) { return point.x == 0; });
    });
    for (const auto& [series, title] : kCanary) {
      if (const Series* found = findSeries(run.series, series)) {
        figures::PlotSeries& line = lines[cat("canary, ", title)];
        for (std::size_t i = 0; i < found->steps.size(); ++i) {
          line.points.push_back({.x = found->steps[i] * batch, .y = 100 * found->values[i]});
          numbers.rows.push_back({TableCell::word(run.row.name), TableCell::word(cat("canary, ", title)),
                                  TableCell::number(found->steps[i]), TableCell::number(found->steps[i] * batch),
                                  TableCell::number(found->values[i])});
        }
      }
    }
    if (lines.empty()) {
      continue;
    }
    figures::PlotData data{.headings = {.title = cat("Post-training of ", run.row.name),
                                        .subtitle = cat(run.row.recipe, " on ", run.row.dataset,
                                                        ": few-shot accuracy against further samples."),
                                        .notes = ""},
                           .xLabel = "Further samples (steps x batch)",
                           .yLabel = "Accuracy, %",
                           .panels = {}};
    data.panels.emplace_back();
    for (auto& [name, line] : lines) {
      line.label = name;
      std::ranges::sort(line.points, {}, &figures::PlotPoint::x);
      data.panels[0].series.push_back(std::move(line));
    }
    return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers)};
  }
  return nothingToDraw();
}

}  // namespace lix::app
