#include "study/metrics/group_accuracy.h"

#include <gtest/gtest.h>

#include <limits>

#include "study/metrics/variance_share.h"

namespace lix::study {
namespace {

TEST(GroupAccuracy, WorstGroupAndGap) {
  const std::vector<int> labels{0, 0, 1, 1, 1, 0}, predicted{0, 1, 1, 1, 0, 0}, groups{0, 0, 2, 2, 2, -1};
  const auto found = groupAccuracy(predicted, labels, groups, 3);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(*found->accuracies[0], 0.5);
  EXPECT_FALSE(found->accuracies[1]) << "nobody is in it";
  EXPECT_DOUBLE_EQ(*found->accuracies[2], 2.0 / 3.0);
  EXPECT_EQ(found->counts, (std::vector<std::size_t>{2, 0, 3}));
  EXPECT_EQ(found->worst, 0u);
  EXPECT_DOUBLE_EQ(found->worstAccuracy, 0.5);
  EXPECT_DOUBLE_EQ(found->gap, 2.0 / 3.0 - 0.5);
  const std::vector<int> none{-1, -1, -1, -1, -1, -1};
  EXPECT_FALSE(groupAccuracy(predicted, labels, none, 3));
}

TEST(RocAuc, CountsPairsAndHalvesEquals) {
  const std::vector<float> scores{0.1f, 0.4f, 0.35f, 0.8f};
  const std::vector<int> positive{0, 0, 1, 1};
  EXPECT_DOUBLE_EQ(*rocAuc(scores, positive), 0.75);  // scikit-learn's own example
  const std::vector<float> equal{1.f, 1.f, 1.f};
  EXPECT_DOUBLE_EQ(*rocAuc(equal, std::vector<int>{0, 1, 1}), 0.5);
  const std::vector<float> mixed{2.f, 1.f, 1.f, 0.f};
  EXPECT_DOUBLE_EQ(*rocAuc(mixed, std::vector<int>{1, 1, 0, 0}), 0.875);  // pairs 1, 1, 0.5, 1
  EXPECT_FALSE(rocAuc(equal, std::vector<int>{1, 1, 1}));
  EXPECT_FALSE(rocAuc({}, {}));
}

TEST(RocAuc, OfScoresWithoutAnOrderThereIsNone) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::vector<float> scores{0.5f, bad, 0.25f};
    EXPECT_FALSE(rocAuc(scores, std::vector<int>{0, 1, 1}));
    EXPECT_FALSE(rocAuc(std::vector<float>{bad, -bad}, std::vector<int>{0, 1}));
  }
}

TEST(VarianceShares, AddUpAndFindTheirSource) {
  // s = 3 i + j + 2 ij on 2 x 2: means of rows 0.5, 4.5; of columns 1.5, 3.5; of all 2.5
  const std::vector<float> scores{0.f, 1.f, 3.f, 6.f};
  const auto shares = varianceShares(scores, 2);
  ASSERT_TRUE(shares);
  EXPECT_NEAR(shares->picture, 16.0 / 21.0, 1e-12);
  EXPECT_NEAR(shares->caption, 4.0 / 21.0, 1e-12);
  EXPECT_NEAR(shares->pair, 1.0 / 21.0, 1e-12);
  const std::vector<float> captionOnly{1.f, 5.f, 2.f, 1.f, 5.f, 2.f};
  EXPECT_DOUBLE_EQ(varianceShares(captionOnly, 3)->caption, 1.0);
  const std::vector<float> scaled{-1.f, 9.f, 29.f, 59.f};  // 10 s - 1
  EXPECT_NEAR(varianceShares(scaled, 2)->caption, shares->caption, 1e-12);
  EXPECT_FALSE(varianceShares(std::vector<float>{1.f, 1.f, 1.f, 1.f}, 2)) << "nothing varies";
  EXPECT_FALSE(varianceShares(std::vector<float>{1.f, 2.f}, 2)) << "one picture";
}

}  // namespace
}  // namespace lix::study
