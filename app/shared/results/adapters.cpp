#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

/// A stack, from zero-shot to what few shots reach.
struct Stack {
  std::string adapter, label;
  Mean start, end;
};

/// Zero-shot and each adapter at so many shots, for the labels that have both.
struct Compared {
  std::vector<Level> zero;
  std::map<std::string, std::vector<Level>> adapters;

  std::vector<std::vector<Level>> lists() const {
    std::vector<std::vector<Level>> all{zero};
    for (const auto& [adapter, levels] : adapters) {
      all.push_back(levels);
    }
    return all;
  }
};

Compared comparedOf(std::vector<Level> zero, const std::vector<Level>& fewShot, int shots) {
  Compared compared{std::move(zero), byAdapter(fewShot, shots)};
  std::set<std::string> starts, ends;
  for (const Level& level : compared.zero) {
    starts.insert(level.of.checkpointLabel);
  }
  for (auto& [adapter, levels] : compared.adapters) {
    std::erase_if(levels, [&](const Level& level) { return !starts.contains(level.of.checkpointLabel); });
    for (const Level& level : levels) {
      ends.insert(level.of.checkpointLabel);
    }
  }
  std::erase_if(compared.zero, [&](const Level& level) { return !ends.contains(level.of.checkpointLabel); });
  return compared;
}

std::vector<Stack> stacksOf(const Compared& compared, const std::set<Task>& tasks) {
  const auto zero = meansByLabel(compared.zero, tasks);
  std::vector<Stack> stacks;
  for (const auto& [adapter, levels] : compared.adapters) {
    for (const auto& [label, mean] : meansByLabel(levels, tasks)) {
      stacks.push_back({adapter, label, zero.at(label), mean});
    }
  }
  std::ranges::stable_sort(stacks, [](const Stack& a, const Stack& b) { return a.end.value > b.end.value; });
  return stacks;
}

ResultTable numbersOf(const std::vector<Stack>& stacks, int shots) {
  ResultTable numbers{
      .title = "", .head = {"adapter", "checkpoint", "shots", "datasets", "zero_shot", "few_shot"}, .rows = {}};
  for (const Stack& stack : stacks) {
    numbers.rows.push_back({TableCell::word(stack.adapter), TableCell::word(stack.label), TableCell::number(shots),
                            TableCell::number(stack.end.tasks), TableCell::number(stack.start.value, stack.start.keys),
                            TableCell::number(stack.end.value, stack.end.keys)});
  }
  return numbers;
}

}  // namespace

/// One stack an adapter and checkpoint: zero-shot and what few shots add, as means over the datasets that all have.
Result<MadeFigure> makeAdapters(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = settingOf(fewShot, choice);
  if (!setting) {
    return nothingToDraw();
  }
  const Compared compared = comparedOf(zeroShotLevels(rows, choice), fewShot, setting->shots);
  if (compared.zero.empty()) {
    return nothingToDraw();
  }
  const auto lists = compared.lists();
  const std::set<Task> tasks = sharedTasks(lists);
  if (tasks.empty()) {
    return fail(ErrorCode::NotFound, cat("No dataset has zero-shot and every adapter at ", shotsText(setting->shots),
                                         " of all checkpoints; choose some with --checkpoints and --adapters."));
  }
  const auto stacks = stacksOf(compared, tasks);
  std::vector<Level> all;
  for (const auto& list : lists) {
    std::ranges::copy(newestLevels(list), std::back_inserter(all));
  }
  const std::string hatched = "Hatched: what an adapter loses against zero-shot.", mixed = mixedNote(all);
  figures::BarsData data{.headings = {.title = cat("Adapters at ", shotsText(setting->shots)),
                                      .subtitle = cat("Top-1; means over the ", datasetsText(tasks.size()),
                                                      " that all checkpoints and adapters have."),
                                      .notes = mixed.empty() ? hatched : cat(hatched, " ", mixed)},
                         .xLabel = "Accuracy, %",
                         .series = {"zero-shot", cat("gain from ", shotsText(setting->shots))},
                         .layout = figures::BarLayout::Stacked,
                         .rows = {}};
  const bool several = labelsOf(compared.zero, choice).size() > 1;
  for (const Stack& stack : stacks) {
    const std::string title = adapterTitle(stack.adapter);
    data.rows.push_back({several ? cat(title, ", ", stack.label) : title,
                         {{.value = 100 * stack.start.value, .keys = stack.start.keys},
                          {.value = 100 * (stack.end.value - stack.start.value), .keys = stack.end.keys}}});
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), numbersOf(stacks, setting->shots)};
}

}  // namespace lix::app
