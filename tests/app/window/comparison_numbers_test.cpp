// What the counts, intervals and margins of a comparison are, by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "pages/compare/comparison.h"

namespace lix::app {
namespace {

ComparedPicture said(const char* key, int label, int a, int b, double marginA = 0.0, double marginB = 0.0) {
  return {key, key, label, a, b, marginA, marginB};
}

TEST(Comparison, CountsByVerdict) {
  const std::vector<ComparedPicture> pictures{said("1", 0, 0, 0), said("2", 0, 0, 1), said("3", 1, 0, 1),
                                              said("4", 1, 0, 2), said("5", 2, 2, 2), said("6", 2, 2, 0)};
  const VerdictCounts counts = countVerdicts(pictures);
  EXPECT_EQ(counts.of, (std::array<std::size_t, 4>{2, 2, 1, 1}));
  EXPECT_DOUBLE_EQ(*counts.accuracyA(), 4.0 / 6.0);
  EXPECT_DOUBLE_EQ(*counts.accuracyB(), 3.0 / 6.0);
  EXPECT_FALSE(countVerdicts({}).accuracyA());
}

TEST(Comparison, ThePairedIntervalByHand) {
  // n = 98, only A 4, only B 14: p_A = 5/100, p_B = 15/100, half = 1.96 sqrt((0.20 - 0.01) / 100) = 0.0854329.
  const auto difference = pairedDifference({{50, 4, 14, 30}});
  ASSERT_TRUE(difference);
  EXPECT_NEAR(difference->value, 10.0 / 98.0, 1e-12);
  EXPECT_NEAR(difference->low, 0.10 - 0.0854329, 1e-6);
  EXPECT_NEAR(difference->high, 0.10 + 0.0854329, 1e-6);
  const auto turned = pairedDifference({{50, 14, 4, 30}});
  EXPECT_NEAR(turned->low, -difference->high, 1e-12);
  EXPECT_FALSE(pairedDifference({}));
}

TEST(Comparison, EqualModelsDifferByNothingButNotSurely) {
  const auto difference = pairedDifference({{7, 0, 0, 3}});
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->value, 0.0);
  EXPECT_LT(difference->low, 0.0) << "ten pictures cannot prove that two models are alike";
  EXPECT_NEAR(difference->low, -difference->high, 1e-12);
}

TEST(Comparison, MarginsAreInTheirOwnUnit) {
  const std::vector<float> scores{3, 1, 0, /**/ 0, 1, 4};
  const std::vector<int> labels{0, 1};
  const auto margins = trueMargins(scores, 3, labels);  // 2 and -3 over sqrt((4 + 9) / 2)
  ASSERT_EQ(margins.size(), 2u);
  EXPECT_NEAR(margins[0], 2.0 / std::sqrt(6.5), 1e-12);
  EXPECT_NEAR(margins[1], -3.0 / std::sqrt(6.5), 1e-12);
  std::vector<float> louder = scores;
  for (float& score : louder) {
    score = score * 40.f + 7.f;
  }
  EXPECT_NEAR(trueMargins(louder, 3, labels)[1], margins[1], 1e-6);
  EXPECT_EQ(trueMargins(std::vector<float>{1, 1}, 2, std::vector<int>{0}), std::vector<double>{0.0});
}

TEST(Comparison, PicturesAreFilteredAndSorted) {
  const std::vector<ComparedPicture> pictures{said("1", 0, 0, 0, 1.0, 2.0), said("2", 0, 1, 0, -1.0, 1.5),
                                              said("3", 0, 1, 0, -0.1, 0.1), said("4", 0, 0, 1, 0.5, -2.0)};
  using Rows = std::vector<std::size_t>;
  const PictureFilter onlyB{.verdict = Verdict::OnlyB}, all, none{.verdict = Verdict::Neither};
  EXPECT_EQ(chosenPictures(pictures, onlyB, PictureOrder::Dataset), (Rows{1, 2}));
  EXPECT_EQ(chosenPictures(pictures, all, PictureOrder::GainOfB), (Rows{1, 0, 2, 3}));
  EXPECT_EQ(chosenPictures(pictures, all, PictureOrder::GainOfA), (Rows{3, 2, 0, 1}));
  EXPECT_EQ(chosenPictures(pictures, all, PictureOrder::LeastSure).front(), 2u);
  EXPECT_TRUE(chosenPictures(pictures, none, PictureOrder::Dataset).empty());
}

TEST(Comparison, FiltersNarrowOneAnother) {
  std::vector<ComparedPicture> pictures{said("a/1", 0, 0, 1), said("a/2", 0, 1, 1), said("b/1", 1, 1, 0),
                                        said("b/2", 1, 1, 1)};
  pictures[3].name = "Über den Wolken";
  using Rows = std::vector<std::size_t>;
  const auto rows = [&](const PictureFilter& filter) { return chosenPictures(pictures, filter, PictureOrder::Dataset); };
  PictureFilter filter;
  filter.label = 1;
  EXPECT_EQ(rows(filter), (Rows{2, 3}));
  filter.saidB = 0;
  EXPECT_EQ(rows(filter), (Rows{2}));
  filter.saidA = 0;
  EXPECT_TRUE(rows(filter).empty());
  filter = {};
  filter.text = "  B/";
  EXPECT_EQ(rows(filter), (Rows{2, 3})) << "in the key, whatever its capitals";
  filter.text = "über";
  EXPECT_EQ(rows(filter), (Rows{3}));
  filter.verdict = Verdict::OnlyA;
  EXPECT_TRUE(rows(filter).empty());
}

}  // namespace
}  // namespace lix::app
