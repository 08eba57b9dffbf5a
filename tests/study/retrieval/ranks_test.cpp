// Ranks and recalls by hand, by sorting, and whatever the tiles are.
#include "study/retrieval/ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "support/support.h"

namespace lix::study {
namespace {

using Matrix = std::vector<std::vector<float>>;

TileScores tilesOf(const Matrix& scores) {
  return [&scores](const Tile& tile, std::span<float> out) {
    for (std::size_t i = 0; i < tile.images; ++i) {
      for (std::size_t j = 0; j < tile.captions; ++j) {
        out[i * tile.captions + j] = scores[tile.firstImage + i][tile.firstCaption + j];
      }
    }
  };
}

CaptionGroups grouped(const std::vector<std::size_t>& counts) { return CaptionGroups::of(counts).value(); }

Ranks ranksOf(const Matrix& scores, const std::vector<std::size_t>& counts, const RankSettings& settings = {}) {
  return rankAll(grouped(counts), tilesOf(scores), settings).value();
}

/// Few distinct values, so that there are many ties; exact in float.
Matrix drawn(std::size_t images, std::size_t captions, int values) {
  Random random(5, 1);
  Matrix scores(images, std::vector<float>(captions));
  for (auto& row : scores) {
    for (float& score : row) {
      score = float(random.below(std::uint64_t(values))) / 64.0F;
    }
  }
  return scores;
}

TEST(Ranks, ByHand) {
  // Picture 0 has captions 0 and 1, picture 1 caption 2, picture 2 captions 3 and 4.
  const Matrix scores{{0.9F, 0.1F, 0.5F, 0.2F, 0.3F},   // best own 0.9: first
                      {0.8F, 0.7F, 0.6F, 0.1F, 0.0F},   // own 0.6: behind two
                      {0.4F, 0.5F, 0.9F, 0.3F, 0.35F}}; // best own 0.35: behind three
  const Ranks ranks = ranksOf(scores, {2, 1, 2});
  EXPECT_EQ(ranks.images, (std::vector<std::uint32_t>{1, 3, 4}));
  // Down the columns: 0.9 first; 0.1 behind 0.7 and 0.5; 0.6 behind 0.9; 0.3 first; 0.35 first.
  EXPECT_EQ(ranks.captions, (std::vector<std::uint32_t>{1, 3, 2, 1, 1}));
  EXPECT_DOUBLE_EQ(*recallAt(ranks.images, 1), 1.0 / 3);
  EXPECT_DOUBLE_EQ(*recallAt(ranks.images, 3), 2.0 / 3);
  EXPECT_DOUBLE_EQ(*recallAt(ranks.captions, 1), 3.0 / 5);
  EXPECT_DOUBLE_EQ(*recallAt(ranks.captions, 2), 4.0 / 5);
  EXPECT_DOUBLE_EQ(*recallAt(ranks.captions, 10), 1.0);
}

TEST(Ranks, TiesAndNaNStandBeforeTheRightAnswer) {
  const Ranks same = ranksOf(Matrix(4, std::vector<float>(8, 0.25F)), {2, 2, 2, 2});
  EXPECT_EQ(same.images, std::vector<std::uint32_t>(4, 7)) << "six captions of others";
  EXPECT_EQ(same.captions, std::vector<std::uint32_t>(8, 4)) << "three other pictures";
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(ranksOf({{1.0F, nan}, {0.0F, 1.0F}}, {1, 1}).images, (std::vector<std::uint32_t>{2, 1}));
  EXPECT_EQ(ranksOf({{nan, 0.0F}, {0.0F, 1.0F}}, {1, 1}).images, (std::vector<std::uint32_t>{2, 1}));
  EXPECT_EQ(ranksOf({{nan, 0.0F}, {0.0F, 1.0F}}, {1, 1}).captions, (std::vector<std::uint32_t>{2, 1}));
}

TEST(Ranks, TheMarginOfATie) {
  const Matrix scores{{0.5F, 0.5F - 5e-7F}, {0.0F, 0.5F}};
  EXPECT_EQ(ranksOf(scores, {1, 1}).images[0], 2u) << "rounding";
  EXPECT_EQ(ranksOf(scores, {1, 1}, {.tie = 0}).images[0], 1u);
  EXPECT_EQ(ranksOf({{0.5F, 0.5F - 2e-6F}, {0.0F, 0.5F}}, {1, 1}).images[0], 1u) << "a difference";
}

TEST(Ranks, AsBySorting) {
  const std::vector<std::size_t> counts{1, 5, 3, 2, 5, 1, 4};
  const CaptionGroups groups = grouped(counts);
  const Matrix scores = drawn(7, groups.captions(), 40);
  const Ranks ranks = rankAll(groups, tilesOf(scores)).value();
  for (std::size_t i = 0; i < 7; ++i) {
    std::vector<std::pair<float, bool>> order;  // others first among equals
    for (std::size_t j = 0; j < groups.captions(); ++j) {
      order.emplace_back(-scores[i][j], groups.imageOf(j) == i);
    }
    std::ranges::sort(order);
    const auto at = std::ranges::find_if(order, [](const auto& item) { return item.second; });
    EXPECT_EQ(ranks.images[i], at - order.begin() + 1) << i;
  }
  for (std::size_t j = 0; j < groups.captions(); ++j) {
    std::vector<std::pair<float, bool>> order;
    for (std::size_t i = 0; i < 7; ++i) {
      order.emplace_back(-scores[i][j], groups.imageOf(j) == i);
    }
    std::ranges::sort(order);
    const auto at = std::ranges::find_if(order, [](const auto& item) { return item.second; });
    EXPECT_EQ(ranks.captions[j], at - order.begin() + 1) << j;
  }
}

TEST(Ranks, WhateverTheTiles) {
  std::vector<std::size_t> counts(37, 3);
  counts[4] = 9;
  counts[36] = 1;
  const CaptionGroups groups = grouped(counts);
  const Matrix scores = drawn(37, groups.captions(), 300);
  const Ranks whole = rankAll(groups, tilesOf(scores)).value();
  for (const std::size_t images : {1, 5, 36, 37, 100}) {
    for (const std::size_t captions : {1, 7, 64, 1000}) {
      const Ranks ranks = rankAll(groups, tilesOf(scores), {.imageBlock = images, .captionBlock = captions}).value();
      EXPECT_EQ(ranks.images, whole.images) << images << " " << captions;
      EXPECT_EQ(ranks.captions, whole.captions) << images << " " << captions;
    }
  }
}

TEST(Ranks, NoTileIsLargerThanAsked) {
  const CaptionGroups groups = grouped(std::vector<std::size_t>(200, 2));
  const Matrix scores = drawn(200, 400, 100);
  const TileScores inner = tilesOf(scores);
  std::size_t largest = 0;
  const TileScores watched = [&](const Tile& tile, std::span<float> out) {
    largest = std::max(largest, out.size());
    inner(tile, out);
  };
  ASSERT_TRUE(rankAll(groups, watched, {.imageBlock = 16, .captionBlock = 64}).has_value());
  EXPECT_LE(largest, 16u * 64u);
}

TEST(Ranks, CaptionsOfAPictureInAnotherOrder) {
  const std::vector<std::size_t> counts{3, 3, 3};
  Matrix scores = drawn(3, 9, 30);
  const Ranks before = ranksOf(scores, counts);
  for (auto& row : scores) {
    std::swap(row[3], row[5]);
  }
  const Ranks after = ranksOf(scores, counts);
  EXPECT_EQ(after.images, before.images);
  EXPECT_EQ(after.captions[3], before.captions[5]);
  EXPECT_EQ(after.captions[5], before.captions[3]);
  EXPECT_EQ(after.captions[4], before.captions[4]);
}

TEST(Ranks, BadInput) {
  const auto hole = CaptionGroups::of(std::vector<std::size_t>{2, 0, 1});
  ASSERT_FALSE(hole.has_value());
  EXPECT_NE(hole.error().message.find("Picture 2 of 3 has no caption"), std::string::npos) << hole.error().message;
  EXPECT_FALSE(CaptionGroups::of({}).has_value());
  EXPECT_FALSE(recallAt({}, 1).has_value());
  EXPECT_FALSE(recallAt(std::vector<std::uint32_t>{0, 0}, 1).has_value()) << "nothing was asked";
}

TEST(Ranks, CanBeStopped) {
  const Matrix scores = drawn(2, 2, 9);
  const auto stopped = rankAll(grouped({1, 1}), tilesOf(scores), {}, [](auto, auto, auto) { return false; });
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace lix::study
