#include "study/suggest/suggest.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/support.h"

namespace lix::study {
namespace {

/// Class 0 has (1, 0), class 1 has (0, 1), class 2 nothing; the pool lies on the circle between them.
struct Circle {
  std::vector<float> support{1.f, 0.f, 0.f, 1.f};
  std::vector<int> labels{0, 1};
  std::vector<float> pool{0.8f, 0.6f, 0.6f, 0.8f, 0.96f, 0.28f, 0.28f, 0.96f, 1.f, 0.f};
  std::vector<std::uint64_t> hashes{11, 12, 13, 14, 15};
  std::vector<std::uint64_t> inSet, inQueries;
  std::vector<float> text{0.f, 1.f};

  SuggestTask task() const {
    return {.pool = {pool, hashes.size(), 2},
            .poolHashes = hashes,
            .support = {{support, labels.size(), 2}, labels},
            .supportHashes = inSet,
            .queryHashes = inQueries,
            .classes = 3,
            .scores = {},
            .text = text};
  }
  std::vector<std::size_t> rows(SuggestBy by, std::size_t index, std::size_t most = 10) const {
    const auto result = suggest(task(), by, index, most);
    EXPECT_TRUE(result) << test::messageOf(result);
    std::vector<std::size_t> rows;
    for (const auto& one : result.value_or(Suggestions()).rows) {
      rows.push_back(one.row);
    }
    return rows;
  }
};

using Rows = std::vector<std::size_t>;

TEST(Suggest, NearestIsTheCosineWithThePrototype) {
  const Circle circle;
  const auto result = suggest(circle.task(), SuggestBy::Nearest, 0, 3);
  LIX_ASSERT_OK(result);
  ASSERT_EQ(result->rows.size(), 3u);
  EXPECT_EQ(result->rows[0].row, 4u);
  EXPECT_FLOAT_EQ(result->rows[0].score, 1.f);
  EXPECT_EQ(result->rows[1].row, 2u);
  EXPECT_FLOAT_EQ(result->rows[1].score, 0.96f);
  EXPECT_EQ(result->rows[2].row, 0u);
  EXPECT_EQ(circle.rows(SuggestBy::Nearest, 1), (Rows{3, 1, 0, 2, 4}));
}

TEST(Suggest, ThePrototypeIsTheUnitMean) {
  Circle circle;
  circle.support = {1.f, 0.f, 0.6f, 0.8f};
  circle.labels = {0, 0};
  const auto result = suggest(circle.task(), SuggestBy::Nearest, 0, 1);
  LIX_ASSERT_OK(result);
  // Mean (0.8, 0.4), unit (2, 1) / sqrt(5): nearest is (0.8, 0.6) with 2.2 / sqrt(5).
  EXPECT_EQ(result->rows[0].row, 0u);
  EXPECT_NEAR(result->rows[0].score, 2.2 / std::sqrt(5.0), 1e-6);
}

TEST(Suggest, UncertainIsTheSmallestLeadAndEmptyClassesDoNotStand) {
  const Circle circle;
  const auto result = suggest(circle.task(), SuggestBy::Uncertain, 0, 10);
  LIX_ASSERT_OK(result);
  // Leads: 0.2, 0.2, 0.68, 0.68, 1.
  EXPECT_EQ(circle.rows(SuggestBy::Uncertain, 0, 2), (Rows{0, 1}));
  EXPECT_NEAR(result->rows[0].score, 0.2f, 1e-6);
  EXPECT_NEAR(result->rows[4].score, 1.f, 1e-6);
  EXPECT_EQ(result->ofOthers, 0u);
  const auto none = suggest(circle.task(), SuggestBy::Uncertain, 2, 10);
  LIX_ASSERT_OK(none);
  EXPECT_TRUE(none->rows.empty()) << "no picture is in doubt about a class that has none";
  EXPECT_EQ(none->ofOthers, 5u);
}

TEST(Suggest, UncertainTakesTheScoresOfAnAdapter) {
  const Circle circle;
  SuggestTask task = circle.task();
  const std::vector<float> scores{9, 1, 0, 5, 4.5f, 0, 1, 9, 0, 2, 7, 0, 3, 3.25f, 100};
  task.scores = {scores, 5, 3};
  const auto result = suggest(task, SuggestBy::Uncertain, 0, 2);
  LIX_ASSERT_OK(result);
  EXPECT_EQ(result->rows[0].row, 4u) << "the empty third class does not count";
  EXPECT_FLOAT_EQ(result->rows[0].score, 0.25f);
  EXPECT_EQ(result->rows[1].row, 1u);
}

TEST(Suggest, FarthestGoesOnFromWhatItTook) {
  Circle circle;
  circle.support = {1.f, 0.f, 0.f, -1.f};
  const auto result = suggest(circle.task(), SuggestBy::Farthest, 0, 3);
  LIX_ASSERT_OK(result);
  // All are of class 0. (0.28, 0.96) is 0.72 away; then (0.8, 0.6) with 1 - max(0.8, 0.8), farther than (0.6, 0.8), which
  // alone would be 0.4 away, with 1 - max(0.6, 0.936). Then two are 0.04 away.
  ASSERT_EQ(result->rows.size(), 3u);
  EXPECT_EQ(result->rows[0].row, 3u);
  EXPECT_NEAR(result->rows[0].score, 0.72f, 1e-6);
  EXPECT_EQ(result->rows[1].row, 0u);
  EXPECT_NEAR(result->rows[1].score, 0.2f, 1e-6);
  EXPECT_NEAR(result->rows[2].score, 1.f - 0.96f, 1e-6);
}

TEST(Suggest, FarthestStaysWithTheClass) {
  const Circle circle;
  const auto result = suggest(circle.task(), SuggestBy::Farthest, 0, 10);
  LIX_ASSERT_OK(result);
  EXPECT_EQ(result->rows.size(), 3u);
  EXPECT_EQ(result->rows[0].row, 0u);
  EXPECT_EQ(result->ofOthers, 2u);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = suggest(circle.task(), SuggestBy::Farthest, 0, 10, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(Suggest, CaptionsNeedNoPictures) {
  Circle circle;
  EXPECT_EQ(circle.rows(SuggestBy::Caption, 2, 2), (Rows{3, 1}));
  circle.text.clear();
  EXPECT_NE(test::messageOf(suggest(circle.task(), SuggestBy::Caption, 2, 2)).find("type a caption"),
            std::string::npos);
}

TEST(Suggest, WhatIsInTheSetOrMeasuredOrACopyIsLeftOutAndCounted) {
  Circle circle;
  circle.hashes = {11, 11, 13, 14, 15};
  circle.inSet = {15, 99};
  circle.inQueries = {14};
  const auto result = suggest(circle.task(), SuggestBy::Nearest, 0, 10);
  LIX_ASSERT_OK(result);
  ASSERT_EQ(result->rows.size(), 2u);
  EXPECT_EQ(result->rows[0].row, 2u);
  EXPECT_EQ(result->rows[1].row, 0u);
  EXPECT_EQ(result->inSet, 1u);
  EXPECT_EQ(result->inQueries, 1u);
  EXPECT_EQ(result->copies, 1u);
}

TEST(Suggest, NearCopiesOfQueriesAndOfTheSetAreLeftOutAndCounted) {
  const Circle circle;
  SuggestTask task = circle.task();
  const std::vector<float> queries{0.6f, 0.8f};
  task.queries = {queries, 1, 2};
  task.nearCosine = 0.95f;
  // With the query the pool has 0.96, 1, 0.8, 0.936, 0.6; with the set at most 0.8, 0.8, 0.96, 0.96, 1.
  const auto none = suggest(task, SuggestBy::Nearest, 0, 10);
  LIX_ASSERT_OK(none);
  EXPECT_TRUE(none->rows.empty());
  EXPECT_EQ(none->nearOnes, 5u);
  task.nearCosine = 0.97f;  // the query itself and (1, 0), which stands in the set
  for (const SuggestBy by : {SuggestBy::Nearest, SuggestBy::Uncertain}) {
    const auto some = suggest(task, by, 0, 10);
    LIX_ASSERT_OK(some);
    EXPECT_EQ(some->rows.size(), 3u);
    EXPECT_EQ(some->nearOnes, 2u);
  }
  const auto best = suggest(task, SuggestBy::Nearest, 0, 1);
  LIX_ASSERT_OK(best);
  ASSERT_EQ(best->rows.size(), 1u) << "another one takes the place";
  EXPECT_EQ(best->rows[0].row, 2u);
  EXPECT_EQ(best->nearOnes, 1u) << "what is not reached is not looked at";
  const auto far = suggest(task, SuggestBy::Farthest, 0, 10);
  LIX_ASSERT_OK(far);
  EXPECT_EQ(far->rows.size(), 2u) << "of the three of this class all but (1, 0)";
  EXPECT_EQ(far->nearOnes, 1u);
  task.queries = {queries, 2, 1};
  EXPECT_FALSE(suggest(task, SuggestBy::Nearest, 0, 1)) << "another width";
}

TEST(Suggest, RefusesWhatDoesNotFit) {
  Circle circle;
  EXPECT_FALSE(suggest(circle.task(), SuggestBy::Nearest, 2, 10)) << "a class without pictures";
  EXPECT_FALSE(suggest(circle.task(), SuggestBy::Nearest, 3, 10)) << "no such class";
  circle.labels = {0, 0};
  EXPECT_FALSE(suggest(circle.task(), SuggestBy::Uncertain, 0, 10)) << "one class only";
  circle.labels = {0, 7};
  EXPECT_FALSE(suggest(circle.task(), SuggestBy::Nearest, 0, 10));
  circle.labels = {0, 1};
  circle.hashes.pop_back();
  EXPECT_FALSE(suggest(circle.task(), SuggestBy::Nearest, 0, 10));
}

}  // namespace
}  // namespace lix::study
