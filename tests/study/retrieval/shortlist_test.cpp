// Shortlists by a cheap score, exact ranks within them, and how often both agree.
#include "study/retrieval/shortlist.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/random.h"

namespace lix::study {
namespace {

constexpr std::size_t kImages = 30, kCaptions = 60;

struct Scores {
  std::vector<float> values;
  float at(std::size_t i, std::size_t j) const { return values[i * kCaptions + j]; }
};

Scores drawn(std::uint64_t seed) {
  Random random(seed, 2);
  Scores scores{std::vector<float>(kImages * kCaptions)};
  for (float& value : scores.values) {
    value = float(random.below(1 << 20)) / float(1 << 20);
  }
  return scores;
}

TileScores tilesOf(const Scores& scores) {
  return [&scores](const Tile& tile, std::span<float> out) {
    for (std::size_t i = 0; i < tile.images; ++i) {
      for (std::size_t j = 0; j < tile.captions; ++j) {
        out[i * tile.captions + j] = scores.at(tile.firstImage + i, tile.firstCaption + j);
      }
    }
  };
}

/// Counts the pairs that were scored.
ListScores listsOf(const Scores& scores, std::size_t* pairs = nullptr) {
  return [&scores, pairs](std::size_t first, std::span<const std::vector<std::int64_t>> lists,
                          std::span<std::vector<float>> out) {
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (const std::int64_t caption : lists[i]) {
        out[i].push_back(scores.at(first + i, std::size_t(caption)));
      }
      if (pairs != nullptr) {
        *pairs += lists[i].size();
      }
    }
  };
}

CaptionGroups pairs() { return CaptionGroups::of(std::vector<std::size_t>(kImages, 2)).value(); }

TEST(Shortlist, TheBestOfEveryQueryWhateverTheTiles) {
  const Scores cheap = drawn(1);
  for (const RankSettings& settings : {RankSettings{}, RankSettings{7, 13}, RankSettings{1, 1}}) {
    const Candidates found = shortlisted(kImages, kCaptions, tilesOf(cheap), 5, settings).value();
    for (std::size_t i = 0; i < kImages; ++i) {
      std::vector<std::pair<float, std::uint32_t>> order;
      for (std::uint32_t j = 0; j < kCaptions; ++j) {
        order.emplace_back(-cheap.at(i, j), j);
      }
      std::ranges::sort(order);
      ASSERT_EQ(found.ofImages[i].size(), 5u);
      for (std::size_t k = 0; k < 5; ++k) {
        EXPECT_EQ(found.ofImages[i][k], order[k].second) << i;
      }
    }
    for (std::size_t j = 0; j < kCaptions; ++j) {
      std::vector<std::pair<float, std::uint32_t>> order;
      for (std::uint32_t i = 0; i < kImages; ++i) {
        order.emplace_back(-cheap.at(i, j), i);
      }
      std::ranges::sort(order);
      for (std::size_t k = 0; k < 5; ++k) {
        EXPECT_EQ(found.ofCaptions[j][k], order[k].second) << j;
      }
    }
  }
}

TEST(Shortlist, OfEverythingIsTheExactRanking) {
  const Scores cheap = drawn(1), exact = drawn(2);
  const CaptionGroups groups = pairs();
  const Candidates all = shortlisted(kImages, kCaptions, tilesOf(cheap), kCaptions).value();
  std::size_t scored = 0;
  const Ranks within = rankWithin(groups, all, listsOf(exact, &scored), 1e-6F).value();
  const Ranks whole = rankAll(groups, tilesOf(exact)).value();
  EXPECT_EQ(within.images, whole.images);
  EXPECT_EQ(within.captions, whole.captions);
  EXPECT_EQ(scored, kImages * kCaptions) << "each pair once";
}

TEST(Shortlist, WhatIsNotInItIsNotFound) {
  const CaptionGroups groups = pairs();
  const Scores exact = drawn(3);
  Candidates lists{std::vector<std::vector<std::uint32_t>>(kImages),
                   std::vector<std::vector<std::uint32_t>>(kCaptions)};
  lists.ofImages[0] = {1, 5};
  lists.ofImages[1] = {0, 9};
  lists.ofCaptions[4] = {2};
  const Ranks ranks = rankWithin(groups, lists, listsOf(exact), 0).value();
  EXPECT_EQ(ranks.images[0], exact.at(0, 1) > exact.at(0, 5) ? 1u : 2u);
  EXPECT_EQ(ranks.images[1], kNotFound);
  EXPECT_EQ(ranks.images[2], 0u) << "not asked";
  EXPECT_EQ(ranks.captions[4], 1u) << "alone in its list";
  EXPECT_DOUBLE_EQ(*recallAt(ranks.images, 10), 0.5);
}

TEST(Shortlist, TheSampleOfAnAgreementIsRankedExactly) {
  const Scores exact = drawn(4);
  const CaptionGroups groups = pairs();
  const Ranks whole = rankAll(groups, tilesOf(exact)).value();
  const Ranks some = rankWithin(groups, everythingOfSome(groups, 7), listsOf(exact), 1e-6F).value();
  std::size_t asked = 0;
  for (std::size_t i = 0; i < kImages; ++i) {
    asked += some.images[i] > 0;
    EXPECT_TRUE(some.images[i] == 0 || some.images[i] == whole.images[i]);
  }
  EXPECT_EQ(asked, 7u);
  EXPECT_EQ(agreementAtFirst(some.images, whole.images), 1.0);
  EXPECT_EQ(agreementAtFirst(some.captions, whole.captions), 1.0);
}

TEST(Shortlist, Agreement) {
  EXPECT_DOUBLE_EQ(
      *agreementAtFirst(std::vector<std::uint32_t>{1, 3, 0, 2}, std::vector<std::uint32_t>{1, kNotFound, 1, 1}),
      2.0 / 3);
  EXPECT_FALSE(agreementAtFirst(std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{1}).has_value());
}

TEST(Shortlist, ANaNIsOrderedLast) {
  Scores cheap = drawn(6);
  for (std::size_t j = 0; j < kCaptions; j += 2) {
    cheap.values[j] = std::numeric_limits<float>::quiet_NaN();
  }
  const Candidates found = shortlisted(kImages, kCaptions, tilesOf(cheap), 30).value();
  for (const std::uint32_t caption : found.ofImages[0]) {
    EXPECT_EQ(caption % 2, 1u);
  }
}

}  // namespace
}  // namespace lix::study
