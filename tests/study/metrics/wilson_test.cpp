#include "study/metrics/wilson.h"

#include <gtest/gtest.h>

namespace lix::study {
namespace {

TEST(Wilson, ByHand) {
  // p = 0.8, n = 10, z = 1.96: middle (0.8 + 0.19207) / 1.38415 = 0.71674, half 1.41601 * sqrt(0.016 + 0.0096036).
  const Interval eight = wilsonInterval(8, 10);
  EXPECT_NEAR(eight.low, 0.4901625, 1e-6);
  EXPECT_NEAR(eight.high, 0.9433178, 1e-6);
  const Interval half = wilsonInterval(50, 100);
  EXPECT_NEAR(half.low, 0.4038315, 1e-6);
  EXPECT_NEAR(half.high, 0.5961685, 1e-6);
}

TEST(Wilson, TheEndsStayInside) {
  EXPECT_EQ(wilsonInterval(0, 10).low, 0.0);
  EXPECT_NEAR(wilsonInterval(0, 10).high, 0.2775328, 1e-6);  // z^2 / (n + z^2)
  EXPECT_NEAR(wilsonInterval(1, 1).low, 0.2065493, 1e-6);    // n / (n + z^2)
  EXPECT_EQ(wilsonInterval(1, 1).high, 1.0);
  EXPECT_EQ(wilsonInterval(0, 0).low, 0.0);
  EXPECT_EQ(wilsonInterval(0, 0).high, 1.0);
  EXPECT_DEATH(wilsonInterval(2, 1), "");
}

TEST(PairedChange, ByHand) {
  // n + 2 = 52: 11/52 - 3/52 = 0.1538462, half 1.96 sqrt((14/52 - 0.1538462^2) / 52) = 0.1346875.
  const PairedChange change = pairedChange(10, 2, 50);
  EXPECT_DOUBLE_EQ(change.share.value, 0.16);
  EXPECT_NEAR(change.share.interval.low, 0.0191586, 1e-6);
  EXPECT_NEAR(change.share.interval.high, 0.2885337, 1e-6);
  EXPECT_FALSE(change.isWithinNoise());
  const PairedChange back = pairedChange(2, 10, 50);
  EXPECT_DOUBLE_EQ(back.share.value, -0.16);
  EXPECT_NEAR(back.share.interval.high, -0.0191586, 1e-6);
  EXPECT_FALSE(back.isWithinNoise());
}

TEST(PairedChange, WhatOneQueryDoesIsNoise) {
  EXPECT_TRUE(pairedChange(1, 0, 100).isWithinNoise());
  EXPECT_TRUE(pairedChange(0, 0, 100).isWithinNoise());
  EXPECT_DOUBLE_EQ(pairedChange(0, 0, 100).share.value, 0.0);
  EXPECT_TRUE(pairedChange(0, 0, 0).isWithinNoise());
  EXPECT_EQ(pairedChange(1, 0, 1).share.interval.high, 1.0) << "cut";
  EXPECT_DEATH(pairedChange(2, 1, 2), "");
}

}  // namespace
}  // namespace lix::study
