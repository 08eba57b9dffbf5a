// The search of Tip-Adapter with its short cuts against the plain loop over the grid.
#include "adapt/tip_surface.h"

#include <gtest/gtest.h>

#include "adapt/key_cache.h"
#include "adapt/task.h"
#include "adapt/threads.h"
#include "support/support.h"

namespace lix::adapt {
namespace {

using test::OwnedTask;

std::vector<float> logitsAt(const Task& task, double alpha, double beta, Matrix queries) {
  const auto classifier = (*find("tip-adapter"))->fit(task, {{"alpha", alpha}, {"beta", beta}});
  EXPECT_TRUE(classifier.has_value()) << test::messageOf(classifier);
  return classifier ? (*classifier)->logits(queries) : std::vector<float>{};
}

/// Every place of the grid by the adapter itself, the first maximum of each row.
std::vector<std::size_t> oneByOne(const Task& task, const Labelled& queries, const TipGrid& grid) {
  std::vector<std::size_t> correct;
  for (const double beta : grid.betas) {
    for (const double alpha : grid.alphas) {
      const auto logits = logitsAt(task, alpha, beta, queries.features);
      std::size_t right = 0;
      for (std::size_t i = 0; i < queries.labels.size() && !logits.empty(); ++i) {
        const auto row = std::span(logits).subspan(i * task.classes, task.classes);
        right += std::ranges::max_element(row) - row.begin() == queries.labels[i] ? 1 : 0;
      }
      correct.push_back(right);
    }
  }
  return correct;
}

const TipGrid kGrid{tipSteps(3.0, 6), tipSteps(7.0, 9)};

TEST(TipSurface, CountsWhatTheLogitsSay) {
  for (const std::size_t classes : {2, 7, 33, 65}) {
    OwnedTask task = test::makeTask(classes, 3, 8, 0.9);  // few columns, wide classes: many near misses
    task.logitScale = 2.f;
    EXPECT_EQ(tipCorrect(task.task(), task.task().validation, kGrid),
              oneByOne(task.task(), task.task().validation, kGrid))
        << classes;
  }
}

TEST(TipSurface, TiesAreCountedAsTheLogitsBreakThem) {
  OwnedTask task = test::makeTask(6, 2, 8, 0.9);
  for (std::size_t c = 1; c < 6; c += 2) {  // pairs of classes that no setting can tell apart
    std::copy_n(task.text.begin() + static_cast<std::ptrdiff_t>((c - 1) * 8), 8,
                task.text.begin() + static_cast<std::ptrdiff_t>(c * 8));
    for (std::size_t i = 0; i < 12; i += 6) {
      std::copy_n(task.support.begin() + static_cast<std::ptrdiff_t>((i + c - 1) * 8), 8,
                  task.support.begin() + static_cast<std::ptrdiff_t>((i + c) * 8));
    }
  }
  const auto correct = tipCorrect(task.task(), task.task().validation, kGrid);
  EXPECT_EQ(correct, oneByOne(task.task(), task.task().validation, kGrid));
  EXPECT_LE(*std::ranges::max_element(correct), 9u) << "the second of a pair is never the answer";
}

TEST(TipSurface, DoesNotDependOnTheThreads) {
  const OwnedTask task = test::makeTask(40, 4, 16, 0.7);
  test::Threads::set(1);
  const auto alone = tipCorrect(task.task(), task.task().validation, kGrid);
  test::Threads::set(4);
  EXPECT_EQ(tipCorrect(task.task(), task.task().validation, kGrid), alone);
  test::Threads::set(1);
}

TEST(TipSurface, TheSearchedAdapterTakesTheFirstBestPlaceOfThePlainLoop) {
  OwnedTask task = test::makeTask(12, 3, 8, 0.9);
  task.logitScale = 2.f;
  const auto correct = oneByOne(task.task(), task.task().validation, kGrid);
  const std::size_t best = static_cast<std::size_t>(std::ranges::max_element(correct) - correct.begin());
  const auto fitted =
      (*find("tip-adapter-x"))
          ->fit(task.task(), {{"alpha_scale", 3.0}, {"alpha_steps", 6LL}, {"beta_scale", 7.0}, {"beta_steps", 9LL}});
  LIX_ASSERT_OK(fitted);
  const ParamValues found = (*fitted)->settings();
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("alpha")), kGrid.alphas[best % 6]);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("beta")), kGrid.betas[best / 6]);
  EXPECT_DOUBLE_EQ(std::get<double>(found.at("validation_accuracy")), static_cast<double>(correct[best]) / 36.0);
}

