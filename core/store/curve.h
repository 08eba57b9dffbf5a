#pragma once
#include <optional>
#include <span>
#include <vector>

#include "store/evaluation_store.h"

namespace lix::store {

/// Mean over seeds with its 95 % confidence interval, mean +- t(0.975, n - 1) s / sqrt(n), s with n - 1 in the
/// denominator.
struct CurvePoint {
  EvaluationRow of;  ///< the newest of its rows: kind, label, dataset, adapter, shots, ... are those of all of them
  int n = 0;
  int modelSeeds = 0, supportSeeds = 0;  ///< how many different ones are among them
  double mean = 0.0;
  std::optional<double> deviation;  ///< standard deviation s; none for n = 1
  std::optional<double> halfWidth;  ///< half the interval; none for n = 1
  std::vector<EvaluationRow> rows;  ///< the measurements that count, by seeds
};

/// One point for each (kind, checkpoint label, dataset, split, label set, templates, adapter, vectors, metric,
/// settings, shots, classes), in that order. A measurement that was repeated (same weights and both seeds) counts once,
/// the newest.
std::vector<CurvePoint> curvePoints(std::span<const EvaluationRow> rows);

/// The t with P(|T| <= t) = 0.95 for Student's T with that many degrees of freedom (at least 1); solved from the closed
/// form of Abramowitz and Stegun 26.7.3 and 26.7.4.
double studentT95(int degrees);

}  // namespace lix::store
