// Alignment, uniformity, gap, similarities and neighbours against values by hand and by NumPy.
#include "study/probes/geometry.h"

#include <limits>
#include <numeric>

#include "probe_support.h"
#include "study/probes/neighbours.h"
#include "study/probes/similarity.h"

namespace lix::study::test {
namespace {

TEST(Geometry, ByHand) {
  const Rows poles = rowsOf({{1, 0}, {-1, 0}}), across = rowsOf({{-1, 0}, {1, 0}}), side = rowsOf({{0, 1}, {0, 1}});
  EXPECT_NEAR(*alignment(poles.view(), poles.view()), 0.0, 1e-12);
  EXPECT_NEAR(*alignment(poles.view(), across.view()), 4.0, 1e-12);
  EXPECT_NEAR(*alignment(poles.view(), side.view()), 2.0, 1e-12);
  EXPECT_NEAR(*uniformity(poles.view()), -8.0, 1e-6) << "ln exp(-2 * 4)";
  EXPECT_NEAR(*uniformity(side.view()), 0.0, 1e-6) << "one point";
  EXPECT_NEAR(*modalityGap(poles.view(), side.view()), 1.0, 1e-12);
  EXPECT_NEAR(*modalityGap(poles.view(), across.view()), 0.0, 1e-12) << "centroids alike, pairs opposite";
  EXPECT_NEAR(*modalityGap(side.view(), rowsOf({{0, -1}}).view()), 2.0, 1e-12);
}

TEST(Geometry, IsNumPys) {
  const Rows images = referenceRows("images"), captions = referenceRows("captions");
  EXPECT_NEAR(*alignment(images.view(), captions.view()), reference()["alignment"].get<double>(), 1e-6);
  EXPECT_NEAR(*uniformity(images.view()), reference()["uniformity"].get<double>(), 1e-5);
  EXPECT_NEAR(*modalityGap(images.view(), captions.view()), reference()["modality_gap"].get<double>(), 1e-6);
}

TEST(Geometry, DoesNotDependOnOrderOrDirections) {
  const Rows images = drawn(300, 9, 1, Length::Unit), captions = drawn(300, 9, 2, Length::Unit);  // over a tile's rows
  const Rows turnedImages = turned(images, 0, 8, 1.1), turnedCaptions = turned(captions, 0, 8, 1.1);
  EXPECT_NEAR(*uniformity(turnedImages.view()), *uniformity(images.view()), 1e-5);
  EXPECT_NEAR(*uniformity(backwards(images).view()), *uniformity(images.view()), 1e-6);
  EXPECT_NEAR(*alignment(turnedImages.view(), turnedCaptions.view()), *alignment(images.view(), captions.view()), 1e-5);
  EXPECT_NEAR(*alignment(backwards(images).view(), backwards(captions).view()),
              *alignment(images.view(), captions.view()), 1e-9);
  EXPECT_NEAR(*modalityGap(turnedImages.view(), turnedCaptions.view()), *modalityGap(images.view(), captions.view()),
              1e-6);
}

TEST(Geometry, RefusesWhatCannotBeCompared) {
  const Rows one = rowsOf({{1, 0}}), two = rowsOf({{1, 0}, {0, 1}}), wide = rowsOf({{1, 0, 0}, {0, 1, 0}});
  const Rows broken = rowsOf({{1, 0}, {std::numeric_limits<float>::quiet_NaN(), 0}});
  expectRefused(uniformity(one.view()), "at least 2");
  expectRefused(uniformity(broken.view()), "row 2");
  expectRefused(alignment(one.view(), two.view()), "one by one");
  expectRefused(alignment(two.view(), wide.view()), "one by one");
  expectRefused(alignment(broken.view(), two.view()), "not a finite number");
  expectRefused(modalityGap(two.view(), wide.view()), "different widths");
  expectRefused(modalityGap({{}, 0, 2}, two.view()), "at least 1");
  expectRefused(uniformity({two.values, 3, 2}), "are not 3 rows of 2");
}

TEST(ClassSimilarity, ByHand) {
  const std::vector<int> labels{0, 0, 1};
  const auto found = classSimilarity(rowsOf({{1, 0}, {1, 0}, {0, 1}}).view(), labels);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->within.pairs, 1u);
  EXPECT_EQ(found->between.pairs, 2u);
  EXPECT_NEAR(*found->within.mean, 1.0, 1e-7);
  EXPECT_NEAR(*found->between.mean, 0.0, 1e-7);
  EXPECT_EQ(cosineEdges().size(), 41u);
  EXPECT_EQ(cosineEdges().front(), -1.0);
  EXPECT_EQ(cosineEdges()[20], 0.0);
  EXPECT_EQ(cosineEdges().back(), 1.0);
  EXPECT_EQ(found->within.shares.back(), 1.0) << "the last bin holds 1";
  EXPECT_EQ(found->between.shares[20], 1.0) << "a bin holds its lower edge";
  const auto alone = classSimilarity(rowsOf({{1, 0}, {-1, 0}}).view(), std::vector<int>{4, 5});
  LIX_ASSERT_OK(alone);
  EXPECT_FALSE(alone->within.mean.has_value());
  EXPECT_EQ(alone->within.pairs, 0u);
  EXPECT_EQ(alone->between.shares.front(), 1.0);
}

TEST(ClassSimilarity, IsNumPys) {
  const Rows images = referenceRows("images");
  const auto labels = reference()["labels"].get<std::vector<int>>();
  const auto found = classSimilarity(images.view(), labels);
  LIX_ASSERT_OK(found);
  for (const auto& [name, made] : {std::pair("within", found->within), {"between", found->between}}) {
    const auto& wanted = reference()["similarity"][name];
    EXPECT_NEAR(*made.mean, wanted["mean"].get<double>(), 1e-6) << name;
    expectNear(made.shares, wanted["shares"].get<std::vector<double>>(), 1e-12);
    EXPECT_NEAR(std::accumulate(made.shares.begin(), made.shares.end(), 0.0), 1.0, 1e-12);
  }
  expectRefused(classSimilarity(images.view(), std::vector<int>{1, 2}), "2 labels for 24");
}

TEST(Neighbours, AreNumPysAndPurityWithThem) {
  const auto labels = reference()["labels"].get<std::vector<int>>();
  const std::size_t k = reference()["k"];
  const auto found = neighbours(referenceRows("images").view(), k);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->rows, reference()["neighbours"].get<std::vector<std::uint32_t>>());
  EXPECT_NEAR(*neighbourPurity(*found, labels), reference()["purity"].get<double>(), 1e-12);
  const auto other = neighbours(referenceRows("other").view(), k);
  LIX_ASSERT_OK(other);
  const auto changes = compareNeighbours(*found, *other);
  LIX_ASSERT_OK(changes);
  const auto wanted = reference()["overlap"].get<std::vector<double>>();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR((*changes)[i].overlap, wanted[i], 1e-12) << i;
    EXPECT_EQ(std::ranges::count((*changes)[i].left, true), std::ranges::count((*changes)[i].entered, true));
  }
}