TEST(TipSurface, ChoosesOnValidationAlone) {
  OwnedTask task = test::makeTask(9, 2, 8, 0.9);
  task.logitScale = 2.f;
  const Labelled queries{task.query(), task.queryLabels};
  const auto surface = tipSurface(task.task(), queries, kGrid);
  LIX_ASSERT_OK(surface);
  const auto validation = oneByOne(task.task(), task.task().validation, kGrid);
  const auto query = oneByOne(task.task(), queries, kGrid);
  ASSERT_EQ(surface->validation.size(), 54u);
  ASSERT_EQ(surface->query.size(), 54u);
  for (std::size_t i = 0; i < 54; ++i) {
    EXPECT_DOUBLE_EQ(surface->validation[i], static_cast<double>(validation[i]) / 27.0);
    EXPECT_DOUBLE_EQ(surface->query[i], static_cast<double>(query[i]) / 36.0);
  }
  EXPECT_EQ(surface->best, tipBest(validation));
  EXPECT_DOUBLE_EQ(surface->bestAlpha(), kGrid.alphas[surface->best % 6]);
  EXPECT_DOUBLE_EQ(surface->bestBeta(), kGrid.betas[surface->best / 6]);

  for (int& label : task.queryLabels) {  // other answers to the queries move nothing of validation
    label = (label + 1) % 9;
  }
  const auto again = tipSurface(task.task(), {task.query(), task.queryLabels}, kGrid);
  LIX_ASSERT_OK(again);
  EXPECT_EQ(again->best, surface->best);
  EXPECT_EQ(again->validation, surface->validation);
  EXPECT_NE(again->query, surface->query);
}

TEST(TipSurface, RefusesWhatCannotBeMeasured) {
  OwnedTask task = test::makeTask(3, 2);
  const Labelled queries{task.query(), task.queryLabels};
  EXPECT_NE(test::messageOf(tipSurface(task.task(), queries, {{}, {1.0}})).find("at least one alpha"),
            std::string::npos);
  EXPECT_NE(test::messageOf(tipSurface(task.task(), {{{}, 0, task.columns}, {}}, kGrid)).find("one query picture"),
            std::string::npos);
  const std::vector<double> many(1001, 1.0);
  EXPECT_NE(test::messageOf(tipSurface(task.task(), queries, {many, many})).find("more than 1000000 places"),
            std::string::npos);
  task.queryLabels.front() = 3;
  EXPECT_NE(test::messageOf(tipSurface(task.task(), {task.query(), task.queryLabels}, kGrid)).find("query row 0"),
            std::string::npos);
  task.queryLabels.front() = 0;
  task.validation.clear();
  task.validationLabels.clear();
  EXPECT_NE(test::messageOf(tipSurface(task.task(), {task.query(), task.queryLabels}, kGrid)).find("validation"),
            std::string::npos);
}

TEST(TipSurface, StepsAreTheReleasedOnes) {
  const auto steps = tipSteps(7.0, 200);
  ASSERT_EQ(steps.size(), 200u);
  EXPECT_DOUBLE_EQ(steps[0], 0.1);
  EXPECT_DOUBLE_EQ(steps[199], 0.1 + 199 * 6.9 / 200);
}

}  // namespace
}  // namespace lix::adapt
