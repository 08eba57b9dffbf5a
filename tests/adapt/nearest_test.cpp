// Neighbours against a naive double loop: sizes that fill no tile, ties, every k, halves, any number of threads.
#include "adapt/nearest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <numeric>

#include "adapt/threads.h"
#include "base/random.h"

namespace lix::adapt {
namespace {

/// Whole numbers: every sum is exact in any order, so that ties are ties and neighbours can be compared as they are.
std::vector<float> wholeNumbers(std::size_t n, int largest, std::uint64_t seed) {
  Random random(seed, 0);
  std::vector<float> out(n);
  for (float& value : out) {
    value = std::round(static_cast<float>(largest) * std::clamp(static_cast<float>(random.normal()), -1.f, 1.f));
  }
  return out;
}

using Found = std::vector<std::vector<Neighbour>>;

Found naive(Matrix queries, Matrix keys, std::size_t k) {
  Found out;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    std::vector<Neighbour> all;
    for (std::size_t i = 0; i < keys.rows; ++i) {
      const auto query = queries.row(q), key = keys.row(i);
      all.push_back({static_cast<float>(std::inner_product(query.begin(), query.end(), key.begin(), 0.0)),
                     static_cast<std::uint32_t>(i)});
    }
    std::ranges::stable_sort(all, std::greater{}, &Neighbour::cosine);
    all.resize(std::min(k, all.size()));
    out.push_back(std::move(all));
  }
  return out;
}

Found fast(Matrix queries, Matrix keys, std::size_t k) {
  Found out(queries.rows);
  std::mutex guard;
  std::size_t calls = 0;
  nearest(queries, PackedRows(keys), k, [&](std::size_t query, std::span<const Neighbour> neighbours) {
    const std::lock_guard lock(guard);
    out[query].assign(neighbours.begin(), neighbours.end());
    ++calls;
  });
  EXPECT_EQ(calls, queries.rows);
  return out;
}

TEST(Nearest, AgreesWithADoubleLoopAtOddSizesAndTies) {
  for (const std::size_t queries : {1, 11, 13, 250}) {
    for (const std::size_t keys : {1, 31, 33, 300, 1000}) {
      for (const std::size_t depth : {1, 7, 64}) {  // of one value from -3 to 3 nearly all are ties
        const auto a = wholeNumbers(queries * depth, 3, 1), b = wholeNumbers(keys * depth, 3, 2);
        for (const std::size_t k : {1, 5, 70}) {
          ASSERT_EQ(fast({a, queries, depth}, {b, keys, depth}, k), naive({a, queries, depth}, {b, keys, depth}, k))
              << queries << ' ' << keys << ' ' << depth << ' ' << k;
        }
      }
    }
  }
}

TEST(Nearest, MoreNeighboursThanKeysAreAllKeys) {
  const auto a = wholeNumbers(3 * 5, 2, 3), b = wholeNumbers(90 * 5, 2, 4);
  EXPECT_EQ(fast({a, 3, 5}, {b, 90, 5}, 1000), naive({a, 3, 5}, {b, 90, 5}, 90));
}

TEST(Nearest, KeysThatComeNearerAndNearerAreAllSeen) {
  std::vector<float> keys(5000);
  std::iota(keys.begin(), keys.end(), 0.f);
  const std::vector<float> query{1.f};
  EXPECT_EQ(fast({query, 1, 1}, {keys, 5000, 1}, 40), naive({query, 1, 1}, {keys, 5000, 1}, 40));
}

TEST(Nearest, NothingAskedOrNothingThere) {
  const auto a = wholeNumbers(2 * 4, 2, 5);
  EXPECT_EQ(fast({a, 2, 4}, {{}, 0, 4}, 3), Found(2));
  EXPECT_EQ(fast({a, 2, 4}, {a, 2, 4}, 0), Found(2));
  EXPECT_TRUE(fast({{}, 0, 4}, {a, 2, 4}, 3).empty());
}

TEST(Nearest, DoesNotDependOnTheThreads) {
  Random random(6, 0);
  std::vector<float> a(700 * 40), b(900 * 40);
  for (auto* values : {&a, &b}) {
    for (float& value : *values) {
      value = static_cast<float>(random.normal());
    }
  }
  test::Threads::set(1);
  const Found alone = fast({a, 700, 40}, {b, 900, 40}, 9);
  for (const int threads : {2, 5}) {
    test::Threads::set(threads);
    EXPECT_EQ(fast({a, 700, 40}, {b, 900, 40}, 9), alone) << threads;
  }
  test::Threads::set(1);
}

TEST(Nearest, RowsTakenInAnotherOrderAreCountedInIt) {
  const auto a = wholeNumbers(4 * 6, 9, 7), b = wholeNumbers(50 * 6, 9, 8);
  std::vector<std::uint32_t> order{40, 3, 17, 3};
  std::vector<float> chosen;
  for (const std::uint32_t i : order) {
    chosen.insert(chosen.end(), b.begin() + i * 6, b.begin() + (i + 1) * 6);
  }
  Found found(4);
  nearest({a, 4, 6}, PackedRows({b, 50, 6}, order), 4,
          [&](std::size_t query, std::span<const Neighbour> some) { found[query].assign(some.begin(), some.end()); });
  EXPECT_EQ(found, naive({a, 4, 6}, {chosen, 4, 6}, 4));
}

/// The half of a whole number up to 2048, which is exact.
std::uint16_t toHalf(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  return value == 0.f ? static_cast<std::uint16_t>(sign)
                      : static_cast<std::uint16_t>(sign | (((bits & 0x7fffffffu) - (112u << 23)) >> 13));
}

TEST(NearestHalf, AgreesWithADoubleLoopWhateverTheThreads) {
  for (const std::size_t depth : {1, 31, 64, 130}) {
    for (const std::size_t rows : {1, 65, 9000}) {  // 9000: more than two pieces
      const auto query = wholeNumbers(depth, 3, 9), keys = wholeNumbers(rows * depth, 3, 10);
      std::vector<std::uint16_t> halves;
      std::ranges::transform(keys, std::back_inserter(halves), toHalf);
      for (const std::size_t k : {1, 10, 5000}) {
        for (const int threads : {1, 3}) {
          test::Threads::set(threads);
          ASSERT_EQ(nearest(query, {halves, rows, depth}, k), naive({query, 1, depth}, {keys, rows, depth}, k).front())
              << depth << ' ' << rows << ' ' << k << ' ' << threads;
        }
        test::Threads::set(1);
      }
    }
  }
}

TEST(NearestHalf, ReadsSubnormalAndSignedValues) {
  // 2^-24 (the least), -2^-14 (the least normal), 65504 (the largest), -0
  const std::vector<std::uint16_t> keys{0x0001, 0x8400, 0x7bff, 0x8000};
  const std::vector<float> query{1.f};
  const auto found = nearest(query, {keys, 4, 1}, 4);
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0], (Neighbour{65504.f, 2}));
  EXPECT_EQ(found[1], (Neighbour{0x1p-24f, 0}));
  EXPECT_EQ(found[2].row, 3u);
  EXPECT_EQ(found[3], (Neighbour{-0x1p-14f, 1}));
}

}  // namespace
}  // namespace lix::adapt
