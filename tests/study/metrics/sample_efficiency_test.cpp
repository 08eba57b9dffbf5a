#include "study/metrics/sample_efficiency.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lix::study {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
const std::vector<double> kShots{1, 2, 4, 8};

TEST(SampleEfficiency, PoolsWhatFalls) {
  EXPECT_EQ(monotone(std::vector{0.1, 0.2, 0.3}), (std::vector{0.1, 0.2, 0.3}));
  EXPECT_EQ(monotone(std::vector{1.0, 0.0, 2.0}), (std::vector{0.5, 0.5, 2.0}));
  EXPECT_EQ(monotone(std::vector{3.0, 2.0, 1.0}), (std::vector{2.0, 2.0, 2.0}));
  EXPECT_TRUE(monotone({}).empty());
}

TEST(SampleEfficiency, InterpolatesInTheLogarithmOfShots) {
  const std::vector<double> values{0.2, 0.4, 0.5, 0.7};
  EXPECT_NEAR(shotsToReach(kShots, values, 0.3), std::sqrt(2.0), 1e-12) << "half way from 1 to 2";
  EXPECT_EQ(shotsToReach(kShots, values, 0.5), 4.0);
  EXPECT_NEAR(shotsToReach(kShots, values, 0.55), std::exp2(2.25), 1e-12);
  EXPECT_EQ(shotsToReach(kShots, values, 0.2), 1.0);
  EXPECT_EQ(shotsToReach(kShots, values, 0.1), 1.0) << "the fewest measured, or fewer";
  EXPECT_EQ(shotsToReach(kShots, values, 0.70001), kNever);
  // 0.5, 0.4 pool to 0.45, which is first reached at 2 shots.
  EXPECT_EQ(shotsToReach(kShots, std::vector{0.2, 0.5, 0.4, 0.7}, 0.45), 2.0);
}

TEST(SampleEfficiency, HasTheIntervalOfItsResamples) {
  const std::vector<double> values{0.2, 0.4, 0.5, 0.7};
  const SampleEfficiency plain = sampleEfficiency(0.5, kShots, values, {}, {});
  EXPECT_EQ(plain.shots, 4.0);
  EXPECT_EQ(plain.fewest, 1.0);
  EXPECT_EQ(plain.most, 8.0);
  EXPECT_FALSE(plain.interval);
  // Levels 0.3 to 0.7 in 101 steps on one curve: the interval is what 0.31 and 0.69 need.
  std::vector<double> levels;
  for (int i = 0; i <= 100; ++i) {
    levels.push_back(0.3 + 0.004 * i);
  }
  std::vector<std::vector<double>> curves;
  for (const double value : values) {
    curves.emplace_back(levels.size(), value);
  }
  const SampleEfficiency found = sampleEfficiency(0.5, kShots, values, levels, curves);
  EXPECT_NEAR(found.interval->low, shotsToReach(kShots, values, 0.3 + 0.004 * 2), 1e-12);
  EXPECT_NEAR(found.interval->high, shotsToReach(kShots, values, 0.3 + 0.004 * 98), 1e-12);
  // Where more than one in 40 resamples never reach the level, the interval is open.
  std::fill(levels.begin(), levels.begin() + 5, 0.9);
  EXPECT_EQ(sampleEfficiency(0.5, kShots, values, levels, curves).interval->high, kNever);
  EXPECT_LT(sampleEfficiency(0.5, kShots, values, levels, curves).interval->low, 2.0);
}

TEST(SampleEfficiency, OfACurveAndItselfIsTheShots) {
  const std::vector<double> values{0.2, 0.4, 0.5, 0.7};
  std::vector<std::vector<double>> curves;
  for (const double value : values) {
    curves.push_back({value - 0.05, value, value + 0.05});
  }
  const SampleEfficiency found = sampleEfficiency(values[2], kShots, values, curves[2], curves);
  EXPECT_EQ(found.shots, 4.0);
  EXPECT_NEAR(found.interval->low, 4.0, 1e-12);
  EXPECT_NEAR(found.interval->high, 4.0, 1e-12);
}

}  // namespace
}  // namespace lix::study
