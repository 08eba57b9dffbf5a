#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lix::study {

/// Which queries were answered right by each model on each support draw, as bits that belong to somebody else.
struct OutcomeGrid {
  std::size_t models = 0, draws = 0, queries = 0;
  /// [models][draws]: bit q % 64 of word q / 64 tells whether query q was answered right; bits past the last query are
  /// 0. A cell without words was not measured; each model has at least one that was.
  std::vector<std::span<const std::uint64_t>> cells;
};

/// One bit a query of whether prediction and label agree, as OutcomeGrid takes them.
std::vector<std::uint64_t> packOutcomes(std::span<const int> predicted, std::span<const int> labels);

struct BootstrapSettings {
  std::size_t resamples = 2000;
  std::uint64_t seed = 0;
};

struct Interval {
  double low = 0.0, high = 0.0;
};

/// A mean, or a difference of two, with its 95 % interval.
struct Estimate {
  double value = 0.0;
  Interval interval;
};

/// The mean over models of the mean over draws of the share of queries answered right.
double meanOutcome(const OutcomeGrid& grid);

/// The same mean of resampled data, [grids][resamples]: models, support draws and queries are each drawn anew with
/// replacement, crossed with one another (Owen, The Pigeonhole Bootstrap, 2007). Percentiles of few things are far too
/// narrow (of two, 49 % instead of 95 %), so what resampled models and resampled draws move the mean of all queries by
/// is widened: of n things by t(0.975, n - 1) / 1.96 sqrt(n / (n - 1)), of two by t(0.975, 1). Intervals of one level
/// are thereby as wide as Student's, and like those may leave [0, 1]. A level of one is kept as it is, so the interval
/// does not speak of it. A resample is a function of (seed, its number, the size of the level) alone: grids of equal
/// sizes see the same models, draws and queries, by position, which pairs them. A grid without cells, queries or with
/// cells of another length is a broken contract.
std::vector<std::vector<double>> resampledMeans(std::span<const OutcomeGrid> grids, const BootstrapSettings& = {});

/// The 2.5 % and 97.5 % quantiles of at least one value, linear between order statistics.
Interval percentileInterval(std::vector<double> values);

Estimate bootstrapMean(const OutcomeGrid& grid, const BootstrapSettings& = {});

/// a less b on the same resamples. Both must hold the same models, draws and queries at the same positions for what
/// they share to cancel; of levels of different sizes each has resamples of its own.
Estimate bootstrapDifference(const OutcomeGrid& a, const OutcomeGrid& b, const BootstrapSettings& = {});

}  // namespace lix::study
