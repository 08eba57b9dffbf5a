#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "made_rows.h"

namespace lix::study {
namespace {

TEST(HalfRows, NumbersByHand) {
  EXPECT_EQ(toHalf(1.f), 0x3c00);
  EXPECT_EQ(toHalf(-2.f), 0xc000);
  EXPECT_EQ(toHalf(65504.f), 0x7bff);
  EXPECT_EQ(toHalf(0x1p-14f), 0x0400);
  EXPECT_EQ(toHalf(0x1p-24f), 0x0001);
  EXPECT_EQ(toHalf(0x1p-25f), 0x0000) << "half way to the even one below";
  EXPECT_EQ(toHalf(-0.f), 0x8000);
  EXPECT_EQ(toHalf(1.f + 0x1p-11f), 0x3c00) << "half way to the even one below";
  EXPECT_EQ(toHalf(1.f + 3 * 0x1p-11f), 0x3c02) << "half way to the even one above";
}

TEST(HalfRows, EveryFiniteHalfComesBack) {
  for (std::uint32_t half = 0; half < 0x10000u; ++half) {
    if ((half & 0x7c00u) != 0x7c00u) {
      ASSERT_EQ(toHalf(fromHalf(std::uint16_t(half))), half);
    }
  }
}

TEST(HalfRows, MeanDirectionByHand) {
  const HalfRows rows = halves({1.f, 0.f, 0.f, 1.f, -1.f, 0.f}, 2);
  const std::vector<std::uint32_t> first{0, 1}, opposite{0, 2};
  const auto mean = rows.meanDirection(first);
  LIX_ASSERT_OK(mean);
  EXPECT_NEAR((*mean)[0], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR((*mean)[1], std::sqrt(0.5), 1e-6);
  EXPECT_NE(test::messageOf(rows.meanDirection(opposite)).find("opposite"), std::string::npos);
  EXPECT_NE(test::messageOf(rows.meanDirection({})).find("Select pictures"), std::string::npos);
}

TEST(HalfRows, WrongRowsAreRefusedAndNothingIsTaken) {
  HalfRows rows = halves({1.f, 0.f}, 2);
  const std::vector<float> three{1.f, 0.f, 0.f}, bad{0.f, std::numeric_limits<float>::quiet_NaN()},
      large{65520.f, 0.f};
  EXPECT_FALSE(rows.append({three, 1, 3}));
  EXPECT_FALSE(rows.append({bad, 1, 2}));
  EXPECT_FALSE(rows.append({large, 1, 2}));
  EXPECT_EQ(rows.rows(), 1u);
}

TEST(HalfRows, NearestOfThemIsThatOfPlainLoops) {
  const HalfRows rows = halves(madeRows(700, 48, 9, 3), 48);
  const std::vector<float> all = floats(rows);
  const std::vector<float> query(all.begin() + 48 * 5, all.begin() + 48 * 6);
  const auto found = adapt::nearest(query, rows.view(), 12);
  std::vector<std::pair<double, std::uint32_t>> plain;
  for (std::uint32_t i = 0; i < 700; ++i) {
    double sum = 0.0;
    for (std::size_t d = 0; d < 48; ++d) {
      sum += double(query[d]) * all[i * 48 + d];
    }
    plain.push_back({-sum, i});
  }
  std::ranges::sort(plain);
  ASSERT_EQ(found.size(), 12u);
  for (std::size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(found[i].row, plain[i].second);
    EXPECT_NEAR(found[i].cosine, -plain[i].first, 1e-5);
  }
}

}  // namespace
}  // namespace lix::study
