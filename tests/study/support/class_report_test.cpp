#include "study/support/class_report.h"

#include <gtest/gtest.h>

namespace lix::study {
namespace {

SupportPrediction told(std::size_t query, int label, int predicted, float margin = 1.f) {
  return {.query = query, .predicted = predicted, .second = 0, .margin = margin, .label = label};
}

/// Class 0: 2 of 3 right, class 1: 1 of 1, class 2: none, class 3: 0 of 2; one query of no class.
std::vector<SupportPrediction> predictions() {
  return {told(0, 0, 0),       told(1, 0, 0),       told(2, 0, 3, 0.5f), told(3, 1, 1),
          told(4, 3, 0, 0.2f), told(5, 3, 0, 0.9f), told(6, -1, 0)};
}

TEST(ClassReport, RecallsByHand) {
  const auto recalls = classRecalls(predictions(), 4);
  ASSERT_EQ(recalls.size(), 4u);
  EXPECT_EQ(recalls[0].right, 2u);
  EXPECT_EQ(recalls[0].of, 3u);
  EXPECT_DOUBLE_EQ(*recalls[0].share(), 2.0 / 3.0);
  EXPECT_EQ(recalls[0].interval.low, wilsonInterval(2, 3).low);
  EXPECT_EQ(recalls[1].share(), 1.0);
  EXPECT_FALSE(recalls[2].share());
  EXPECT_EQ(recalls[3].share(), 0.0);
  std::vector<std::size_t> order;
  for (const ClassRecall& one : worstFirst(recalls)) {
    order.push_back(one.classIndex);
  }
  EXPECT_EQ(order, (std::vector<std::size_t>{3, 0, 1, 2})) << "a class without queries comes last";
}

TEST(ClassReport, OfEqualSharesThatOfMoreQueriesComesFirst) {
  const std::vector<SupportPrediction> all{told(0, 0, 0), told(1, 1, 1), told(2, 1, 1)};
  EXPECT_EQ(worstFirst(classRecalls(all, 2)).front().classIndex, 1u);
  EXPECT_TRUE(classRecalls({}, 0).empty());
}

TEST(ClassReport, ConfusionsByHand) {
  EXPECT_EQ(confusionCounts(predictions(), 4),
            (std::vector<std::size_t>{2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0}));
  const auto cell = confusionCell(predictions(), 3, 0);
  ASSERT_EQ(cell.size(), 2u);
  EXPECT_EQ(cell[0].query, 5u) << "the surest error first";
  EXPECT_EQ(cell[1].query, 4u);
  EXPECT_TRUE(confusionCell(predictions(), -1, 0).empty()) << "no class is no row";
}

TEST(ClassReport, ChangesArePairedByQuery) {
  AdapterScore before, after;
  before.predictions = {told(0, 0, 1), told(1, 0, 0), told(2, 0, 0), told(3, -1, 0), told(7, 0, 0)};
  after.predictions = {told(2, 0, 1), told(1, 0, 0), told(0, 0, 0), told(3, 0, 0), told(8, 0, 0)};
  const auto change = changeBetween(before, after);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->pairs, 3u) << "3 was not scored before, 7 and 8 are not in both";
  EXPECT_EQ(change->gained, 1u);
  EXPECT_EQ(change->lost, 1u);
  EXPECT_EQ(change->share.value, 0.0);
  EXPECT_FALSE(changeBetween({}, after));
}

}  // namespace
}  // namespace lix::study
