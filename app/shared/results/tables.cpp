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
      line.keys.push_back(row[i].keys);
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

/// "emoji (shortlist of 100, first 1 captions)": results of different questions never share a line.
std::string retrievalName(const Level& level, const std::vector<Level>& among) {
  const nlohmann::json settings = parsed(level.of.settings);
  std::vector<std::string> said;
  if (const std::string mode = settings.value("mode", "exact"); mode != "exact") {
    const double length = numberIn(settings, "shortlist");
    said.push_back(std::isfinite(length) ? cat(mode, " of ", length) : mode);
  }
  if (const double captions = numberIn(settings, "first_captions"); std::isfinite(captions)) {
    said.push_back(captions == 1 ? "first caption" : cat("first ", captions, " captions"));
  }
  return cat(taskName(level.of, among), said.empty() ? "" : cat(" (", join(said, ", "), ")"));
}

/// Accuracies over the datasets that both columns have.
struct ScalingMeans {
  std::map<std::string, Mean> zero, few;
  std::size_t tasks = 0;
  std::optional<Setting> setting;  ///< none where no dataset has both columns
  std::string note;
};

ScalingMeans scalingMeans(const FigureRows& rows, const FigureChoice& choice, const std::vector<Level>& parameters) {
  const auto known = [&](const Level& level) {
    return std::ranges::any_of(parameters,
                               [&](const Level& one) { return one.of.checkpointLabel == level.of.checkpointLabel; });
  };
  auto zero = zeroShotLevels(rows, choice);
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  ScalingMeans means{.zero = {}, .few = {}, .tasks = 0, .setting = settingOf(fewShot, choice), .note = ""};
  auto few = means.setting ? levelsAt(fewShot, *means.setting) : std::vector<Level>();
  std::erase_if(zero, std::not_fn(known));
  std::erase_if(few, std::not_fn(known));
  auto tasks = sharedTasks({zero, few});
  if (few.empty() || tasks.empty()) {
    few.clear();
    means.setting = std::nullopt;
    tasks = sharedTasks({zero});
  }
  means.zero = meansByLabel(zero, tasks);
  means.few = meansByLabel(few, tasks);
  means.tasks = tasks.size();
  auto all = newestLevels(zero);
  std::ranges::copy(newestLevels(few), std::back_inserter(all));
  means.note = mixedNote(all);
  return means;
}

Mean meanOf(const std::map<std::string, Mean>& means, const std::string& label) {
  const auto found = means.find(label);
  return found == means.end() ? Mean() : found->second;
}

TableCell countCell(const Mean& mean) {
  TableCell cell = TableCell::number(mean.value, mean.keys);
  cell.text = counted(mean.value);
  return cell;
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
  std::set<std::string> pooled;  // models whose zero-shot is not by their own procedure
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
        if (!setting && level->of.vectors == store::VectorKind::Pooled && level->of.kind == "few-shot") {
          pooled.insert(label);
          cells.back().text += "*";
        }
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
  if (const std::string mixed = mixedNote(newestLevels(levels)); !mixed.empty()) {
    headings.notes += cat(headings.notes.empty() ? "" : " ", mixed);
  }
  if (!pooled.empty()) {
    headings.notes += cat(headings.notes.empty() ? "" : " ", "*: of ", join({pooled.begin(), pooled.end()}, ", "),
                          " with pooled vectors, as the few-shot evaluation has them, not by its own procedure; 'lixp eval "
                          "zero-shot' measures that.");
  }
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
  std::set<std::pair<std::string, std::string>> lines;  // task with its mode, checkpoint
  for (const Level& level : all) {
    lines.emplace(retrievalName(level, all), level.of.checkpointLabel);
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
        const bool fits = level.of.checkpointLabel == label && retrievalName(level, all) == task;
        found = fits && (found == nullptr || found->of.id < level.of.id) ? &level : found;
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
  const ScalingMeans means = scalingMeans(rows, choice, parameters);
  const auto costs = [&](const char* metric) { return meansByLabel(levelsOf(rows, choice, "cost", metric)); };
  const auto size = costs("parameters"), image = costs("image_flops"), training = costs("training_flops");
  ResultTable table{.title = "Scaling",
                    .head = {"Model", "Parameters", "FLOPs an image", "FLOPs of training", "Zero-shot, %"},
                    .rows = {}};
  if (means.setting) {
    table.head.push_back(cat(adapterTitle(means.setting->adapter), ", ", shotsText(means.setting->shots), ", %"));
  }
  for (const std::string& label : labelsOf(parameters, choice)) {
    auto& row = table.rows.emplace_back();
    const Mean zero = meanOf(means.zero, label), few = meanOf(means.few, label);
    row = {TableCell::word(label), countCell(meanOf(size, label)), countCell(meanOf(image, label)),
           countCell(meanOf(training, label)), TableCell::share(zero.value, zero.keys)};
    if (means.setting) {
      row.push_back(TableCell::share(few.value, few.keys));
    }
  }
  std::ranges::stable_sort(table.rows, {}, [](const auto& row) { return row[1].value.value_or(0.0); });
  figures::Headings headings{.title = "Scaling",
                             .subtitle = means.tasks == 0
                                             ? "From the smallest model; no dataset has an accuracy of all of them."
                                             : cat("From the smallest model; accuracies are means over the ",
                                                   datasetsText(means.tasks), " that all have."),
                             .notes = means.note};
  auto figure = drawn(table, std::move(headings), {"Parameters", "FLOPs an image", "FLOPs of training"});
  ResultTable numbers = table;
  return MadeFigure{std::move(figure), std::move(numbers), std::move(table)};
}

}  // namespace lix::app
