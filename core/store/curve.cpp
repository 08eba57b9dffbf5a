#include "store/curve.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>
#include <tuple>
#include <utility>

#include "base/contracts.h"

namespace lix::store {
namespace {

auto curveKey(const EvaluationRow& row) {
  return std::tuple(row.kind, row.checkpointLabel, row.dataset, row.split, row.labelSet, row.templates, row.adapter,
                    row.vectors, row.metric, row.settings, row.shots, row.classes);
}

auto measurementKey(const EvaluationRow& row) { return std::tuple(row.checkpoint, row.modelSeed, row.supportSeed); }

using Measurements = std::map<decltype(measurementKey(EvaluationRow())), const EvaluationRow*>;

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
  // Folders tell models apart where their seeds are not known.
  std::map<std::pair<std::optional<long long>, std::filesystem::path>, std::vector<double>> byModel;
  std::map<std::optional<long long>, std::vector<double>> bySupport;
  for (const EvaluationRow& row : point.rows) {
    byModel[{row.modelSeed, row.modelSeed ? std::filesystem::path() : row.checkpoint}].push_back(row.value);
    bySupport[row.supportSeed].push_back(row.value);
    point.of = row.id >= point.of.id ? row : point.of;
  }
  point.modelSeeds = static_cast<int>(byModel.size());
  point.supportSeeds = static_cast<int>(bySupport.size());
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
  }
  return point;
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

std::vector<CurvePoint> curvePoints(std::span<const EvaluationRow> rows) {
  std::map<decltype(curveKey(EvaluationRow())), std::vector<const EvaluationRow*>> groups;
  for (const EvaluationRow& row : rows) {
    groups[curveKey(row)].push_back(&row);
  }
  std::vector<CurvePoint> points;
  for (const auto& [key, group] : groups) {
    points.push_back(pointOf(group));
  }
  return points;
}

}  // namespace lix::store
