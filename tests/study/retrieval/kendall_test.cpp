// Kendall's tau against SciPy's values and against every pair looked at.
#include "study/retrieval/kendall.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"

namespace lix::study {
namespace {

using Values = std::vector<double>;

std::int64_t naive(const Values& x, const Values& y) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double product = (x[i] - x[j]) * (y[i] - y[j]);
      sum += product > 0 ? 1 : product < 0 ? -1 : 0;
    }
  }
  return sum;
}

std::uint64_t naiveTies(const Values& x) {
  std::uint64_t ties = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      ties += x[i] == x[j];
    }
  }
  return ties;
}

TEST(Kendall, AsSciPy) {  // scipy.stats.kendalltau(x, y, variant="b" | "c").statistic
  const Values x{1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 1.5, 2.5}, y{.1, .4, .35, .8, .2, .35, .9, .9, .6, .5, .1, .4};
  EXPECT_NEAR(*kendallTauB(countPairs(x, y)), 0.5691245004265076, 1e-14);
  EXPECT_NEAR(*kendallTauC(countPairs(x, y)), 0.5555555555555556, 1e-14);
  const Values expert{1, 1, 1, 2, 2, 3, 4, 4, 4, 4}, score{.5, .1, .3, .2, .9, .4, .8, .7, .6, .95};
  EXPECT_NEAR(*kendallTauB(countPairs(expert, score)), 0.5291502622129182, 1e-14);
  EXPECT_NEAR(*kendallTauC(countPairs(expert, score)), 0.56, 1e-14);
}

TEST(Kendall, AsEveryPairLookedAt) {
  Random random(3, 9);
  for (const std::size_t n : {2, 3, 17, 256, 1000}) {
    for (const std::uint64_t levels : {2, 5, 1000000}) {
      Values x, y;
      for (std::size_t i = 0; i < n; ++i) {
        x.push_back(double(random.below(4)));
        y.push_back(double(random.below(levels)));
      }
      const PairCounts counts = countPairs(x, y);
      EXPECT_EQ(counts.concordantLessDiscordant(), naive(x, y)) << n << " " << levels;
      EXPECT_EQ(counts.tiedX, naiveTies(x));
      EXPECT_EQ(counts.tiedY, naiveTies(y));
    }
  }
}

TEST(Kendall, TheSameAndTheReversedOrder) {
  const Values x{3, 1, 2, 5, 4}, y{30, 10, 20, 50, 40}, z{-3, -1, -2, -5, -4};
  EXPECT_DOUBLE_EQ(*kendallTauB(countPairs(x, y)), 1.0);
  EXPECT_DOUBLE_EQ(*kendallTauB(countPairs(x, z)), -1.0);
  EXPECT_DOUBLE_EQ(*kendallTauC(countPairs(x, y)), 1.0);
  EXPECT_DOUBLE_EQ(*kendallTauB(countPairs(y, x)), *kendallTauB(countPairs(x, y)));
}

TEST(Kendall, NothingWhereOneSideHasOneValue) {
  const Values x{1, 1, 1}, y{1, 2, 3};
  EXPECT_FALSE(kendallTauB(countPairs(x, y)).has_value());
  EXPECT_FALSE(kendallTauC(countPairs(y, x)).has_value());
  EXPECT_FALSE(kendallTauB(countPairs({}, {})).has_value());
}

}  // namespace
}  // namespace lix::study
