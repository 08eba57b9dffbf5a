#include "study/suggest/near_pairs.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/support.h"

namespace lix::study {
namespace {

TEST(NearPairs, ByHand) {
  const std::vector<float> rows{1.f, 0.f, 0.f, 1.f, 0.96f, 0.28f, 1.f, 0.f};
  const auto pairs = nearPairs({rows, 4, 2}, 0.95f, 10);
  LIX_ASSERT_OK(pairs);
  ASSERT_EQ(pairs->size(), 3u);
  EXPECT_EQ((*pairs)[0].first, 0u);
  EXPECT_EQ((*pairs)[0].second, 2u);
  EXPECT_FLOAT_EQ((*pairs)[0].cosine, 0.96f);
  EXPECT_EQ((*pairs)[1].second, 3u);
  EXPECT_FLOAT_EQ((*pairs)[1].cosine, 1.f);
  EXPECT_EQ((*pairs)[2].first, 2u);
  EXPECT_EQ(nearPairs({rows, 4, 2}, 0.95f, 1)->size(), 1u);
  EXPECT_FALSE(nearPairs({rows, 5, 2}, 0.95f, 1));
}

TEST(NearPairs, BetweenTwoMatricesByHand) {
  const std::vector<float> rows{1.f, 0.f, 0.6f, 0.8f, 0.96f, 0.28f}, others{0.8f, 0.6f, 0.28f, 0.96f};
  // Cosines: 0.8, 0.28; 0.96, 0.936; 0.936, 0.5376. Rows that are near each other do not count.
  const auto pairs = nearPairs({rows, 3, 2}, {others, 2, 2}, 0.93f, 10);
  LIX_ASSERT_OK(pairs);
  ASSERT_EQ(pairs->size(), 3u);
  EXPECT_EQ((*pairs)[0].first, 1u);
  EXPECT_EQ((*pairs)[0].second, 0u);
  EXPECT_FLOAT_EQ((*pairs)[0].cosine, 0.96f);
  EXPECT_EQ((*pairs)[1].first, 1u);
  EXPECT_EQ((*pairs)[1].second, 1u);
  EXPECT_FLOAT_EQ((*pairs)[1].cosine, 0.936f);
  EXPECT_EQ((*pairs)[2].first, 2u);
  EXPECT_EQ((*pairs)[2].second, 0u);
  EXPECT_TRUE(nearPairs({rows, 3, 2}, {}, 0.9f, 10)->empty());
  EXPECT_FALSE(nearPairs({rows, 3, 2}, {others, 1, 4}, 0.9f, 10)) << "another width";
  EXPECT_FALSE(nearPairs({rows, 3, 2}, {others, 3, 2}, 0.9f, 10)) << "fewer values than rows";
}

/// Giving pairs up early changes nothing: compared with every product in full, over several blocks of columns.
TEST(NearPairs, FindsWhatEveryProductFinds) {
  constexpr std::size_t kRows = 60, kColumns = 200;
  std::vector<float> rows(kRows * kColumns);
  for (std::size_t i = 0; i < kRows; ++i) {
    double square = 0.0;
    for (std::size_t d = 0; d < kColumns; ++d) {
      // Rows in groups of four that differ a little.
      const double centre = std::sin(static_cast<double>((i / 4 + 1) * (d + 3)));
      const double own = 0.25 * std::cos(static_cast<double>((i + 2) * (d + 1)));
      rows[i * kColumns + d] = static_cast<float>(centre + own);
      square += std::pow(centre + own, 2);
    }
    for (std::size_t d = 0; d < kColumns; ++d) {
      rows[i * kColumns + d] /= static_cast<float>(std::sqrt(square));
    }
  }
  const adapt::Matrix matrix{rows, kRows, kColumns};
  const auto pairs = nearPairs(matrix, 0.93f, 10'000);
  LIX_ASSERT_OK(pairs);
  std::size_t expected = 0;
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = i + 1; j < kRows; ++j) {
      double cosine = 0.0;
      for (std::size_t d = 0; d < kColumns; ++d) {
        cosine += static_cast<double>(matrix.row(i)[d]) * matrix.row(j)[d];
      }
      expected += cosine > 0.93 ? 1 : 0;
    }
  }
  EXPECT_GT(expected, 10u);
  EXPECT_LT(expected, kRows * 2);
  EXPECT_EQ(pairs->size(), expected);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(nearPairs(matrix, 0.9f, 10, stop.get_token()).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace lix::study
