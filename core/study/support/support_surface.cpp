#include "study/support/support_surface.h"

#include <algorithm>

#include "adapt/check.h"
#include "base/random.h"
#include "study/support/support_problem.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kHalves = 0x68616c766573;  // "halves"

/// Labelled queries with memory of their own.
struct Half {
  std::vector<float> values;
  std::vector<int> labels;
  adapt::Labelled labelled(std::size_t columns) const { return {{values, labels.size(), columns}, labels}; }
};

void take(Half& half, const SupportTask& task, const SupportProblem& problem, std::size_t query) {
  const auto row = task.query.row(query);
  half.values.insert(half.values.end(), row.begin(), row.end());
  half.labels.push_back(problem.queryLabels[query]);
}

std::vector<double> shares(const std::vector<std::size_t>& correct, std::size_t of) {
  std::vector<double> out(correct.size());
  std::ranges::transform(correct, out.begin(),
                         [of](std::size_t count) { return static_cast<double>(count) / static_cast<double>(of); });
  return out;
}

}  // namespace

QueryHalf queryHalf(std::uint64_t hash) {
  return Random(0, kHalves, hash).next() % 2 == 0 ? QueryHalf::Validation : QueryHalf::Test;
}

Result<SupportSurface> supportSurface(const SupportTask& task, adapt::TipGrid grid, SurfaceParts parts) {
  LIX_TRY(const SupportProblem problem, supportProblem(task));
  const adapt::Task fit = problem.fitTask(task);
  LIX_TRY(const adapt::Adapter* tip, adapt::find("tip-adapter"));
  LIX_CHECK(adapt::checkTask(*tip, fit));
  if (grid.alphas.empty() || grid.betas.empty()) {
    return fail(ErrorCode::BadInput, "A surface needs at least one alpha and one beta.");
  }
  if (problem.scored.empty()) {
    return fail(ErrorCode::BadInput,
                "A surface needs query pictures of the set's classes to choose its best place on, and there are none: "
                "choose a dataset that has some.");
  }
  Half validation, test;
  for (const std::size_t query : problem.scored) {
    const std::uint64_t hash = task.queryHashes.empty() ? query : task.queryHashes[query];
    take(queryHalf(hash) == QueryHalf::Test ? test : validation, task, problem, query);
  }
  if (validation.labels.empty()) {
    return fail(ErrorCode::BadInput,
                "No queries fall into the validation half of the surface: choose more of them, or another dataset.");
  }
  if (parts == SurfaceParts::Both && test.labels.empty()) {
    return fail(ErrorCode::BadInput,
                "No queries fall into the test half of the surface: choose more of them, or another dataset.");
  }
  LIX_CHECK(adapt::checkStop(fit));
  SupportSurface surface{.grid = std::move(grid),
                         .validationQueries = validation.labels.size(),
                         .testQueries = test.labels.size()};
  const std::size_t columns = task.query.columns;
  const auto correct = adapt::tipCorrect(fit, validation.labelled(columns), surface.grid);
  surface.best = adapt::tipBest(correct);
  surface.validation = shares(correct, validation.labels.size());
  if (parts == SurfaceParts::Both) {
    surface.test = shares(adapt::tipCorrect(fit, test.labelled(columns), surface.grid), test.labels.size());
  }
  LIX_CHECK(adapt::checkStop(fit));
  return surface;
}

}  // namespace lix::study
