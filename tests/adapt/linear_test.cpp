#include "adapt/linear.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "adapt/key_cache.h"
#include "adapt/task.h"
#include "adapt/threads.h"

namespace lix::adapt {
namespace {

std::vector<float> randomValues(std::size_t n, std::uint64_t seed) {
  Random random(seed, 0);
  std::vector<float> out(n);
  for (float& value : out) {
    value = static_cast<float>(random.normal());
  }
  return out;
}

TEST(Linear, ProductsOfEveryShapeAgreeWithDouble) {
  for (const std::size_t rows : {1, 5, 6, 7, 13}) {
    for (const std::size_t columns : {1, 15, 16, 17, 40}) {
      for (const std::size_t depth : {1, 3, 8, 65}) {
        const auto a = randomValues(rows * depth, 1);
        const auto b = randomValues(columns * depth, 2);
        const auto out = multiplyTransposed({a, rows, depth}, {b, columns, depth}, 2.f);
        ASSERT_EQ(out.size(), rows * columns);
        for (std::size_t i = 0; i < rows; ++i) {
          for (std::size_t j = 0; j < columns; ++j) {
            double sum = 0.0;
            for (std::size_t k = 0; k < depth; ++k) {
              sum += 2.0 * a[i * depth + k] * b[j * depth + k];
            }
            ASSERT_NEAR(out[i * columns + j], sum, 1e-5 * (1.0 + std::sqrt(depth)))
                << rows << ' ' << columns << ' ' << depth;
          }
        }
      }
    }
  }
}

TEST(Linear, MoreThanOneBlockOfColumns) {
  const std::size_t depth = 2000;  // two panels of 16 fill the packing buffer
  const auto a = randomValues(3 * depth, 3);
  const auto b = randomValues(75 * depth, 4);
  const auto out = multiplyTransposed({a, 3, depth}, {b, 75, depth});
  for (const std::size_t j : {0, 31, 32, 64, 74}) {
    double sum = 0.0;
    for (std::size_t k = 0; k < depth; ++k) {
      sum += static_cast<double>(a[2 * depth + k]) * b[j * depth + k];
    }
    EXPECT_NEAR(out[2 * 75 + j], sum, 1e-3);
  }
}

TEST(Linear, ReorderingRowsReordersTheResultBitForBit) {
  const auto a = randomValues(9 * 37, 5);
  const auto b = randomValues(21 * 37, 6);
  std::vector<float> reversed;
  for (std::size_t j = 21; j-- > 0;) {
    reversed.insert(reversed.end(), b.begin() + static_cast<std::ptrdiff_t>(j * 37),
                    b.begin() + static_cast<std::ptrdiff_t>((j + 1) * 37));
  }
  const auto straight = multiplyTransposed({a, 9, 37}, {b, 21, 37});
  const auto turned = multiplyTransposed({a, 9, 37}, {reversed, 21, 37});
  for (std::size_t i = 0; i < straight.size(); ++i) {
    ASSERT_EQ(straight[i], turned[i / 21 * 21 + (20 - i % 21)]);
  }
}

TEST(Linear, EmptyOperandsGiveEmptyProducts) {
  const auto b = randomValues(8, 7);
  EXPECT_TRUE(multiplyTransposed({{}, 0, 4}, {b, 2, 4}).empty());
  EXPECT_TRUE(multiplyTransposed({b, 2, 4}, {{}, 0, 4}).empty());
}

TEST(Linear, AffinitiesAgreeWithTheLibrary) {
  std::vector<float> x;
  for (int i = -1000; i <= 1000; ++i) {
    x.push_back(static_cast<float>(i) / 1000.f);
  }
  std::vector<float> out(x.size());
  for (const float beta : {0.f, 0.1f, 1.f, 5.5f, 40.f}) {
    affinities(x, beta, out);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double want = std::exp(static_cast<double>(beta * (x[i] - 1.f)));
      ASSERT_NEAR(out[i], want, 3e-7 * want) << x[i] << ' ' << beta;
    }
  }
  affinities(x, 1000.f, out);
  EXPECT_EQ(out.front(), 0.f);
  EXPECT_EQ(out.back(), 1.f);
}

TEST(Linear, AddedAffinitiesAreTheSame) {
  const auto x = randomValues(37, 8);
  std::vector<float> one(37), sum(37, 2.f);
  affinities(x, 0.7f, one);
  addAffinities(x, 0.7f, sum);
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_FLOAT_EQ(sum[i], 2.f + one[i]);
  }
}

