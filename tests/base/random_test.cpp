#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace lix {
namespace {

TEST(Random, IsAFunctionOfItsKeys) {
  Random a(1, 2, 3, 4);
  Random again(1, 2, 3, 4);
  Random other(1, 2, 3, 5);
  const auto first = a.next();
  EXPECT_EQ(first, again.next());
  EXPECT_NE(first, other.next());
  EXPECT_NE(first, a.next());
}

TEST(Random, IsUniformAndNormal) {
  Random random(7, 0);
  double sum = 0.0, squares = 0.0, normalSum = 0.0, normalSquares = 0.0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    squares += u * u;
    const double z = random.normal();
    normalSum += z;
    normalSquares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3.0, 0.005);
  EXPECT_NEAR(normalSum / kDraws, 0.0, 0.02);
  EXPECT_NEAR(normalSquares / kDraws, 1.0, 0.03);
}

TEST(Random, DrawsBelowWithoutBias) {
  Random random(3, 1);
  int counts[3] = {};
  for (int i = 0; i < 30000; ++i) {
    ++counts[random.below(3)];
  }
  for (const int count : counts) {
    EXPECT_NEAR(count, 10000, 400);
  }
}

TEST(Random, PermutesEveryIndexOnce) {
  auto order = permutation(1000, Random(5, 5));
  EXPECT_FALSE(std::ranges::is_sorted(order));
  EXPECT_EQ(order, permutation(1000, Random(5, 5)));
  std::ranges::sort(order);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(order[i], i);
  }
}

}  // namespace
}  // namespace lix
