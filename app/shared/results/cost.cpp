// Accuracy against what it costs, and training time against the number of class tokens.
#include <algorithm>
#include <cmath>
#include <set>

#include "adapt/adapter.h"
#include "base/text.h"
#include "figures/plot_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

struct Dot {
  std::string label;
  Mean x, y;
};

Result<MadeFigure> scatter(std::vector<Dot> dots, figures::PlotData data, const std::string& xName,
                           const std::string& yName) {
  std::erase_if(dots, [](const Dot& dot) { return !std::isfinite(dot.x.value) || !std::isfinite(dot.y.value); });
  if (dots.empty()) {
    return nothingToDraw();
  }
  ResultTable numbers{.title = "", .head = {"checkpoint", xName, yName, "datasets"}, .rows = {}};
  figures::PlotSeries series{.label = "", .group = "", .joined = figures::Joined::Dots, .points = {}};
  const bool share = yName == "top1";
  for (const Dot& dot : dots) {
    std::vector<long long> keys = dot.y.keys;
    keys.insert(keys.end(), dot.x.keys.begin(), dot.x.keys.end());
    series.points.push_back(
        {.x = dot.x.value, .y = share ? 100 * dot.y.value : dot.y.value, .label = dot.label, .keys = std::move(keys)});
    numbers.rows.push_back({TableCell::word(dot.label), TableCell::number(dot.x.value, dot.x.keys),
                            TableCell::number(dot.y.value, dot.y.keys), TableCell::number(dot.y.tasks)});
  }
  data.panels = {{.title = "", .series = {std::move(series)}}};
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers)};
}

/// Without the times of many prompts, which are rows of image_seconds too.
std::map<std::string, Mean> costs(const FigureRows& rows, const FigureChoice& choice, const char* metric) {
  std::vector<Level> levels = levelsOf(rows, choice, "cost", metric);
  std::erase_if(levels, [](const Level& level) { return parsed(level.of.settings).contains("prompts"); });
  return meansByLabel(levels);
}

/// How something was timed: threads and batch, 0 where that is not known.
using Condition = std::pair<double, double>;
using ByLabel = std::map<std::string, const Level*>;

/// The newest of each label, by condition; those of so many prompts, or of none.
std::map<Condition, ByLabel> timed(const std::vector<Level>& levels, std::optional<int> prompts) {
  std::map<Condition, ByLabel> sorted;
  for (const Level& level : levels) {
    const nlohmann::json settings = parsed(level.of.settings);
    if (prompts ? numberIn(settings, "prompts") != *prompts : settings.contains("prompts")) {
      continue;
    }
    const double threads = numberIn(settings, "threads"), batch = numberIn(settings, "batch");
    const Level*& kept =
        sorted[{std::isfinite(threads) ? threads : 0, std::isfinite(batch) ? batch : 0}][level.of.checkpointLabel];
    kept = kept == nullptr || kept->of.id < level.of.id ? &level : kept;
  }
  return sorted;
}

struct Times {
  Condition condition{};
  std::map<std::string, Mean> milliseconds;  // an image among the prompts, by label
};

/// As measured for so many prompts, else an image and so many pairs; under the condition that most labels have, of
/// several the one that was measured last, so that models are timed alike.
Times timesOf(const FigureRows& rows, const FigureChoice& choice) {
  const auto seconds = levelsOf(rows, choice, "cost", "image_seconds");
  const auto pairSeconds = levelsOf(rows, choice, "cost", "pair_seconds");
  const auto exact = timed(seconds, choice.prompts), image = timed(seconds, {}), pair = timed(pairSeconds, {});
  std::map<Condition, std::map<std::string, Mean>> all;
  for (const auto& [condition, levels] : image) {
    for (const auto& [label, level] : levels) {
      const auto with = pair.find(condition);
      if (with != pair.end() && with->second.contains(label)) {
        const Level& one = *with->second.at(label);
        Mean mean{.value = 1000 * (level->mean + choice.prompts * one.mean), .keys = level->keys, .tasks = 1};
        mean.keys.insert(mean.keys.end(), one.keys.begin(), one.keys.end());
        all[condition][label] = std::move(mean);
      }
    }
  }
  for (const auto& [condition, levels] : exact) {
    for (const auto& [label, level] : levels) {
      all[condition][label] = {.value = 1000 * level->mean, .keys = level->keys, .tasks = 1};
    }
  }
  Times best;
  long long last = -1;
  for (auto& [condition, labels] : all) {
    long long newest = -1;
    for (const auto& [label, mean] : labels) {
      newest = std::max(newest, *std::ranges::max_element(mean.keys));
    }
    if (std::pair(labels.size(), newest) > std::pair(best.milliseconds.size(), last)) {
      best = {condition, std::move(labels)};
      last = newest;
    }
  }
  return best;
}

