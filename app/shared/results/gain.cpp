#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "shared/results/kinds.h"
#include "study/metrics/statistics.h"

namespace lix::app {
namespace {

struct Gain {
  std::string name;
  double mean = NAN, low = NAN, high = NAN;
  std::size_t n = 0;
  std::vector<long long> keys;
};

using Point = const store::CurvePoint*;

/// Over the support draws that both have, so that what the draws share cancels out; Student's interval.
Gain pairedByDraw(const store::CurvePoint& a, const store::CurvePoint& b) {
  using Key = std::pair<long long, long long>;
  const auto keyOf = [](const store::EvaluationRow& row) {
    return Key(row.modelSeed.value_or(-1), row.supportSeed.value_or(-1));
  };
  std::map<Key, std::array<double, 2>> pairs;
  for (const store::EvaluationRow& row : a.rows) {
    pairs[keyOf(row)] = {row.value, NAN};
  }
  for (const store::EvaluationRow& row : b.rows) {
    if (const auto found = pairs.find(keyOf(row)); found != pairs.end()) {
      found->second[1] = row.value;
    }
  }
  std::vector<double> differences;
  for (const auto& [key, pair] : pairs) {
    if (std::isfinite(pair[1])) {
      differences.push_back(pair[0] - pair[1]);
    }
  }
  if (differences.empty()) {
    return {.name = {}, .mean = a.mean - b.mean, .keys = {}};
  }
  const study::Summary summary = study::summarise(differences);
  Gain gain{.name = {}, .mean = summary.mean, .n = summary.count, .keys = {}};
  if (summary.interval) {
    gain.low = summary.mean - *summary.interval;
    gain.high = summary.mean + *summary.interval;
  }
  return gain;
}

Gain gainOf(const store::CurvePoint& a, const store::CurvePoint& b, const store::OutcomeTable& outcomes) {
  Gain gain = pairedByDraw(a, b);
  if (const auto paired = store::pairedDifference(a, b, outcomes)) {
    gain.mean = paired->value;
    gain.low = paired->interval.low;
    gain.high = paired->interval.high;
  }
  for (const store::CurvePoint* of : {&a, &b}) {
    const Level level = levelOf(*of);
    gain.keys.insert(gain.keys.end(), level.keys.begin(), level.keys.end());
  }
  return gain;
}

std::vector<store::CurvePoint> pointsAt(const FigureRows& rows, const FigureChoice& choice,
                                        const std::optional<Setting>& setting) {
  std::vector<store::EvaluationRow> some;
  for (const Level& level :
       setting ? levelsAt(levelsOf(rows, choice, "few-shot", "top1"), *setting) : zeroShotLevels(rows, choice)) {
    for (const store::EvaluationRow& row : rows.evaluations) {
      if (std::ranges::find(level.keys, row.id) != level.keys.end()) {
        some.push_back(row);
      }
    }
  }
  return store::curvePoints(some, rows.outcomes);
}

/// The two checkpoints that are compared: as chosen, else the two labels that share the most tasks.
std::vector<std::string> pairOf(const std::vector<Level>& levels, const FigureChoice& choice) {
  std::vector<std::string> labels = labelsOf(levels, choice);
  labels.resize(std::min<std::size_t>(labels.size(), 2));
  return labels;
}

}  // namespace

Result<MadeFigure> makeGain(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = choice.shots == 0 ? std::nullopt : settingOf(fewShot, choice);
  const auto levels = setting ? levelsAt(fewShot, *setting) : zeroShotLevels(rows, choice);
  const auto labels = pairOf(levels, choice);
  if (labels.size() < 2) {
    return nothingToDraw();
  }
  const auto points = pointsAt(rows, choice, setting);
  std::vector<Gain> gains;
  for (const store::CurvePoint& a : points) {
    const auto b = std::ranges::find_if(points, [&](const store::CurvePoint& other) {
      return other.of.checkpointLabel == labels[1] && other.of.dataset == a.of.dataset &&
             other.of.labelSet == a.of.labelSet && other.of.split == a.of.split && other.of.classes == a.of.classes;
    });
    if (a.of.checkpointLabel == labels[0] && b != points.end()) {
      gains.push_back(gainOf(a, *b, rows.outcomes));
      gains.back().name = taskName(a.of, levels);
    }
  }
  if (gains.empty()) {
    return nothingToDraw();
  }
  std::ranges::stable_sort(gains, [](const Gain& a, const Gain& b) { return a.mean > b.mean; });
  figures::BarsData data{
      .headings = {.title = cat("Gain of ", labels[0], " over ", labels[1]), .subtitle = "", .notes = ""},
      .xLabel = "Difference of accuracy, points",
      .series = {""},
      .rows = {}};
  data.headings.subtitle =
      setting ? cat("Top-1, ", adapterTitle(setting->adapter), " at ", shotsText(setting->shots)) : "Top-1, zero-shot";
  data.headings.notes = "Whiskers: 95 % interval of the paired difference, where there is more than one measurement.";
  ResultTable numbers{
      .title = "", .head = {"dataset", "first", "second", "n", "low", "high", "difference"}, .rows = {}};
  for (const Gain& gain : gains) {
    data.rows.push_back({gain.name, {{100 * gain.mean, 100 * gain.low, 100 * gain.high}}});
    numbers.rows.push_back({TableCell::word(gain.name), TableCell::word(labels[0]), TableCell::word(labels[1]),
                            TableCell::number(double(gain.n)), TableCell::number(gain.low),
                            TableCell::number(gain.high), TableCell::number(gain.mean, gain.keys)});
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
