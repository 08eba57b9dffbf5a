#include "store/curve.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/contracts.h"

namespace lix::store {
namespace {

// Views of the row: a hundred thousand of them are sorted by these.
auto curveKey(const EvaluationRow& row) {
  return std::tie(row.kind, row.checkpointLabel, row.dataset, row.split, row.labelSet, row.templates, row.adapter,
                    row.vectors, row.metric, row.settings, row.shots, row.classes);
}

auto measurementKey(const EvaluationRow& row) {
  return std::tie(row.checkpoint.native(), row.modelSeed, row.supportSeed);
}

using Measurements = std::map<decltype(measurementKey(EvaluationRow())), const EvaluationRow*>;

/// Folders tell models apart where their seeds are not known.
using ModelKey = std::pair<std::optional<long long>, std::filesystem::path>;

ModelKey modelKey(const EvaluationRow& row) {
  return {row.modelSeed, row.modelSeed ? std::filesystem::path() : row.checkpoint};
}

/// The newest row of each measurement, without those of weights that the checkpoint's folder has held before.
std::vector<EvaluationRow> countedRows(const std::vector<const EvaluationRow*>& all) {
  Measurements newest;
  std::map<std::pair<std::filesystem::path, std::optional<long long>>, const EvaluationRow*> newestOfModel;
  for (const EvaluationRow* row : all) {
    for (const EvaluationRow** kept :
         {&newest[measurementKey(*row)], &newestOfModel[{row->checkpoint, row->modelSeed}]}) {
      *kept = *kept == nullptr || row->id >= (*kept)->id ? row : *kept;
    }
  }
  std::vector<EvaluationRow> counted;
  for (const auto& [key, row] : newest) {
    if (row->weightsHash == newestOfModel.at({row->checkpoint, row->modelSeed})->weightsHash) {
      counted.push_back(*row);
    }
  }
  return counted;
}

/// Means of the values that share a key, by key.
template <class Key>
std::vector<double> means(const std::map<Key, std::vector<double>>& groups) {
  std::vector<double> result;
  for (const auto& [key, values] : groups) {
    result.push_back(std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size()));
  }
  return result;
}

CurvePoint pointOf(const std::vector<const EvaluationRow*>& all) {
  CurvePoint point;
  point.rows = countedRows(all);
  std::map<ModelKey, std::vector<double>> byModel;
  std::map<std::optional<long long>, std::vector<double>> bySupport;
  for (const EvaluationRow& row : point.rows) {
    byModel[modelKey(row)].push_back(row.value);
    bySupport[row.supportSeed].push_back(row.value);
    point.of = row.id >= point.of.id ? row : point.of;
  }
  point.modelSeeds = static_cast<int>(byModel.size());
  point.supportSeeds = static_cast<int>(bySupport.size());
  point.queries = point.of.querySize;
  const std::vector<double> values = byModel.size() > 1 ? means(byModel) : means(bySupport);
  point.n = static_cast<int>(values.size());
  point.mean = std::accumulate(values.begin(), values.end(), 0.0) / point.n;
  if (point.n > 1) {
    double squares = 0.0;
    for (const double value : values) {
      squares += (value - point.mean) * (value - point.mean);
    }
    point.deviation = std::sqrt(squares / (point.n - 1));
    point.halfWidth = studentT95(point.n - 1) * *point.deviation / std::sqrt(static_cast<double>(point.n));
    point.low = point.mean - *point.halfWidth;
    point.high = point.mean + *point.halfWidth;
    point.interval = IntervalKind::Student;
  }
  return point;
}

using Cells = std::map<ModelKey, std::map<std::optional<long long>, std::span<const std::uint64_t>>>;

/// Whether a row's value is the share of its outcomes that are right; a mean per-class recall may be something else.
bool isMeanOf(const EvaluationRow& row, const Outcomes& outcomes) {
  long long right = 0;
  for (const std::uint64_t word : outcomes.bits) {
    right += std::popcount(word);
  }
  return outcomes.queries > 0 &&
         std::abs(row.value - static_cast<double>(right) / static_cast<double>(outcomes.queries)) <= 1e-9;
}

/// Outcomes by model and draw, with the query set that they share.
struct Measured {
  std::string querySet;
  std::size_t queries = 0;
  Cells cells;
};

std::optional<Measured> measured(const CurvePoint& point, const OutcomeTable& outcomes) {
  Measured out;
  for (const EvaluationRow& row : point.rows) {
    const auto found = outcomes.find(row.id);
    if (found == outcomes.end() || !isMeanOf(row, found->second) ||
        (!out.cells.empty() && found->second.querySet != out.querySet)) {
      return std::nullopt;
    }
    out.querySet = found->second.querySet;
    out.queries = found->second.queries;
    // Of one training seed in two folders both count: the second as another draw cannot be told, so it is left to t.
    if (!out.cells[modelKey(row)].emplace(row.supportSeed, found->second.bits).second) {
      return std::nullopt;
    }
  }
  return out.cells.empty() ? std::nullopt : std::optional(std::move(out));
}

study::OutcomeGrid gridOf(const Measured& of, std::span<const std::optional<long long>> draws) {
  study::OutcomeGrid grid{.models = of.cells.size(), .draws = draws.size(), .queries = of.queries, .cells = {}};
  for (const auto& [model, cells] : of.cells) {
    for (const auto& draw : draws) {
      const auto found = cells.find(draw);
      grid.cells.push_back(found == cells.end() ? std::span<const std::uint64_t>() : found->second);
    }
  }
  return grid;
}

using Draws = std::vector<std::optional<long long>>;

Draws drawsOf(const Cells& cells) {
  std::set<std::optional<long long>> draws;
  for (const auto& [model, byDraw] : cells) {
    for (const auto& [draw, bits] : byDraw) {
      draws.insert(draw);
    }
  }
  return {draws.begin(), draws.end()};
}

/// Leaves the cells that `keep` says, and the models that have any.
template <class Keep>
void keepCells(Cells& cells, Keep&& keep) {
  for (auto& [model, byDraw] : cells) {
    const ModelKey& key = model;
    std::erase_if(byDraw, [&](const auto& cell) { return !keep(key, cell.first); });
  }
  std::erase_if(cells, [](const auto& model) { return model.second.empty(); });
}

bool has(const Cells& cells, const ModelKey& model, const std::optional<long long>& draw) {
  const auto found = cells.find(model);
  return found != cells.end() && found->second.contains(draw);
}

/// The cells that all of one group have; groupOf says the group of each. None where a group shares nothing.
std::optional<std::vector<Cells>> sharedCells(const std::vector<Measured>& all, std::span<const std::size_t> groupOf) {
  std::vector<Cells> shared;
  for (std::size_t i = 0; i < all.size(); ++i) {
    shared.push_back(all[i].cells);
    for (std::size_t j = 0; j < all.size(); ++j) {
      if (groupOf[i] == groupOf[j]) {
        keepCells(shared[i], [&](const auto& model, const auto& draw) { return has(all[j].cells, model, draw); });
      }
    }
    if (shared[i].empty()) {
      return std::nullopt;
    }
  }
  return shared;
}

/// Models are the same in all points, or at least in those of one label, or in none.
std::vector<Cells> cellsOfSharedModels(std::span<const CurvePoint* const> points, const std::vector<Measured>& all) {
  std::vector<std::size_t> group(points.size(), 0);
  if (auto shared = sharedCells(all, group)) {
    return *std::move(shared);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto same = [&](const CurvePoint* point) {
      return point->of.checkpointLabel == points[i]->of.checkpointLabel;
    };
    group[i] = static_cast<std::size_t>(std::ranges::find_if(points, same) - points.begin());
  }
  if (auto shared = sharedCells(all, group)) {
    return *std::move(shared);
  }
  std::iota(group.begin(), group.end(), std::size_t{0});
  return *sharedCells(all, group);
}

/// P(|T| <= t) with theta = atan(t / sqrt(degrees)): A&S 26.7.3 (odd) and 26.7.4 (even).
double centralProbability(double theta, int degrees) {
  const double square = std::cos(theta) * std::cos(theta);
  const bool odd = degrees % 2 == 1;
  double term = odd ? std::cos(theta) : 1.0;
  double sum = degrees > 1 ? term : 0.0;
  for (int k = odd ? 2 : 1; k + 2 <= degrees - 1; k += 2) {
    term *= square * k / (k + 1);
    sum += term;
  }
  return odd ? 2.0 / std::numbers::pi * (theta + std::sin(theta) * sum) : std::sin(theta) * sum;
}

}  // namespace

