#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "shared/results/kinds.h"
#include "shared/sample_efficiency.h"
#include "study/metrics/statistics.h"

namespace lix::app {
namespace {

/// What two checkpoints share, so that it cancels out of their difference.
enum class Pairing { None, Models, Draws, Queries };

std::string nameOf(Pairing pairing) {
  switch (pairing) {
    case Pairing::Models:
      return "training seeds";
    case Pairing::Draws:
      return "support draws";
    case Pairing::Queries:
      return "query pictures";
    case Pairing::None:
      break;
  }
  return "unpaired";
}

struct Gain {
  std::string name;
  double mean = NAN, low = NAN, high = NAN;
  long long n = 0;  ///< values behind the interval: pairs, or query pictures
  Pairing pairing = Pairing::None;
  std::vector<long long> keys;
};

/// Folders tell models apart where their seeds are not known.
using Model = std::pair<std::optional<long long>, std::filesystem::path>;
using Measured = std::vector<const store::EvaluationRow*>;
using Draws = std::map<std::optional<long long>, Measured>;
using Models = std::map<Model, Draws>;

Models modelsOf(const store::CurvePoint& point) {
  Models models;
  for (const store::EvaluationRow& row : point.rows) {
    models[{row.modelSeed, row.modelSeed ? std::filesystem::path() : row.checkpoint}][row.supportSeed].push_back(&row);
  }
  return models;
}

/// Differences of the values that both have at the same place; the keys behind them go to `keys`, those of a first.
template <class Place>
std::vector<double> differences(const std::map<Place, Measured>& a, const std::map<Place, Measured>& b,
                                std::vector<long long>& keys) {
  std::vector<double> differences;
  std::vector<long long> others;
  const auto mean = [](const Measured& rows, std::vector<long long>& into) {
    double sum = 0.0;
    for (const store::EvaluationRow* row : rows) {
      sum += row->value;
      into.push_back(row->id);
    }
    return sum / double(rows.size());
  };
  for (const auto& [place, rows] : a) {
    if (const auto found = b.find(place); found != b.end()) {
      const double first = mean(rows, keys);
      differences.push_back(first - mean(found->second, others));
    }
  }
  keys.insert(keys.end(), others.begin(), others.end());
  return differences;
}

/// Leaves the draws that both of a pair of models have.
void keepSharedDraws(Draws& a, Draws& b) {
  std::erase_if(a, [&](const auto& draw) { return !b.contains(draw.first); });
  std::erase_if(b, [&](const auto& draw) { return !a.contains(draw.first); });
}

template <class KeyOf>
auto grouped(const Models& models, const KeyOf& keyOf) {
  std::map<decltype(keyOf(Model(), std::optional<long long>())), Measured> groups;
  for (const auto& [model, draws] : models) {
    for (const auto& [draw, rows] : draws) {
      Measured& group = groups[keyOf(model, draw)];
      group.insert(group.end(), rows.begin(), rows.end());
    }
  }
  return groups;
}

/// By training seed where both know several of the same, each a mean over the draws that both have; else by support
/// draw, each a mean over models. Student's interval.
Gain pairedByMeasurement(const store::CurvePoint& a, const store::CurvePoint& b) {
  Models first = modelsOf(a), second = modelsOf(b);
  const auto shares = [](const Models& other) {
    return [&other](const auto& entry) { return entry.first.first && other.contains(entry.first); };
  };
  if (std::ranges::any_of(first, shares(second))) {
    std::erase_if(first, std::not_fn(shares(second)));
    std::erase_if(second, std::not_fn(shares(first)));
    for (auto& [model, draws] : first) {
      keepSharedDraws(draws, second.at(model));
    }
  }
  Gain gain;
  std::vector<double> found;
  const bool byModel = first.size() > 1 && std::ranges::all_of(first, shares(second));
  if (byModel) {
    const auto model = [](const Model& of, const auto&) { return of; };
    found = differences(grouped(first, model), grouped(second, model), gain.keys);
  } else {
    const auto draw = [](const Model&, const std::optional<long long>& of) { return of; };
    found = differences(grouped(first, draw), grouped(second, draw), gain.keys);
  }
  const study::Summary summary = study::summarise(found);
  gain.n = (long long)summary.count;
  gain.mean = found.empty() ? NAN : summary.mean;
  const bool alone = found.empty() || (found.size() == 1 && !a.of.supportSeed);  // one number each
  gain.pairing = alone ? Pairing::None : byModel ? Pairing::Models : Pairing::Draws;
  if (summary.interval) {
    gain.low = summary.mean - *summary.interval;
    gain.high = summary.mean + *summary.interval;
  }
  return gain;
}

/// Over query pictures where outcomes are at hand, else over seeds; of what shares nothing the difference of means.
Gain gainOf(const store::CurvePoint& a, const store::CurvePoint& b, const store::OutcomeTable& outcomes) {
  Gain gain = pairedByMeasurement(a, b);
  if (const auto paired = store::pairedDifference(a, b, outcomes)) {
    gain.mean = paired->value;
    gain.low = paired->interval.low;
    gain.high = paired->interval.high;
    gain.n = a.queries;
    gain.pairing = Pairing::Queries;
  } else if (gain.n == 0) {
    gain.mean = a.mean - b.mean;
    for (const store::CurvePoint* of : {&a, &b}) {
      const Level level = levelOf(*of);
      gain.keys.insert(gain.keys.end(), level.keys.begin(), level.keys.end());
    }
  }
  return gain;
}

/// The points of what is compared: few-shot ones, or zero-shot top-1 of both kinds.
std::vector<store::CurvePoint> pointsAt(const FigureRows& rows, const FigureChoice& choice,
                                        const std::optional<Setting>& setting) {
  auto levels = levelsOf(rows, choice, "few-shot", "top1");
  levels = levelsAt(levels, setting.value_or(Setting{"zero-shot", 0}));
  if (!setting) {
    std::ranges::move(levelsOf(rows, choice, "zero-shot", "top1"), std::back_inserter(levels));
  }
  std::set<long long> keys;
  for (const Level& level : levels) {
    keys.insert(level.keys.begin(), level.keys.end());
  }
  std::vector<store::EvaluationRow> some;
  std::ranges::copy_if(rows.evaluations, std::back_inserter(some),
                       [&](const store::EvaluationRow& row) { return keys.contains(row.id); });
  return store::curvePoints(some, rows.outcomes);
}

/// One gain a task: of points that differ in their model alone, by preference of kind "zero-shot", of equal vectors,
/// and the newest.
std::vector<Gain> gainsOf(const std::vector<store::CurvePoint>& points, const std::vector<std::string>& labels,
                          const std::vector<Level>& levels, const store::OutcomeTable& outcomes) {
  using Rank = std::tuple<bool, bool, long long, long long>;
  std::map<Task, std::tuple<Rank, const store::CurvePoint*, const store::CurvePoint*>> best;
  for (const store::CurvePoint& a : points) {
    for (const store::CurvePoint& b : points) {
      if (a.of.checkpointLabel == labels[0] && b.of.checkpointLabel == labels[1] && differInModelAlone(a.of, b.of)) {
        const Rank rank(a.of.kind == "zero-shot", a.of.vectors == b.of.vectors, std::min(a.of.id, b.of.id),
                        std::max(a.of.id, b.of.id));
        const auto [place, isNew] = best.try_emplace(taskOf(a.of), rank, &a, &b);
        if (!isNew && std::get<0>(place->second) < rank) {
          place->second = {rank, &a, &b};
        }
      }
    }
  }
  std::vector<Gain> gains;
  for (const auto& [task, pair] : best) {
    gains.push_back(gainOf(*std::get<1>(pair), *std::get<2>(pair), outcomes));
    gains.back().name = taskName(std::get<1>(pair)->of, levels);
  }
  std::ranges::stable_sort(gains, [](const Gain& a, const Gain& b) { return a.mean > b.mean; });
  return gains;
}

std::string noteOf(const std::vector<Gain>& gains) {
  std::vector<std::string> unpaired;
  for (const Gain& gain : gains) {
    if (gain.pairing == Pairing::None) {
      unpaired.push_back(gain.name);
    }
  }
  const std::string whiskers =
      "Whiskers: 95 % interval of the paired difference, where there is more than one measurement.";
  return unpaired.empty()                  ? whiskers
         : unpaired.size() == gains.size() ? "Differences of means, unpaired and without an interval."
                                           : cat(whiskers, " Unpaired: ", join(unpaired, "; "), ".");
}

}  // namespace

Result<MadeFigure> makeGain(const FigureRows& rows, const FigureChoice& choice) {
  const auto fewShot = levelsOf(rows, choice, "few-shot", "top1");
  const auto setting = choice.shots == 0 ? std::nullopt : settingOf(fewShot, choice);
  const auto levels = setting ? levelsAt(fewShot, *setting) : zeroShotLevels(rows, choice);
  const auto labels = labelsOf(levels, choice);  // the first less the second
  if (labels.size() < 2) {
    return nothingToDraw();
  }
  const auto gains = gainsOf(pointsAt(rows, choice, setting), labels, levels, rows.outcomes);
  if (gains.empty()) {
    return nothingToDraw();
  }
  figures::BarsData data{.headings = {.title = cat("Gain of ", labels[0], " over ", labels[1]),
                                      .subtitle = setting ? cat("Top-1, ", adapterTitle(setting->adapter), " at ",
                                                                shotsText(setting->shots))
                                                          : "Top-1, zero-shot",
                                      .notes = noteOf(gains)},
                         .xLabel = "Difference of accuracy, points",
                         .series = {""},
                         .rows = {}};
  ResultTable numbers{
      .title = "", .head = {"dataset", "first", "second", "pairing", "n", "low", "high", "difference"}, .rows = {}};
  for (const Gain& gain : gains) {
    data.rows.push_back({gain.name, {{100 * gain.mean, 100 * gain.low, 100 * gain.high, gain.keys}}});
    numbers.rows.push_back({TableCell::word(gain.name), TableCell::word(labels[0]), TableCell::word(labels[1]),
                            TableCell::word(nameOf(gain.pairing)), TableCell::number(double(gain.n)),
                            TableCell::number(gain.low), TableCell::number(gain.high),
                            TableCell::number(gain.mean, gain.keys)});
  }
  return MadeFigure{std::make_shared<figures::BarsFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