TEST(Linear, ThreadsAndPackingDoNotChangeABit) {
  const auto a = randomValues(500 * 70, 9);
  const auto b = randomValues(301 * 70, 10);
  test::Threads::set(1);
  const auto alone = multiplyTransposed({a, 500, 70}, {b, 301, 70}, 3.f);
  test::Threads::set(3);
  EXPECT_EQ(multiplyTransposed({a, 500, 70}, PackedRows({b, 301, 70}), 3.f), alone);
  test::Threads::set(1);
}

TEST(Linear, WorkersFollowWhatIsAsked) {
  test::Threads::set(3);
  EXPECT_EQ(workers(1e12), 3u);
  EXPECT_EQ(workers(10.0), 1u) << "not worth a thread";
  test::Threads::set("no number");
  EXPECT_GE(workers(1e12), 1u);
  test::Threads::set(1);
}

TEST(Linear, NormaliseLeavesZeroAlone) {
  std::vector<float> row{3.f, 4.f};
  normalise(row);
  EXPECT_FLOAT_EQ(row[0], 0.6f);
  row = {0.f, 0.f};
  normalise(row);
  EXPECT_EQ(row, (std::vector{0.f, 0.f}));
}

TEST(KeyCache, PiecesOfAnyLengthGiveTheSameSums) {
  test::OwnedTask task = test::makeTask(4, 5);
  task.supportLabels = {2, 0, 2, 3, 2, 0, 2, 3, 1, 2, 2, 0, 2, 2, 2, 2, 2, 3, 2, 2};
  const KeyCache cache(task.task().support, 4);
  const auto cosines = multiplyTransposed({task.query().row(1), 1, task.columns}, cache.keys());
  std::vector<float> whole(4);
  cache.sums(cosines, 3.f, whole);
  for (const std::size_t piece : {1, 3, 7, 19}) {
    std::vector<float> sums(4), ordered(4);
    for (std::size_t first = 0; first < cosines.size(); first += piece) {
      cache.addSums(first, std::span(cosines).subspan(first, std::min(piece, cosines.size() - first)), 3.f, sums);
    }
    cache.inClassOrder(sums, ordered);
    EXPECT_EQ(ordered, whole) << piece;
  }
}

TEST(KeyCache, SumsEveryClassWhateverItsCount) {
  test::OwnedTask task = test::makeTask(4, 5);
  task.supportLabels = {2, 0, 2, 3, 2, 0, 2, 3, 1, 2, 2, 0, 2, 2, 2, 2, 2, 3, 2, 2};  // 3, 1, 13, 3 keys
  const KeyCache cache(task.task().support, 4);
  const auto query = task.query().row(0);
  const auto cosines = multiplyTransposed({query, 1, task.columns}, cache.keys());
  std::vector<float> sums(4);
  cache.sums(cosines, 3.f, sums);
  std::vector<double> want(4);
  for (std::size_t i = 0; i < task.supportLabels.size(); ++i) {
    double cosine = 0.0;
    for (std::size_t k = 0; k < task.columns; ++k) {
      cosine += static_cast<double>(query[k]) * task.support[i * task.columns + k];
    }
    want[static_cast<std::size_t>(task.supportLabels[i])] += std::exp(3.0 * (cosine - 1.0));
  }
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(sums[c], want[c], 1e-5) << c;
  }
}

}  // namespace
}  // namespace lix::adapt