double studentT95(int degrees) {
  LIX_REQUIRE(degrees >= 1);
  double low = 0.0;
  double high = std::numbers::pi / 2.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (centralProbability(middle, degrees) < 0.95 ? low : high) = middle;
  }
  return std::sqrt(static_cast<double>(degrees)) * std::tan(low);
}

std::string_view nameOf(IntervalKind kind) {
  switch (kind) {
    case IntervalKind::Student:
      return "student-t";
    case IntervalKind::Bootstrap:
      return "bootstrap";
    case IntervalKind::None:
      break;
  }
  return "none";
}

std::optional<study::OutcomeGrid> outcomeGrid(const CurvePoint& point, const OutcomeTable& outcomes) {
  const auto of = measured(point, outcomes);
  return of ? std::optional(gridOf(*of, drawsOf(of->cells))) : std::nullopt;
}

std::optional<std::vector<study::OutcomeGrid>> alignedGrids(std::span<const CurvePoint* const> points,
                                                            const OutcomeTable& outcomes) {
  std::vector<Measured> all;
  for (const CurvePoint* point : points) {
    auto of = measured(*point, outcomes);
    if (!of || (!all.empty() && (of->querySet != all[0].querySet || of->queries != all[0].queries))) {
      return std::nullopt;
    }
    all.push_back(std::move(*of));
  }
  std::vector<Cells> cells = cellsOfSharedModels(points, all);
  Draws shared = cells.empty() ? Draws() : drawsOf(cells[0]);
  for (const Cells& of : cells) {
    Draws both;
    std::ranges::set_intersection(shared, drawsOf(of), std::back_inserter(both));
    shared = std::move(both);
  }
  std::vector<study::OutcomeGrid> grids;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    keepCells(cells[i], [&](const auto&, const auto& draw) { return std::ranges::binary_search(shared, draw); });
    if (cells[i].empty()) {
      return std::nullopt;
    }
    all[i].cells = std::move(cells[i]);
    grids.push_back(gridOf(all[i], shared));
  }
  return grids;
}

