#pragma once
#include <cstddef>
#include <vector>

#include "adapt/tip_surface.h"
#include "study/support/support_score.h"

namespace lix::study {

/// Accuracy of Tip-Adapter over alpha and beta on a hand-made support set, on two halves of the queries.
struct SupportSurface {
  adapt::TipGrid grid;
  std::vector<double> validation;  ///< [B][A], shares
  std::vector<double> test;        ///< [B][A]; empty where it was not asked for
  std::size_t validationQueries = 0, testQueries = 0;
  std::size_t best = 0;  ///< index into [B][A] of the best on validation, of equal ones the first
  double bestAlpha() const { return grid.alphas[best % grid.alphas.size()]; }
  double bestBeta() const { return grid.betas[best / grid.alphas.size()]; }
};

/// Which halves are looked at: what is chosen on the test half is no honest number of it any more.
enum class SurfaceParts { Validation, Both };

/// Of each class's labelled queries, in their order, the first, third, ... are validation and the others are test.
/// Refuses what scoreSupport refuses, a task without text vectors, without labelled queries, an empty grid and, where
/// the test half is asked for, one without queries.
Result<SupportSurface> supportSurface(const SupportTask& task, adapt::TipGrid grid, SurfaceParts parts);

}  // namespace lix::study
