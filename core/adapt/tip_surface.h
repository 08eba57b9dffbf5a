#pragma once
#include <cstddef>
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// The strengths that a search of Tip-Adapter tries, rising.
struct TipGrid {
  std::vector<double> alphas;  ///< [A]
  std::vector<double> betas;   ///< [B]
};

/// The released grid: 0.1 + i (largest - 0.1) / steps, i = 0 .. steps - 1.
std::vector<double> tipSteps(double largest, std::size_t steps);

/// The grid of the settings alpha_scale, alpha_steps, beta_scale and beta_steps of an adapter; refuses what checkGrid
/// refuses.
Result<TipGrid> tipGrid(const Adapter& adapter, const ParamValues& settings);

/// How many of `queries` Tip-Adapter answers rightly at each place of the grid, [B][A]: exactly the first maximum of
/// z + alpha * sums, as TipClassifier's logits have it. The support and the text are the task's. Where the task is
/// stopped the counts are of some of the queries: who gave it a token asks checkStop() before taking them.
std::vector<std::size_t> tipCorrect(const Task& task, const Labelled& queries, const TipGrid& grid);

/// The released choice: beta outside, alpha inside, only strictly more right answers win. Index into [B][A].
std::size_t tipBest(const std::vector<std::size_t>& correct);

/// Settings with the alpha, beta and validation_accuracy of that choice, of `rows` validation pictures ...
ParamValues withBest(ParamValues settings, const TipGrid& grid, const std::vector<std::size_t>& correct,
                     std::size_t rows);
/// ... and with those of the adapter that does not search.
Result<ParamValues> withFixed(ParamValues settings);

/// Accuracy over alpha and beta, on validation and on queries apart; the best place is chosen on validation alone.
struct TipSurface {
  TipGrid grid;
  std::vector<double> validation;  ///< [B][A], shares
  std::vector<double> query;       ///< [B][A], shares
  std::size_t best = 0;            ///< index into [B][A]
  double bestAlpha() const { return grid.alphas[best % grid.alphas.size()]; }
  double bestBeta() const { return grid.betas[best / grid.alphas.size()]; }
};

/// Refuses what the searched adapter refuses, no validation, queries that do not fit the task, and more than a million
/// places.
Result<TipSurface> tipSurface(const Task& task, const Labelled& queries, TipGrid grid);

}  // namespace lix::adapt