std::optional<study::Estimate> pairedDifference(const CurvePoint& a, const CurvePoint& b,
                                                const OutcomeTable& outcomes) {
  const auto grids = alignedGrids(std::array{&a, &b}, outcomes);
  return grids ? std::optional(study::bootstrapDifference((*grids)[0], (*grids)[1])) : std::nullopt;
}

void addIntervals(std::span<CurvePoint> points, const OutcomeTable& outcomes) {
  std::vector<study::OutcomeGrid> grids;
  std::vector<CurvePoint*> of;
  for (CurvePoint& point : points) {
    if (auto grid = outcomeGrid(point, outcomes)) {
      grids.push_back(std::move(*grid));
      of.push_back(&point);
    }
  }
  auto means = study::resampledMeans(grids);
  for (std::size_t i = 0; i < of.size(); ++i) {
    const study::Interval interval = study::percentileInterval(std::move(means[i]));
    of[i]->low = interval.low;
    of[i]->high = interval.high;
    of[i]->halfWidth = 0.5 * (interval.high - interval.low);
    of[i]->interval = IntervalKind::Bootstrap;
  }
}

std::vector<CurvePoint> curvePoints(std::span<const EvaluationRow> rows, const OutcomeTable& outcomes) {
  std::map<decltype(curveKey(EvaluationRow())), std::vector<const EvaluationRow*>> groups;
  for (const EvaluationRow& row : rows) {
    groups[curveKey(row)].push_back(&row);
  }
  std::vector<CurvePoint> points;
  for (const auto& [key, group] : groups) {
    points.push_back(pointOf(group));
  }
  addIntervals(points, outcomes);
  return points;
}

}  // namespace lix::store
