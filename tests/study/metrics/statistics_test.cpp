#include "study/metrics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace lix::study {
namespace {

TEST(Statistics, BetaHasItsClosedForms) {
  for (const double x : {0.0, 1e-6, 0.2, 0.5, 0.9, 1.0 - 1e-9, 1.0}) {
    EXPECT_NEAR(incompleteBeta(1.0, 1.0, x), x, 1e-14);
    EXPECT_NEAR(incompleteBeta(3.0, 1.0, x), x * x * x, 1e-14);
    EXPECT_NEAR(incompleteBeta(2.0, 2.0, x), x * x * (3.0 - 2.0 * x), 1e-14);
    EXPECT_NEAR(incompleteBeta(0.5, 0.5, x), 2.0 / std::numbers::pi * std::atan2(std::sqrt(x), std::sqrt(1.0 - x)),
                1e-13);
  }
}

TEST(Statistics, ProbabilityHasItsClosedForms) {
  for (const double t : {-30.0, -1.5, 0.0, 0.3, 2.0, 1000.0}) {
    EXPECT_NEAR(studentProbability(t, 1.0), 0.5 + std::atan(t) / std::numbers::pi, 1e-13);
    EXPECT_NEAR(studentProbability(t, 2.0), 0.5 + t / (2.0 * std::sqrt(2.0 + t * t)), 1e-13);
  }
}

// Two-sided 95 % points as printed in statistical tables (three decimals), and 99.5 % of them (one-sided 0.995).
TEST(Statistics, QuantilesAgreeWithTables) {
  const std::vector<std::pair<double, double>> table{{1, 12.706}, {2, 4.303},  {3, 3.182},  {4, 2.776},
                                                     {5, 2.571},  {6, 2.447},  {9, 2.262},  {10, 2.228},
                                                     {20, 2.086}, {30, 2.042}, {60, 2.000}, {120, 1.980}};
  for (const auto& [freedom, t] : table) {
    EXPECT_NEAR(studentQuantile(0.975, freedom), t, 5.1e-4) << freedom;
    EXPECT_NEAR(studentQuantile(0.025, freedom), -t, 5.1e-4) << freedom;
  }
  EXPECT_NEAR(studentQuantile(0.995, 4), 4.604, 5.1e-4);
  EXPECT_NEAR(studentQuantile(0.975, 1e6), 1.959966, 1e-5);
  EXPECT_NEAR(studentQuantile(0.5, 7), 0.0, 1e-12);
}

TEST(Statistics, QuantileUndoesProbability) {
  for (const double freedom : {1.0, 2.5, 4.0, 29.0, 300.0}) {
    for (const double p : {0.001, 0.3, 0.6, 0.95, 0.9999}) {
      EXPECT_NEAR(studentProbability(studentQuantile(p, freedom), freedom), p, 1e-12);
    }
  }
}

TEST(Statistics, SummaryByHand) {
  const Summary five = summarise(std::vector{2.0, 4.0, 4.0, 5.0, 10.0});
  EXPECT_EQ(five.count, 5u);
  EXPECT_DOUBLE_EQ(five.mean, 5.0);
  EXPECT_DOUBLE_EQ(*five.deviation, 3.0);  // squares 9 + 1 + 1 + 0 + 25 = 36 over 4
  EXPECT_NEAR(*five.interval, 2.776445 * 3.0 / std::sqrt(5.0), 1e-5);
}

TEST(Statistics, OneValueHasNoSpread) {
  const Summary one = summarise(std::vector{0.25});
  EXPECT_DOUBLE_EQ(one.mean, 0.25);
  EXPECT_FALSE(one.deviation.has_value());
  EXPECT_FALSE(one.interval.has_value());
  EXPECT_EQ(summarise({}).count, 0u);
  EXPECT_DOUBLE_EQ(*summarise(std::vector{0.5, 0.5, 0.5}).interval, 0.0);
}

}  // namespace
}  // namespace lix::study
