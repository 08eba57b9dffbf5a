// Cosines of true classes, histograms on one axis, and what two models attend to: by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "study/compare/true_cosines.h"
#include "study/compare/weight_overlap.h"

namespace lix::study {
namespace {

TEST(TrueCosines, OwnAndBestOther) {
  const std::vector<float> cosines{0.9F, 0.1F, 0.3F, /**/ -0.2F, -0.5F, -0.1F};
  const auto found = trueCosines(cosines, 3, std::vector<int>{0, 1});
  EXPECT_EQ(found.own, (std::vector<float>{0.9F, -0.5F}));
  EXPECT_EQ(found.other, (std::vector<float>{0.3F, -0.1F}));
}

TEST(Bins, HoldEveryValueOfEveryGroup) {
  const std::vector<float> a{0.0F, 0.25F, 1.0F}, b{-1.0F, NAN, 0.5F};
  const std::vector<std::span<const float>> groups{a, b};
  const Bins bins = binsOver(groups, 4);  // -1, -0.5, 0, 0.5, 1
  EXPECT_DOUBLE_EQ(bins.low, -1.0);
  EXPECT_DOUBLE_EQ(bins.step, 0.5);
  EXPECT_DOUBLE_EQ(bins.middle(3), 0.75);
  const auto shares = sharesIn(bins, a);
  EXPECT_EQ(shares[0], 0.0);
  EXPECT_NEAR(shares[2], 2.0 / 3.0, 1e-12) << "a bin holds its lower end";
  EXPECT_NEAR(shares[3], 1.0 / 3.0, 1e-12) << "the last one both";
  const auto other = sharesIn(bins, b);
  EXPECT_DOUBLE_EQ(std::accumulate(other.begin(), other.end(), 0.0), 1.0) << "what is no number is left out";
  EXPECT_NEAR(overlapOf(shares, other), 1.0 / 3.0, 1e-12);
  EXPECT_NEAR(overlapOf(shares, shares), 1.0, 1e-12);
}

TEST(Bins, OfNothingAndOfOneValue) {
  const std::vector<float> none, one{0.3F, 0.3F};
  EXPECT_EQ(sharesIn(binsOver(std::vector<std::span<const float>>{none}, 5), none), std::vector<double>(5, 0.0));
  const Bins bins = binsOver(std::vector<std::span<const float>>{one}, 3);
  EXPECT_DOUBLE_EQ(bins.step, 1.0);
  EXPECT_DOUBLE_EQ(sharesIn(bins, one)[1], 1.0) << "in the middle";
}

TEST(WeightOverlap, SharedTopAndRankCorrelation) {
  const std::vector<double> first{0.5, 0.3, 0.1, 0.1, 0.0}, second{0.1, 0.4, 0.3, 0.2, 0.0};
  const std::vector<bool> open(5), self{false, false, false, false, true};
  const auto found = weightOverlap(first, self, second, self, 2);
  EXPECT_EQ(found.top, 2u);
  EXPECT_EQ(found.shared, 1u);
  EXPECT_EQ(found.both, (std::vector<bool>{false, true, false, false, false}));
  // Of the 6 pairs of the four: (0,1) (0,2) (0,3) discordant, (1,2) (1,3) concordant, (2,3) tied by the first.
  ASSERT_TRUE(found.rankCorrelation);
  EXPECT_NEAR(*found.rankCorrelation, (2.0 - 3.0) / std::sqrt(5.0 * 6.0), 1e-12);
  EXPECT_EQ(weightOverlap(first, open, first, open, 9).shared, 5u);
  EXPECT_NEAR(*weightOverlap(first, open, first, open, 9).rankCorrelation, 1.0, 1e-12);
}

TEST(WeightOverlap, OfNothing) {
  const auto found = weightOverlap({}, {}, {}, {}, 4);
  EXPECT_EQ(found.top, 0u);
  EXPECT_FALSE(found.rankCorrelation);
}

}  // namespace
}  // namespace lix::study
