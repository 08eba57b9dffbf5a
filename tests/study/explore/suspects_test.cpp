#include "study/explore/suspects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "made_rows.h"

namespace lix::study {
namespace {

TEST(Outliers, ByHand) {
  const NeighbourGraph graph{.k = 2, .rows = {1, 2, 0, 2, 0, 1}, .cosines = {0.9f, 0.5f, 0.9f, 0.1f, 0.5f, 0.1f}};
  const auto found = outliers(graph, 2);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].row, 2u);
  EXPECT_NEAR(found[0].distance, 0.7f, 1e-6);
  EXPECT_EQ(found[1].row, 1u);
  EXPECT_NEAR(found[1].distance, 0.5f, 1e-6);
  EXPECT_EQ(outliers(graph, 10).size(), 3u);
}

TEST(LabelDoubts, ByHand) {
  // Class 0: rows 0, 1, 4 with (1, 0), (1, 0), (0, 1); class 1: rows 2, 3 with (0, 1). Row 4 has cosine 0 with the mean of
  // the others of class 0 and 1 with that of class 1; it pulls no other row over.
  const HalfRows rows = halves({1.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 1.f, 0.f, 1.f}, 2);
  const std::vector<int> labels{0, 0, 1, 1, 0};
  const auto found = labelDoubts(rows, labels, 2);
  LIX_ASSERT_OK(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().row, 4u);
  EXPECT_EQ(found->front().label, 0);
  EXPECT_EQ(found->front().nearer, 1);
  EXPECT_NEAR(found->front().own, 0.f, 1e-6);
  EXPECT_NEAR(found->front().other, 1.f, 1e-6);
}

TEST(LabelDoubts, ARowDoesNotSpeakForItself) {
  // With itself in it the mean of {(1,0), (0,1)} has cosine 0.71 with both; without, each has 0 with the other.
  const HalfRows rows = halves({1.f, 0.f, 0.f, 1.f, 0.6f, 0.8f, 0.6f, 0.8f}, 2);
  const auto found = labelDoubts(rows, std::vector<int>{0, 0, 1, 1}, 2);
  LIX_ASSERT_OK(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ((*found)[0].row, 1u) << "0.8 before 0.6";
  EXPECT_EQ((*found)[1].row, 0u);
}

TEST(LabelDoubts, SingleAndUnlabelledRows) {
  const HalfRows rows = halves({1.f, 0.f, 0.f, 1.f, 0.f, 1.f, 1.f, 0.f}, 2);
  const auto found = labelDoubts(rows, std::vector<int>{0, 1, 1, -1}, 3);
  LIX_ASSERT_OK(found);
  EXPECT_TRUE(found->empty());
  EXPECT_FALSE(labelDoubts(rows, std::vector<int>{-1, 1, 1, -1}, 3)) << "one class alone";
}

TEST(LabelDoubts, AsPlainLoops) {
  const std::size_t count = 9000, width = 12, classes = 40;  // more than one block, more classes than a panel holds
  const HalfRows rows = halves(madeRows(count, width, classes, 4), width);
  std::vector<int> labels(count);
  for (std::size_t i = 0; i < count; ++i) {
    labels[i] = i % 17 == 0 ? -1 : int(i % classes);
    labels[i] = i % 100 == 3 ? int((i + 1) % classes) : labels[i];
  }
  const auto found = labelDoubts(rows, labels, classes);
  LIX_ASSERT_OK(found);
  const std::vector<float> all = floats(rows);
  std::vector<double> sums(classes * width, 0.0);
  for (std::size_t i = 0; i < count * width; ++i) {
    if (labels[i / width] >= 0) {
      sums[std::size_t(labels[i / width]) * width + i % width] += all[i];
    }
  }
  std::vector<std::uint32_t> wrong, close;  // close: floats may say otherwise
  for (std::size_t i = 0; i < count; ++i) {
    int best = -1;
    double most = -2.0, own = -2.0, other = -2.0;
    for (std::size_t c = 0; c < classes && labels[i] >= 0; ++c) {
      double product = 0.0, square = 0.0;
      for (std::size_t d = 0; d < width; ++d) {
        const double mean = sums[c * width + d] - (int(c) == labels[i] ? all[i * width + d] : 0.f);
        product += mean * all[i * width + d];
        square += mean * mean;
      }
      const double cosine = product / std::sqrt(square);
      (int(c) == labels[i] ? own : other) = int(c) == labels[i] ? cosine : std::max(other, cosine);
      if (cosine > most) {
        most = cosine;
        best = int(c);
      }
    }
    if (labels[i] >= 0 && std::abs(own - other) < 1e-5) {
      close.push_back(std::uint32_t(i));
    } else if (best != labels[i]) {
      wrong.push_back(std::uint32_t(i));
    }
  }
  std::vector<std::uint32_t> said;
  for (const LabelDoubt& doubt : *found) {
    if (!std::ranges::binary_search(close, doubt.row)) {
      said.push_back(doubt.row);
    }
    EXPECT_GT(doubt.margin(), 0.f);
  }
  EXPECT_TRUE(std::ranges::is_sorted(*found, std::greater(), &LabelDoubt::margin));
  std::ranges::sort(said);
  EXPECT_EQ(said, wrong);
  EXPECT_GE(wrong.size(), 50u);
  EXPECT_LE(close.size(), labels.size() / 100);
}

}  // namespace
}  // namespace lix::study
