#include "study/metrics/accuracy.h"

#include <gtest/gtest.h>

namespace lix::study {
namespace {

// Four samples of three classes; the last row is a tie of all.
const std::vector<float> kScores{0.1f, 0.7f, 0.2f, 0.5f, 0.2f, 0.3f, 0.0f, 0.4f, 0.6f, 0.3f, 0.3f, 0.3f};
const std::vector<int> kLabels{1, 2, 1, 0};

TEST(Accuracy, PredictionsTakeTheFirstMaximum) {
  EXPECT_EQ(predictions({kScores, 3}), (std::vector{1, 0, 2, 0}));
  EXPECT_TRUE(predictions({{}, 3}).empty());
  EXPECT_TRUE(predictions({{}, 0}).empty());
}

TEST(Accuracy, ShareOfRightPredictions) {
  EXPECT_DOUBLE_EQ(*accuracy(predictions({kScores, 3}), kLabels), 0.5);
  EXPECT_FALSE(accuracy({}, {}).has_value());
}

TEST(Accuracy, TopK) {
  EXPECT_DOUBLE_EQ(*topAccuracy({kScores, 3}, kLabels, 1), 0.5);
  EXPECT_DOUBLE_EQ(*topAccuracy({kScores, 3}, kLabels, 2), 1.0);
  EXPECT_DOUBLE_EQ(*topAccuracy({kScores, 3}, kLabels, 3), 1.0);
  EXPECT_FALSE(topAccuracy({kScores, 3}, kLabels, 5).has_value()) << "there is no top 5 of three classes";
}

TEST(Accuracy, TopKTiesGoToTheLowestClass) {
  const std::vector<float> tie{0.5f, 0.5f, 0.5f};
  EXPECT_DOUBLE_EQ(*topAccuracy({tie, 3}, std::vector{1}, 1), 0.0);
  EXPECT_DOUBLE_EQ(*topAccuracy({tie, 3}, std::vector{1}, 2), 1.0);
  EXPECT_DOUBLE_EQ(*topAccuracy({tie, 3}, std::vector{2}, 2), 0.0);
}

TEST(Accuracy, RecallIsOverTheClassesThatOccur) {
  const std::vector<int> labels{0, 0, 0, 0, 2};
  const std::vector<int> predicted{0, 0, 0, 1, 1};
  EXPECT_DOUBLE_EQ(*meanPerClassRecall(predicted, labels, 3), (0.75 + 0.0) / 2.0);
  EXPECT_DOUBLE_EQ(*accuracy(predicted, labels), 0.6);
  EXPECT_FALSE(meanPerClassRecall({}, {}, 3).has_value());
}

TEST(Accuracy, ConfusionCountsLabelByPrediction) {
  EXPECT_EQ(confusion(std::vector{1, 0, 2, 0}, kLabels, 3), (std::vector<std::size_t>{1, 0, 0, 0, 1, 1, 1, 0, 0}));
}

TEST(Accuracy, MarginIsBestLessSecond) {
  const auto values = margins({kScores, 3});
  ASSERT_EQ(values.size(), 4u);
  EXPECT_NEAR(values[0], 0.5, 1e-6);
  EXPECT_NEAR(values[1], 0.2, 1e-6);
  EXPECT_NEAR(values[2], 0.2, 1e-6);
  EXPECT_EQ(values[3], 0.f);
  EXPECT_EQ(margins({std::vector{3.f, 5.f}, 1}), (std::vector{0.f, 0.f}));
}

TEST(AccuracyDeathTest, LabelsOutOfRangeAreABrokenContract) {
  EXPECT_DEATH(topAccuracy({kScores, 3}, std::vector{0, 1, 2, 3}, 1), "contract broken");
  EXPECT_DEATH(confusion(std::vector{0, -1}, std::vector{0, 1}, 2), "contract broken");
  EXPECT_DEATH(accuracy(std::vector{0}, kLabels), "contract broken");
}

}  // namespace
}  // namespace lix::study
