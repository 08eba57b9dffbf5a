#include "store/curve.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>
#include <tuple>

#include "base/contracts.h"

namespace lix::store {
namespace {

auto curveKey(const EvaluationRow& row) {
  return std::tuple(row.kind, row.checkpointLabel, row.dataset, row.split, row.labelSet, row.templates, row.adapter,
                    row.vectors, row.metric, row.settings, row.shots, row.classes);
}

auto measurementKey(const EvaluationRow& row) { return std::tuple(row.modelSeed, row.supportSeed, row.weightsHash); }

using Measurements = std::map<decltype(measurementKey(EvaluationRow())), const EvaluationRow*>;

CurvePoint pointOf(const Measurements& measurements) {
  CurvePoint point;
  std::set<std::optional<long long>> modelSeeds, supportSeeds;
  for (const auto& [key, row] : measurements) {
    point.rows.push_back(*row);
    point.mean += row->value;
    modelSeeds.insert(row->modelSeed);
    supportSeeds.insert(row->supportSeed);
    if (row->id >= point.of.id) {
      point.of = *row;
    }
  }
  point.n = static_cast<int>(measurements.size());
  point.modelSeeds = static_cast<int>(modelSeeds.size());
  point.supportSeeds = static_cast<int>(supportSeeds.size());
  point.mean /= point.n;
  if (point.n > 1) {
    double squares = 0.0;
    for (const EvaluationRow& row : point.rows) {
      squares += (row.value - point.mean) * (row.value - point.mean);
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
  std::map<decltype(curveKey(EvaluationRow())), Measurements> groups;
  for (const EvaluationRow& row : rows) {
    const EvaluationRow*& kept = groups[curveKey(row)][measurementKey(row)];
    if (kept == nullptr || row.id >= kept->id) {
      kept = &row;
    }
  }
  std::vector<CurvePoint> points;
  for (const auto& [key, measurements] : groups) {
    points.push_back(pointOf(measurements));
  }
  return points;
}

}  // namespace lix::store
