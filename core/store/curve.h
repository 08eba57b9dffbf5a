#pragma once
#include <optional>
#include <span>
#include <vector>

#include "store/evaluation_store.h"
#include "study/metrics/bootstrap.h"

namespace lix::store {

/// What an interval was made from.
enum class IntervalKind {
  None,
  Student,   ///< mean +- t(0.975, n - 1) s / sqrt(n), s with n - 1 in the denominator
  Bootstrap  ///< percentiles over resampled training seeds, support draws and queries (study/metrics/bootstrap.h)
};
std::string_view nameOf(IntervalKind kind);  ///< "none", "student-t", "bootstrap"

/// Mean over seeds with its 95 % interval. Where models of several training seeds share the label, each model's mean
/// over its support draws is one value, so that Student's interval speaks of training seeds; otherwise each support
/// draw is one. Where outcomes of all rows on one and the same query set are at hand, the interval is of the bootstrap.
struct CurvePoint {
  EvaluationRow of;      ///< the newest of its rows: kind, label, dataset, adapter, shots, ... are those of all of them
  int n = 0;             ///< values behind mean and deviation: modelSeeds where that is more than 1, else supportSeeds
  int modelSeeds = 0;    ///< different models: by training seed, or by folder where the seed is not known
  int supportSeeds = 0;  ///< different support draws
  long long queries = 0;  ///< pictures that each of them was asked about: the query_size of `of`
  double mean = 0.0;
  std::optional<double> deviation;  ///< standard deviation s; none for n = 1
  IntervalKind interval = IntervalKind::None;
  std::optional<double> low, high;  ///< the interval, where there is one
  std::optional<double> halfWidth;  ///< half of high - low
  std::vector<EvaluationRow> rows;  ///< the measurements that count, by seeds
};

/// One point for each (kind, checkpoint label, dataset, split, label set, templates, adapter, vectors, metric,
/// settings, shots, classes), in that order. A measurement that was repeated (same checkpoint folder and both seeds)
/// counts once, the newest; of a folder whose weights have changed since, only what was measured on the newest counts.
/// Rows are paired with their outcomes where the value is the share of them that is right (top1, recall at k).
std::vector<CurvePoint> curvePoints(std::span<const EvaluationRow> rows, const OutcomeTable& outcomes = {});

/// Gives the points whose outcomes are all at hand the intervals of the bootstrap, as curvePoints does; for points that
/// were made without outcomes. What a point gets does not depend on the others.
void addIntervals(std::span<CurvePoint> points, const OutcomeTable& outcomes);

/// The outcomes behind a point, models and draws by their seeds; none where a row has none, the query sets differ, or a
/// value is not the share of them that is right. A view of `outcomes`.
std::optional<study::OutcomeGrid> outcomeGrid(const CurvePoint& point, const OutcomeTable& outcomes);

/// The outcomes behind several points with the same draws at the same positions, so that resamples of all of them are
/// paired: the (training seed, support draw) cells that all points have. Where the points share no training seed, the
/// cells that those of one checkpoint label share, and of their draws those that all points have. None where
/// outcomeGrid gives none, the query sets differ, or nothing is shared. A view of `outcomes`.
std::optional<std::vector<study::OutcomeGrid>> alignedGrids(std::span<const CurvePoint* const> points,
                                                            const OutcomeTable& outcomes);

/// The mean of `a` less that of `b` over alignedGrids of the two, with its interval by resamples that both share; none
/// where there are none.
std::optional<study::Estimate> pairedDifference(const CurvePoint& a, const CurvePoint& b, const OutcomeTable& outcomes);

/// The t with P(|T| <= t) = 0.95 for Student's T with that many degrees of freedom (at least 1); solved from the closed
/// form of Abramowitz and Stegun 26.7.3 and 26.7.4.
double studentT95(int degrees);

}  // namespace lix::store
