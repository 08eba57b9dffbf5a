// The figures that are tables: models x datasets, retrieval, scaling.
#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "base/text.h"
#include "figures/axis.h"
#include "figures/table_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

/// Drawn with the best of each column bold, where there is more than one row; only rows of one group compete.
std::shared_ptr<const figures::Figure> drawn(const ResultTable& table, figures::Headings headings,
                                             const std::set<std::string>& plain = {},
                                             const std::vector<std::string>& groups = {}) {
  figures::TableData data{.headings = std::move(headings), .corner = table.head.front(), .columns = {}, .rows = {}};
  data.columns.assign(table.head.begin() + 1, table.head.end());
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto& row = table.rows[r];
    figures::TableRow& line = data.rows.emplace_back(figures::TableRow{row.front().text, {}});
    for (std::size_t i = 1; i < row.size(); ++i) {
      double best = -INFINITY;
      int rivals = 0;
      for (std::size_t other = 0; other < table.rows.size(); ++other) {
        const double value = table.rows[other][i].value.value_or(NAN);
        if (std::isfinite(value) && (groups.empty() || groups[other] == groups[r])) {
          best = std::max(best, value);
          ++rivals;
        }
      }
      line.cells.push_back(row[i].text);
      line.best.push_back(rivals > 1 && !plain.contains(table.head[i]) && row[i].value == best);
    }
  }
  return std::make_shared<figures::TableFigure>(std::move(data));
}

/// Of all that a label has for a column, the newest.
const Level* newest(const std::vector<Level>& levels, const std::string& label, const std::string& task,
                    const std::vector<Level>& among) {
  const Level* found = nullptr;
  for (const Level& level : levels) {
    if (level.of.checkpointLabel == label && taskName(level.of, among) == task &&
        (found == nullptr || found->of.id < level.of.id)) {
      found = &level;
    }
  }
  return found;
}

void addNumber(ResultTable& numbers, const Level& level, const std::string& metric) {
  numbers.rows.push_back({TableCell::word(level.of.checkpointLabel), TableCell::word(level.of.dataset),
                          TableCell::word(level.of.labelSet), TableCell::word(metric), TableCell::number(level.n),
                          TableCell::number(level.low), TableCell::number(level.high),
                          TableCell::number(level.mean, level.keys)});
}

ResultTable tidy() {
  return {
      .title = "", .head = {"checkpoint", "dataset", "label_set", "metric", "n", "low", "high", "value"}, .rows = {}};
}

/// "6.50M": three digits of a count.
std::string counted(double value) {
  static constexpr std::pair<double, const char*> kUnits[] = {{1e18, "E"}, {1e15, "P"}, {1e12, "T"},
                                                              {1e9, "G"},  {1e6, "M"},  {1e3, "k"}};
  for (const auto& [unit, letter] : kUnits) {
    if (value >= 0.9995 * unit) {
      return cat(figures::shortText(value / unit).toStdString(), letter);
    }
  }
  return figures::shortText(value).toStdString();
}

}  // namespace

Result<MadeFigure> makeDatasets(const FigureRows& rows, const FigureChoice& choice) {
  // With a number of shots the few-shot results take the place of the zero-shot ones.
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = choice.shots.value_or(0) > 0 ? settingOf(fewShot, choice) : std::nullopt;
  const auto levels = setting ? levelsAt(fewShot, *setting) : zeroShotLevels(rows, choice);
  if (levels.empty()) {
    return nothingToDraw();
  }
  std::set<std::string> tasks;
  for (const Level& level : levels) {
    tasks.insert(taskName(level.of, levels));
  }
  ResultTable table{.title = "Models and datasets", .head = {"Model", "Average"}, .rows = {}};
  table.head.insert(table.head.end(), tasks.begin(), tasks.end());
  ResultTable numbers = tidy();
  bool holes = false;
  for (const std::string& label : labelsOf(levels, choice)) {
    std::vector<TableCell> cells;
    std::vector<long long> keys;
    double sum = 0.0;
    for (const std::string& task : tasks) {
      const Level* level = newest(levels, label, task, levels);
      cells.push_back(level == nullptr ? TableCell::number(NAN) : TableCell::share(level->mean, level->keys));
      sum += level == nullptr ? NAN : level->mean;
      holes = holes || level == nullptr;
      if (level != nullptr) {
        keys.insert(keys.end(), level->keys.begin(), level->keys.end());
        addNumber(numbers, *level, "top1");
      }
    }
    auto& row = table.rows.emplace_back();
    row = {TableCell::word(label), TableCell::share(sum / double(tasks.size()), std::move(keys))};
    row.insert(row.end(), cells.begin(), cells.end());
  }
  const std::string what =
      setting ? cat(adapterTitle(setting->adapter), " at ", shotsText(setting->shots)) : "zero-shot";
  figures::Headings headings{
      .title = "Models and datasets",
      .subtitle = cat("Top-1, %, ", what, ". Bold: the best of a column."),
      .notes = holes ? "An average stands only where a model has a result on every dataset shown." : ""};
  auto figure = drawn(table, std::move(headings));
  return MadeFigure{std::move(figure), std::move(numbers), std::move(table)};
}

