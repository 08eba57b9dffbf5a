#include "study/metrics/inflection.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace lix::study {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(InflectionTest, IsTheFirstStepBelowHalfTheStart) {
  const std::array steps{1.0, 2.0, 310.0, 312.0, 313.0, 400.0};
  EXPECT_EQ(inflection(steps, std::array{100.0, 101.0, 50.0, 49.9, 60.0, 3.0}), 312) << "half itself is not below";
  EXPECT_EQ(inflection(steps, std::array{kNone, 10.0, 9.0, kNone, 4.0, 1.0}), 313) << "the first finite value counts";
}

TEST(InflectionTest, IsNothingWhereTheyStayOrAreNot) {
  const std::array steps{1.0, 2.0, 3.0};
  EXPECT_FALSE(inflection(steps, std::array{10.0, 5.0, 9.0}).has_value());
  EXPECT_FALSE(inflection(steps, std::array{10.0, 30.0, 14.0}).has_value()) << "of its start, not of its highest";
  EXPECT_FALSE(inflection(steps, std::array{kNone, kNone, kNone}).has_value());
  EXPECT_FALSE(inflection({}, {}).has_value());
  EXPECT_FALSE(inflection(std::array{1.0}, std::array{7.0}).has_value());
}

}  // namespace
}  // namespace lix::study