std::string conditionText(const Condition& condition) {
  const auto& [threads, batch] = condition;
  return cat(threads > 0 ? cat(", ", threads, threads == 1 ? " thread" : " threads") : "",
             batch > 0 ? cat(", batches of ", batch) : "");
}

std::vector<Dot> accuracyOver(const std::map<std::string, Mean>& cost, const FigureRows& rows,
                              const FigureChoice& choice) {
  std::vector<Level> zero = zeroShotLevels(rows, choice);
  std::erase_if(zero, [&](const Level& level) { return !cost.contains(level.of.checkpointLabel); });
  std::vector<Dot> dots;
  for (const auto& [label, mean] : meansByLabel(zero)) {
    dots.push_back({label, cost.at(label), mean});
  }
  return dots;
}

figures::PlotData plot(const char* title, const std::string& subtitle, const char* x, const char* y) {
  return {.headings = {.title = title, .subtitle = subtitle, .notes = ""},
          .xLabel = x,
          .yLabel = y,
          .x = figures::Scale::Log,
          .panels = {}};
}

constexpr const char* kMeans = "Zero-shot top-1, mean over the datasets that all models have.";

}  // namespace

Result<MadeFigure> makeCostFlops(const FigureRows& rows, const FigureChoice& choice) {
  return scatter(accuracyOver(costs(rows, choice, "image_flops"), rows, choice),
                 plot("Accuracy and operations", kMeans, "FLOPs an image, logarithmic", "Accuracy, %"), "image_flops",
                 "top1");
}

Result<MadeFigure> makeCostTime(const FigureRows& rows, const FigureChoice& choice) {
  const Times times = timesOf(rows, choice);
  return scatter(
      accuracyOver(times.milliseconds, rows, choice),
      plot("Accuracy and time with many prompts",
           cat(kMeans, " Measured: an image among ", choice.prompts, " prompts", conditionText(times.condition), "."),
           "Milliseconds an image, logarithmic", "Accuracy, %"),
      "milliseconds", "top1");
}

namespace {

/// What a run was asked for, less what makes it another point of the same line.
nlohmann::json askedOf(const store::RunRow& run) {
  nlohmann::json asked = parsed(run.settings);
  for (const char* name : {"tokens", "seed", "out", "name", "recipe"}) {
    asked.erase(name);
  }
  asked["recipe"] = run.recipe.substr(0, run.recipe.find('_'));  // of llip_16 the number is that of the tokens
  asked["size"] = run.size;
  asked["device"] = run.device;
  asked["threads"] = run.device == "cpu" ? run.threads : 0;
  return asked;
}

/// "llip tiny, batch 256, cpu, 2 threads", and all else in which the lines differ.
std::string lineName(const nlohmann::json& asked, const std::vector<nlohmann::json>& all) {
  const double batch = numberIn(asked, "batch"), threads = numberIn(asked, "threads");
  std::string name = cat(asked.value("recipe", ""), " ", asked.value("size", ""), ", batch ", batch, ", ",
                         asked.value("device", ""), threads > 0 ? cat(", ", threads, " threads") : "");
  static const std::set<std::string> kSaid{"recipe", "size", "batch", "device", "threads"};
  for (const auto& [field, value] : asked.items()) {
    const bool differs = std::ranges::any_of(
        all, [&](const nlohmann::json& other) { return !other.contains(field) || other.at(field) != value; });
    if (differs && !kSaid.contains(field)) {
      name += cat(", ", field, " ", value.dump());
    }
  }
  return name;
}

}  // namespace