Result<MadeFigure> makeRetrieval(const FigureRows& rows, const FigureChoice& choice) {
  static const std::pair<const char*, const char*> kColumns[] = {
      {"image_to_text_r1", "I→T R@1"}, {"image_to_text_r5", "I→T R@5"}, {"image_to_text_r10", "I→T R@10"},
      {"text_to_image_r1", "T→I R@1"}, {"text_to_image_r5", "T→I R@5"}, {"text_to_image_r10", "T→I R@10"}};
  std::map<std::string, std::vector<Level>> byMetric;
  std::vector<Level> all;
  for (const auto& [metric, title] : kColumns) {
    byMetric[metric] = levelsOf(rows, choice, "retrieval", metric);
    all.insert(all.end(), byMetric[metric].begin(), byMetric[metric].end());
  }
  std::set<std::pair<std::string, std::string>> lines;  // dataset with its mode, checkpoint
  const auto modeOf = [](const Level& level) {
    const std::string mode = parsed(level.of.settings).value("mode", "exact");
    return mode == "exact" ? level.of.dataset : cat(level.of.dataset, " (", mode, ")");
  };
  for (const Level& level : all) {
    lines.emplace(modeOf(level), level.of.checkpointLabel);
  }
  if (lines.empty()) {
    return nothingToDraw();
  }
  ResultTable table{.title = "Retrieval", .head = {"Dataset and model"}, .rows = {}};
  for (const auto& [metric, title] : kColumns) {
    table.head.emplace_back(title);
  }
  ResultTable numbers = tidy();
  std::vector<std::string> groups;
  for (const auto& [task, label] : lines) {
    groups.push_back(task);
    auto& row = table.rows.emplace_back();
    row.push_back(TableCell::word(cat(task, ", ", label)));
    for (const auto& [metric, title] : kColumns) {
      const Level* found = nullptr;
      for (const Level& level : byMetric[metric]) {
        found = modeOf(level) == task && level.of.checkpointLabel == label ? &level : found;
      }
      row.push_back(found == nullptr ? TableCell::number(NAN) : TableCell::share(found->mean, found->keys));
      if (found != nullptr) {
        addNumber(numbers, *found, metric);
      }
    }
  }
  auto figure = drawn(table,
                      {.title = "Retrieval",
                       .subtitle = "Recall, %: whether a right one is among the first 1, 5 or 10; I→T: texts of "
                                   "an image, T→I: images of a text. Bold: the best on a dataset.",
                       .notes = ""},
                      {}, groups);
  return MadeFigure{std::move(figure), std::move(numbers), std::move(table)};
}

Result<MadeFigure> makeScaling(const FigureRows& rows, const FigureChoice& choice) {
  const auto parameters = levelsOf(rows, choice, "cost", "parameters");
  if (parameters.empty()) {
    return nothingToDraw();
  }
  const auto zero = meansByLabel(zeroShotLevels(rows, choice));
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = settingOf(fewShot, choice);
  const auto few = setting ? meansByLabel(levelsAt(fewShot, *setting)) : std::map<std::string, Mean>();
  const auto costs = [&](const char* metric) { return meansByLabel(levelsOf(rows, choice, "cost", metric)); };
  const auto size = costs("parameters"), image = costs("image_flops"), training = costs("training_flops");
  ResultTable table{.title = "Scaling",
                    .head = {"Model", "Parameters", "FLOPs an image", "FLOPs of training", "Zero-shot, %"},
                    .rows = {}};
  if (setting) {
    table.head.push_back(cat(adapterTitle(setting->adapter), ", ", shotsText(setting->shots), ", %"));
  }
  const auto cell = [](const std::map<std::string, Mean>& means, const std::string& label, bool share) {
    const auto found = means.find(label);
    const Mean mean = found == means.end() ? Mean() : found->second;
    TableCell one = share ? TableCell::share(mean.value, mean.keys) : TableCell::number(mean.value, mean.keys);
    one.text = share ? one.text : counted(mean.value);
    return one;
  };
  for (const std::string& label : labelsOf(parameters, choice)) {
    auto& row = table.rows.emplace_back();
    row = {TableCell::word(label), cell(size, label, false), cell(image, label, false), cell(training, label, false),
           cell(zero, label, true)};
    if (setting) {
      row.push_back(cell(few, label, true));
    }
  }
  std::ranges::stable_sort(table.rows, {}, [](const auto& row) { return row[1].value.value_or(0.0); });
  figures::Headings headings{
      .title = "Scaling",
      .subtitle = "From the smallest model; accuracies are means over the datasets that all have.",
      .notes = ""};
  auto figure = drawn(table, std::move(headings), {"Parameters", "FLOPs an image", "FLOPs of training"});
  ResultTable numbers = table;
  return MadeFigure{std::move(figure), std::move(numbers), std::move(table)};
}

}  // namespace lix::app
