// Agreement, flips and paired differences of two classifiers, by hand and by the definition counted another way.
#include "study/compare/agreement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "study/compare/confusion_change.h"

namespace lix::study {
namespace {

using Answers = std::vector<int>;

TEST(Agreement, KappaByHand) {
  // Cohen's 2 x 2: both say 0 on 20, both 1 on 15, first 0 second 1 on 5, first 1 second 0 on 10.
  Answers first, second, labels;
  for (const auto& [a, b, times] : {std::tuple(0, 0, 20), {1, 1, 15}, {0, 1, 5}, {1, 0, 10}}) {
    for (int i = 0; i < times; ++i) {
      first.push_back(a);
      second.push_back(b);
      labels.push_back(0);
    }
  }
  const auto found = agreement(first, second, labels, 2);
  ASSERT_TRUE(found);
  EXPECT_DOUBLE_EQ(found->same, 0.7);
  ASSERT_TRUE(found->kappa);
  EXPECT_NEAR(*found->kappa, 0.4, 1e-12) << "chance is 0.5 * 0.6 + 0.5 * 0.4 = 0.5";
  EXPECT_EQ(found->bothWrong, 15u);
  EXPECT_EQ(found->sameMistake, 15u);
}

TEST(Agreement, KappaCountedAnotherWay) {
  Random random(7, 1);
  Answers first, second, labels;
  for (int i = 0; i < 500; ++i) {
    labels.push_back(int(random.below(6)));
    first.push_back(random.below(3) == 0 ? int(random.below(6)) : labels.back());
    second.push_back(random.below(2) == 0 ? int(random.below(6)) : first.back());
  }
  std::map<std::pair<int, int>, double> table;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    table[{first[i], second[i]}] += 1.0 / double(labels.size());
  }
  // 1 - (observed disagreement) / (expected disagreement)
  double seen = 0.0, expected = 0.0;
  for (int a = 0; a < 6; ++a) {
    for (int b = 0; b < 6; ++b) {
      double row = 0.0, column = 0.0;
      for (int c = 0; c < 6; ++c) {
        row += table[{a, c}];
        column += table[{c, b}];
      }
      seen += a == b ? 0.0 : table[{a, b}];
      expected += a == b ? 0.0 : row * column;
    }
  }
  const auto found = agreement(first, second, labels, 6);
  EXPECT_NEAR(*found->kappa, 1.0 - seen / expected, 1e-12);
  const auto turned = agreement(second, first, labels, 6);
  EXPECT_NEAR(*turned->kappa, *found->kappa, 1e-12) << "does not care who is first";
  Answers renamed = first, renamedSecond = second, renamedLabels = labels;
  for (auto* answers : {&renamed, &renamedSecond, &renamedLabels}) {
    for (int& c : *answers) {
      c = (c + 4) % 6;
    }
  }
  EXPECT_NEAR(*agreement(renamed, renamedSecond, renamedLabels, 6)->kappa, *found->kappa, 1e-12);
}

TEST(Agreement, WithoutAChoiceThereIsNoKappa) {
  EXPECT_FALSE(agreement(Answers{}, Answers{}, Answers{}, 3));
  const auto one = agreement(Answers{1, 1}, Answers{1, 1}, Answers{0, 1}, 2);
  EXPECT_DOUBLE_EQ(one->same, 1.0);
  EXPECT_FALSE(one->kappa);
  EXPECT_EQ(one->bothWrong, 1u);
}

TEST(ClassFlips, CountsWhatWasLostAndGained) {
  const Answers labels{0, 0, 0, 1, 1, 2}, first{0, 0, 1, 0, 1, 0}, second{0, 1, 0, 1, 1, 1};
  const auto flips = classFlips(first, second, labels, 4);
  ASSERT_EQ(flips.size(), 4u);
  EXPECT_EQ(flips[0].samples, 3u);
  EXPECT_EQ(flips[0].lost, 1u);
  EXPECT_EQ(flips[0].gained, 1u);
  EXPECT_EQ(flips[0].firstRight, 2u);
  EXPECT_EQ(flips[1].gained, 1u);
  EXPECT_EQ(flips[1].secondRight, 2u);
  EXPECT_EQ(flips[2].lost + flips[2].gained, 0u) << "both wrong, by other answers";
  EXPECT_EQ(flips[3].samples, 0u);
}

TEST(PairedDifference, ByHand) {
  // n = 98, lost 4, gained 14: p = 5/100 and 15/100, half = 1.96 sqrt((0.20 - 0.01) / 100) = 0.0854329.
  const auto found = pairedDifference(98, 4, 14);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, 10.0 / 98.0, 1e-12);
  EXPECT_NEAR(found->low, 0.10 - 0.0854329, 1e-6);
  EXPECT_NEAR(found->high, 0.10 + 0.0854329, 1e-6);
  EXPECT_FALSE(pairedDifference(0, 0, 0));
  const auto all = pairedDifference(3, 0, 3);
  EXPECT_DOUBLE_EQ(all->value, 1.0);
  EXPECT_DOUBLE_EQ(all->high, 1.0);
  EXPECT_LT(all->low, 1.0);
}

TEST(ConfusionChange, RowsAreSharesAndBlankWithoutSamples) {
  const auto shares = rowShares(std::vector<std::size_t>{3, 1, 0, 0}, 2);
  EXPECT_DOUBLE_EQ(shares[0], 0.75);
  EXPECT_DOUBLE_EQ(shares[1], 0.25);
  EXPECT_TRUE(std::isnan(shares[2]) && std::isnan(shares[3]));
}

TEST(ConfusionChange, TheClassesThatChangedMostComeInTheirOrder) {
  const std::vector<double> first{1, 0, 0, 0, 1, 0, 0, 0, 1};
  std::vector<double> second = first;
  second[0] = 0.4, second[2] = 0.6;  // class 0 is taken for 2
  EXPECT_EQ(mostChanged(first, second, 3, 2), (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(mostChanged(first, second, 3, 1), (std::vector<std::size_t>{0})) << "its own row and column";
  EXPECT_EQ(mostChanged(first, first, 3, 2), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(mostChanged(first, first, 3, 9).size(), 3u);
  second[4] = NAN;
  EXPECT_EQ(mostChanged(first, second, 3, 2), (std::vector<std::size_t>{0, 2})) << "blank cells count nothing";
}

}  // namespace
}  // namespace lix::study