Result<MadeFigure> makeCostTraining(const FigureRows& rows, const FigureChoice& choice) {
  ResultTable numbers{.title = "", .head = {"run", "class_tokens", "seconds_a_step"}, .rows = {}};
  std::map<nlohmann::json, figures::PlotSeries> alike;  // runs that differ in their tokens alone lie on one line
  for (const FigureRun& run : rows.runs) {
    const nlohmann::json settings = parsed(run.row.settings);
    const double tokens = numberIn(settings, "tokens");
    const double batch = numberIn(settings, "batch");
    const Series* speed = findSeries(run.series, "images_per_second");
    if (!(tokens > 0) || !(batch > 0) || speed == nullptr || speed->values.empty() ||
        (!choice.run.empty() && choice.run != run.row.name)) {
      continue;
    }
    std::vector<double> rates = speed->values;
    std::ranges::sort(rates);
    const double seconds = batch / rates[rates.size() / 2];
    alike[askedOf(run.row)].points.push_back({.x = tokens, .y = seconds, .keys = {run.row.id}});
    numbers.rows.push_back({TableCell::word(run.row.name), TableCell::number(tokens), TableCell::number(seconds)});
  }
  if (alike.empty()) {
    return nothingToDraw();
  }
  std::vector<nlohmann::json> all;
  for (const auto& [asked, series] : alike) {
    all.push_back(asked);
  }
  figures::PlotData data = plot("Training time and class tokens",
                                "Median seconds of an optimizer step; lines join runs that are alike but for K.",
                                "Class tokens K, logarithmic", "Seconds a step");
  data.panels.emplace_back();
  for (auto& [asked, series] : alike) {
    series.label = lineName(asked, all);
    std::ranges::sort(series.points, {}, &figures::PlotPoint::x);
    data.panels[0].series.push_back(std::move(series));
  }
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers), {}, MadeFigure::Behind::Runs};
}

namespace {

/// Seconds of fitting and of all queries, by the key of the few-shot result.
std::map<long long, double> secondsOf(const FigureRows& rows) {
  std::map<long long, double> seconds;
  for (const store::EvaluationRow& row : rows.evaluations) {
    if (row.kind == "few-shot") {
      const nlohmann::json findings = parsed(row.findings);
      const double query = numberIn(findings, "seconds_query");
      seconds[row.id] = numberIn(findings, "seconds_fit") + (std::isfinite(query) ? query : 0.0);
    }
  }
  return seconds;
}

double meanOf(const std::map<long long, double>& values, const std::vector<long long>& keys) {
  double sum = 0.0;
  for (const long long key : keys) {
    sum += values.at(key);
  }
  return sum / double(keys.size());
}

bool isTrainingFree(const std::string& adapter) {
  const auto found = adapt::find(adapter.substr(0, adapter.find(':')));
  return found && (*found)->training == adapt::Training::Free;
}

}  // namespace

Result<MadeFigure> makeSeconds(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = settingOf(fewShot, choice);
  if (!setting) {
    return nothingToDraw();
  }
  const auto adapters = byAdapter(fewShot, setting->shots);
  std::vector<std::vector<Level>> lists;
  for (const auto& [adapter, levels] : adapters) {
    lists.push_back(levels);
  }
  const std::set<Task> tasks = sharedTasks(lists);
  if (tasks.empty()) {
    return fail(ErrorCode::NotFound, cat("No dataset has every adapter at ", shotsText(setting->shots),
                                         " of all checkpoints; choose some with --checkpoints and --adapters."));
  }
  const auto seconds = secondsOf(rows);
  ResultTable numbers{
      .title = "", .head = {"adapter", "training", "checkpoint", "shots", "datasets", "seconds", "top1"}, .rows = {}};
  figures::PlotPanel panel;
  for (const char* name : {"training-free", "optimised"}) {
    panel.series.push_back({.label = name, .group = "", .joined = figures::Joined::Dots, .points = {}});
  }
  const bool several = labelsOf(fewShot, choice).size() > 1;
  for (const auto& [adapter, levels] : adapters) {
    const bool isFree = isTrainingFree(adapter);
    for (const auto& [label, mean] : meansByLabel(levels, tasks)) {
      const double each = meanOf(seconds, mean.keys);
      if (!std::isfinite(each)) {
        continue;
      }
      panel.series[isFree ? 0 : 1].points.push_back(
          {.x = each, .y = 100 * mean.value, .label = cat(adapterTitle(adapter), several ? cat(", ", label) : ""), .keys = mean.keys});
      numbers.rows.push_back({TableCell::word(adapter), TableCell::word(isFree ? "free" : "optimised"),
                              TableCell::word(label), TableCell::number(setting->shots), TableCell::number(mean.tasks),
                              TableCell::number(each), TableCell::number(mean.value, mean.keys)});
    }
  }
  if (numbers.rows.empty()) {
    return nothingToDraw();
  }
  std::erase_if(panel.series, [](const figures::PlotSeries& series) { return series.points.empty(); });
  figures::PlotData data =
      plot("Accuracy and seconds of adaptation",
           cat("Top-1 at ", shotsText(setting->shots), ", mean over the ", datasetsText(tasks.size()),
               " that all have; mean time to fit and to answer all queries."),
           "Seconds, logarithmic", "Accuracy, %");
  data.panels.push_back(std::move(panel));
  return MadeFigure{std::make_shared<figures::PlotFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
