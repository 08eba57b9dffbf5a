#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {

/// One stack an adapter and checkpoint: zero-shot and what few shots add, as means over the datasets that all have.
Result<MadeFigure> makeAdapters(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = settingOf(fewShot, choice);
  if (!setting) {
    return nothingToDraw();
  }
  std::set<std::string> adapters;
  for (const Level& level : fewShot) {
    if (level.of.adapter != "zero-shot" && level.of.shots == setting->shots) {
      adapters.insert(level.of.adapter);
    }
  }
  const auto zero = meansByLabel(zeroShotLevels(rows, choice));
  const auto labels = labelsOf(fewShot, choice);
  ResultTable numbers{
      .title = "", .head = {"adapter", "checkpoint", "shots", "datasets", "zero_shot", "few_shot"}, .rows = {}};
  struct Stack {
    figures::BarRow row;
    double end;
  };
  std::vector<Stack> stacks;
  for (const std::string& adapter : adapters) {
    const auto means = meansByLabel(levelsAt(fewShot, {adapter, setting->shots}));
    for (const std::string& label : labels) {
      const auto mean = means.find(label);
      if (mean == means.end()) {
        continue;
      }
      const auto base = zero.find(label);
      const Mean none;
      const Mean& start = base == zero.end() ? none : base->second;
      const std::string name = labels.size() > 1 ? cat(adapterTitle(adapter), ", ", label) : adapterTitle(adapter);
      const bool known = std::isfinite(start.value);
      stacks.push_back({{name, {{100 * start.value}, {100 * (mean->second.value - (known ? start.value : 0.0))}}},
                        mean->second.value});
      numbers.rows.push_back({TableCell::word(adapter), TableCell::word(label), TableCell::number(setting->shots),
                              TableCell::number(mean->second.tasks), TableCell::number(start.value, start.keys),
                              TableCell::number(mean->second.value, mean->second.keys)});
    }
  }
  std::ranges::stable_sort(stacks, [](const Stack& a, const Stack& b) { return a.end > b.end; });
  figures::BarsData data{.headings = {.title = cat("Adapters at ", shotsText(setting->shots)),
                                      .subtitle = "Top-1; means over the datasets that all checkpoints have.",
                                      .notes = "Hatched: what an adapter loses against zero-shot."},
                         .xLabel = "Accuracy, %",
                         .series = {"zero-shot", cat("gain from ", shotsText(setting->shots))},
                         .layout = figures::BarLayout::Stacked,
                         .rows = {}};
  for (Stack& stack : stacks) {
    data.rows.push_back(std::move(stack.row));
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
