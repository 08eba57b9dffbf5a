#include "nn/checkpoint/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lix::nn {
namespace {

TEST(Half, KnownValues) {
  EXPECT_EQ(fromHalf(0x3C00), 1.0f);
  EXPECT_EQ(fromHalf(0xC000), -2.0f);
  EXPECT_EQ(fromHalf(0x7BFF), 65504.0f);
  EXPECT_EQ(fromHalf(0x0001), std::ldexp(1.0f, -24));  // smallest subnormal
  EXPECT_EQ(fromHalf(0x0400), std::ldexp(1.0f, -14));  // smallest normal
  EXPECT_TRUE(std::signbit(fromHalf(0x8000)));
  EXPECT_EQ(fromHalf(0x7C00), std::numeric_limits<float>::infinity());
  EXPECT_TRUE(std::isnan(fromHalf(0x7E01)));
}

TEST(Half, EveryHalfSurvivesTheRoundTrip) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const float value = fromHalf(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) {
      ASSERT_EQ(toHalf(value), bits);
    } else {
      ASSERT_TRUE(std::isnan(fromHalf(toHalf(value)))) << bits;
    }
  }
}

TEST(Half, RoundsToNearestEven) {
  const float ulp = std::ldexp(1.0f, -10);
  EXPECT_EQ(toHalf(1.0f + ulp / 2), 0x3C00);      // tie, even below
  EXPECT_EQ(toHalf(1.0f + 3 * ulp / 2), 0x3C02);  // tie, even above
  EXPECT_EQ(toHalf(std::nextafter(1.0f + ulp / 2, 2.0f)), 0x3C01);
  EXPECT_EQ(toHalf(65519.0f), 0x7BFF);
  EXPECT_EQ(toHalf(65520.0f), 0x7C00);
  EXPECT_EQ(toHalf(-1e9f), 0xFC00);
  EXPECT_EQ(toHalf(std::ldexp(1.0f, -25)), 0x0000);  // tie with zero
  EXPECT_EQ(toHalf(std::ldexp(1.5f, -25)), 0x0001);
}

TEST(Brain, KnownValuesAndRounding) {
  EXPECT_EQ(fromBrain(0x3F80), 1.0f);
  EXPECT_EQ(toBrain(1.0f + std::ldexp(1.0f, -8)), 0x3F80);        // tie, even below
  EXPECT_EQ(toBrain(1.0f + 3 * std::ldexp(1.0f, -8)), 0x3F82);    // tie, even above
  EXPECT_EQ(toBrain(std::numeric_limits<float>::max()), 0x7F80);  // rounds to infinity
  EXPECT_TRUE(std::isnan(fromBrain(toBrain(std::bit_cast<float>(0x7F800001u)))));
}

TEST(Brain, EveryValueSurvivesTheRoundTrip) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const float value = fromBrain(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) {
      ASSERT_EQ(toBrain(value), bits);
    }
  }
}

}  // namespace
}  // namespace lix::nn