TEST(Neighbours, OfTwoClustersArePureUntilTheClusterIsUsedUp) {
  const Rows rows = rowsOf({{1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 1}});
  const std::vector<int> labels{0, 0, 0, 1, 1, 1};
  EXPECT_EQ(*neighbourPurity(*neighbours(rows.view(), 2), labels), 1.0);
  EXPECT_NEAR(*neighbourPurity(*neighbours(rows.view(), 4), labels), 0.5, 1e-12);
  EXPECT_EQ(*neighbourPurity(*neighbours(rows.view(), 2), std::vector<int>{0, 1, 2, 3, 4, 5}), 0.0);
  const auto lists = *neighbours(rows.view(), 4);
  EXPECT_EQ(std::vector(lists.of(4).begin(), lists.of(4).end()), (std::vector<std::uint32_t>{3, 5, 0, 1}))
      << "ties: the lower first";
}

TEST(Neighbours, WhatEnteredAndLeftIsByHand) {
  const NeighbourLists before{2, {1, 2, 0, 2, 0, 1}}, after{2, {2, 3, 2, 0, 5, 6}};
  const auto changes = compareNeighbours(before, after);
  LIX_ASSERT_OK(changes);
  EXPECT_EQ((*changes)[0].left, (std::vector<bool>{true, false}));
  EXPECT_EQ((*changes)[0].entered, (std::vector<bool>{false, true}));
  EXPECT_EQ((*changes)[0].overlap, 0.5);
  EXPECT_EQ((*changes)[1].overlap, 1.0) << "another order is no change";
  EXPECT_EQ((*changes)[2].overlap, 0.0);
}

TEST(Neighbours, RefuseWhatThereAreNot) {
  const Rows three = drawn(3, 2, 1, Length::Unit);
  expectRefused(neighbours(three.view(), 3), "choose k from 1 to 2");
  expectRefused(neighbours(three.view(), 0), "choose k from 1 to 2");
  expectRefused(neighbours(drawn(1, 2, 1).view(), 1), "at least 2");
  const auto lists = *neighbours(three.view(), 2);
  expectRefused(neighbourPurity(lists, std::vector<int>{1}), "1 labels");
  expectRefused(compareNeighbours(lists, *neighbours(three.view(), 1)), "same pictures");
}

}  // namespace
}  // namespace lix::study::test
