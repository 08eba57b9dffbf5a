#include "study/metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace lix::study {
namespace {

/// Outcomes with memory of their own.
struct World {
  std::vector<std::vector<std::uint64_t>> bits;
  OutcomeGrid grid;

  World(std::size_t models, std::size_t draws, std::size_t queries, auto&& right) {
    grid = {.models = models, .draws = draws, .queries = queries, .cells = {}};
    const std::vector<int> ones(queries, 1);
    for (std::size_t m = 0; m < models; ++m) {
      for (std::size_t d = 0; d < draws; ++d) {
        std::vector<int> predicted;
        for (std::size_t q = 0; q < queries; ++q) {
          predicted.push_back(right(m, d, q) ? 1 : 0);
        }
        bits.push_back(packOutcomes(predicted, ones));
      }
    }
    grid.cells.assign(bits.begin(), bits.end());
  }
  World(const World&) = delete;
};

double width(const Interval& interval) { return interval.high - interval.low; }

TEST(Bootstrap, PacksOneBitAQuery) {
  std::vector<int> predicted(70, 0), labels(70, 1);
  for (const std::size_t right : {0, 63, 64, 69}) {
    predicted[right] = 1;
  }
  EXPECT_EQ(packOutcomes(predicted, labels), (std::vector<std::uint64_t>{1ull | 1ull << 63, 1ull | 1ull << 5}));
  EXPECT_TRUE(packOutcomes({}, {}).empty());
}

TEST(Bootstrap, AllRightOrAllWrongIsCertain) {
  const World right(2, 3, 130, [](auto...) { return true; });
  const Estimate all = bootstrapMean(right.grid);
  EXPECT_EQ(all.value, 1.0);
  EXPECT_EQ(all.interval.low, 1.0);
  EXPECT_EQ(all.interval.high, 1.0);
  const World wrong(1, 1, 65, [](auto...) { return false; });
  EXPECT_EQ(bootstrapMean(wrong.grid).interval.high, 0.0);
}

TEST(Bootstrap, OfQueriesAloneIsAsWideAsTheBinomial) {
  // 700 of 1000: 2 * 1.96 sqrt(0.7 * 0.3 / 1000) = 0.0568.
  const World world(1, 1, 1000, [](auto, auto, std::size_t q) { return q % 10 < 7; });
  const Estimate found = bootstrapMean(world.grid);
  EXPECT_DOUBLE_EQ(found.value, 0.7);
  const double analytic = 2.0 * 1.959964 * std::sqrt(0.21 / 1000.0);
  EXPECT_NEAR(width(found.interval), analytic, 0.1 * analytic);
  EXPECT_NEAR(0.5 * (found.interval.low + found.interval.high), 0.7, 0.003);
}

TEST(Bootstrap, SpeaksOfDrawsAndOfModels) {
  // Each query answered alike: of two draws, one right and one wrong, a resample takes 0, 1 or 2 right ones, and the
  // interval is Student's: t(0.975, 1) s / sqrt(2) = 12.7062 / 2.
  const World draws(1, 2, 64, [](auto, std::size_t d, auto) { return d == 0; });
  EXPECT_EQ(bootstrapMean(draws.grid).value, 0.5);
  EXPECT_NEAR(bootstrapMean(draws.grid).interval.low, 0.5 - 6.3531, 1e-4);
  EXPECT_NEAR(bootstrapMean(draws.grid).interval.high, 0.5 + 6.3531, 1e-4);
  const auto means = resampledMeans({&draws.grid, 1})[0];
  EXPECT_NEAR(static_cast<double>(std::ranges::count(means, 0.5)) / 2000.0, 0.5, 0.04);
  // The same over models, with draws that do not matter.
  const World models(2, 3, 64, [](std::size_t m, auto, auto) { return m == 1; });
  EXPECT_NEAR(width(bootstrapMean(models.grid).interval), 12.7062, 1e-4);
  // Of many models with spread s, the interval is about 2 * 1.96 s / sqrt(n).
  const World many(64, 1, 200, [](std::size_t m, auto, std::size_t q) { return q < 60 + (m % 2) * 80; });
  const double spread = 0.2;  // shares 0.3 and 0.7, and 200 queries that are answered in one order
  const double queries = std::sqrt(0.21 / 200.0 / 64.0);
  EXPECT_GT(width(bootstrapMean(many.grid).interval), 2.0 * 1.96 * std::hypot(spread / 8.0, queries) * 0.9);
}

/// How many of `trials` made-up measurements have the true mean 0.6 in their interval: each model and each draw is
/// better or worse than that by a normal deviation of 0.05, and each query is answered right by chance.
int covered(std::size_t models, std::size_t draws, int trials) {
  int count = 0;
  for (int trial = 0; trial < trials; ++trial) {
    Random random(static_cast<std::uint64_t>(trial), 100 * models + draws);
    std::vector<double> ofModel(models, 0.6), ofDraw(draws, 0.0);
    for (double& level : ofModel) {
      level += models > 1 ? 0.05 * random.normal() : 0.0;
    }
    for (double& level : ofDraw) {
      level += draws > 1 ? 0.05 * random.normal() : 0.0;
    }
    const World world(models, draws, 256,
                      [&](std::size_t m, std::size_t d, auto) { return random.uniform() < ofModel[m] + ofDraw[d]; });
    const Interval found = bootstrapMean(world.grid, {.resamples = 400}).interval;
    count += found.low <= 0.6 && 0.6 <= found.high ? 1 : 0;
  }
  return count;
}

TEST(Bootstrap, CoversTheTruthAsOftenAsItSays) {
  // 300 intervals of 95 %: 285 on average; 271 is 3.7 deviations below. Plain percentiles reach 150 to 250.
  for (const std::size_t n : {2, 3, 5}) {
    EXPECT_GE(covered(1, n, 300), 271) << n << " draws";
    EXPECT_GE(covered(n, 1, 300), 271) << n << " models";
  }
  EXPECT_GE(covered(3, 3, 300), 271);
}

TEST(Bootstrap, ResamplesAreTheSameEachTimeAndOtherForAnotherSeed) {
  const World world(3, 5, 777, [](std::size_t m, std::size_t d, std::size_t q) { return (m * 7 + d * 3 + q) % 5 < 3; });
  const auto once = resampledMeans({&world.grid, 1});
  EXPECT_EQ(once, resampledMeans({&world.grid, 1}));
  EXPECT_NE(once, resampledMeans({&world.grid, 1}, {.seed = 1}));
  EXPECT_EQ(once[0].size(), 2000u);
  // Also beside other grids, in whatever order.
  const World other(1, 2, 91, [](auto, auto, std::size_t q) { return q % 2 == 0; });
  const std::vector<OutcomeGrid> both{other.grid, world.grid};
  EXPECT_EQ(resampledMeans(both)[1], once[0]);
}

TEST(Bootstrap, IdenticalModelsDifferByNothing) {
  const auto right = [](std::size_t m, std::size_t d, std::size_t q) { return (m + 2 * d + q * q) % 7 < 4; };
  const World a(2, 5, 300, right), b(2, 5, 300, right);
  const Estimate same = bootstrapDifference(a.grid, b.grid);
  EXPECT_EQ(same.value, 0.0);
  EXPECT_EQ(same.interval.low, 0.0);
  EXPECT_EQ(same.interval.high, 0.0);
}

TEST(Bootstrap, PairingTakesOutWhatIsShared) {
  // b answers what a answers and 20 of 1000 more: unpaired widths would be 0.09, the difference is 0.02 +- 0.009.
  const World a(1, 1, 1000, [](auto, auto, std::size_t q) { return q < 500; });
  const World b(1, 1, 1000, [](auto, auto, std::size_t q) { return q < 520; });
  const Estimate found = bootstrapDifference(b.grid, a.grid);
  EXPECT_NEAR(found.value, 0.02, 1e-12);
  const double analytic = 2.0 * 1.96 * std::sqrt(0.02 * 0.98 / 1000.0);
  EXPECT_NEAR(width(found.interval), analytic, 0.15 * analytic);
  EXPECT_GT(found.interval.low, 0.0);
}

TEST(Bootstrap, PassesOverWhatWasNotMeasured) {
  World world(2, 3, 64, [](std::size_t m, auto, auto) { return m == 0; });
  world.grid.cells[1] = {};
  world.grid.cells[3] = world.grid.cells[4] = {};  // the second model has one draw
  EXPECT_EQ(meanOutcome(world.grid), 0.5);
  const auto means = resampledMeans({&world.grid, 1});
  for (const double mean : means[0]) {  // the draws do not matter: none, one or both of the models
    EXPECT_TRUE(mean == 0.5 || std::abs(std::abs(mean - 0.5) - 6.3531) < 1e-4) << mean;
  }
}

TEST(Bootstrap, QuantilesLieBetweenOrderStatistics) {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) {
    values.push_back(i);
  }
  EXPECT_NEAR(percentileInterval(values).low, 2.5, 1e-12);
  EXPECT_NEAR(percentileInterval(values).high, 97.5, 1e-12);
  EXPECT_EQ(percentileInterval({0.25}).high, 0.25);
}

TEST(Bootstrap, WeightsCountEveryQueryOnce) {
  // Any subset and its complement add up to all queries in each resample.
  Random random(1, 2);
  std::vector<bool> chosen;
  for (int i = 0; i < 1003; ++i) {
    chosen.push_back(random.uniform() < 0.4);
  }
  const World a(1, 1, 1003, [&](auto, auto, std::size_t q) { return chosen[q]; });
  const World b(1, 1, 1003, [&](auto, auto, std::size_t q) { return !chosen[q]; });
  const std::vector<OutcomeGrid> both{a.grid, b.grid};
  const auto means = resampledMeans(both);
  for (std::size_t r = 0; r < 2000; ++r) {
    EXPECT_NEAR(means[0][r] + means[1][r], 1.0, 1e-12);
  }
}

}  // namespace
}  // namespace lix::study
