#pragma once
#include <optional>
#include <span>
#include <vector>

#include "store/evaluation_store.h"

namespace lix::store {

/// Mean over seeds with its 95 % confidence interval, mean +- t(0.975, n - 1) s / sqrt(n), s with n - 1 in the
/// denominator. Where models of several training seeds share the label, each model's mean over its support draws is one
/// value, so that the interval speaks of training seeds; otherwise each support draw is one.
struct CurvePoint {
  EvaluationRow of;      ///< the newest of its rows: kind, label, dataset, adapter, shots, ... are those of all of them
  int n = 0;             ///< values behind mean and interval: modelSeeds where that is more than 1, else supportSeeds
  int modelSeeds = 0;    ///< different models: by training seed, or by folder where the seed is not known
  int supportSeeds = 0;  ///< different support draws
  double mean = 0.0;
  std::optional<double> deviation;  ///< standard deviation s; none for n = 1
  std::optional<double> halfWidth;  ///< half the interval; none for n = 1
  std::vector<EvaluationRow> rows;  ///< the measurements that count, by seeds
};

/// One point for each (kind, checkpoint label, dataset, split, label set, templates, adapter, vectors, metric,
/// settings, shots, classes), in that order. A measurement that was repeated (same checkpoint folder and both seeds)
/// counts once, the newest; of a folder whose weights have changed since, only what was measured on the newest counts.
std::vector<CurvePoint> curvePoints(std::span<const EvaluationRow> rows);

/// The t with P(|T| <= t) = 0.95 for Student's T with that many degrees of freedom (at least 1); solved from the closed
/// form of Abramowitz and Stegun 26.7.3 and 26.7.4.
double studentT95(int degrees);

}  // namespace lix::store
