#pragma once
#include <cstddef>
#include <cstdint>
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

enum class QueryHalf { Validation, Test };
/// The half of a query is a function of its content alone (half of all contents each), so that no edit of the set and no
/// other draw of queries moves it from one half to the other.
QueryHalf queryHalf(std::uint64_t hash);

/// On the labelled queries by their half. Refuses what scoreSupport refuses, a task without text vectors, without
/// labelled queries, an empty grid, and a half that is asked for and has no queries.
Result<SupportSurface> supportSurface(const SupportTask& task, adapt::TipGrid grid, SurfaceParts parts);

}  // namespace lix::study
