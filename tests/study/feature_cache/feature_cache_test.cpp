#include "study/feature_cache/feature_cache.h"

#include <unistd.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <limits>
#include <thread>

#include "base/random.h"
#include "support/support.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;
using test::messageOf;
using test::TemporaryFolder;

constexpr std::size_t kDimension = 24;
constexpr std::size_t kRecord = 16 + 48;  // image, checksum, 24 halves
constexpr std::size_t kHeader = 64;

std::vector<float> vectorOf(std::uint64_t image) {
  Random random(image, 5);
  std::vector<float> values(kDimension);
  for (auto& value : values) {
    value = static_cast<float>(random.normal());
  }
  return values;
}

struct Batch {
  std::vector<std::uint64_t> images;
  std::vector<float> features;
};

Batch batch(std::uint64_t first, std::size_t count) {
  Batch out;
  for (auto image = first; image < first + count; ++image) {
    out.images.push_back(image);
    const auto values = vectorOf(image);
    out.features.insert(out.features.end(), values.begin(), values.end());
  }
  return out;
}

std::size_t appendBatch(FeatureCache& cache, std::uint64_t first, std::size_t count) {
  const auto rows = batch(first, count);
  const auto stored = cache.append(rows.images, rows.features);
  EXPECT_TRUE(stored) << messageOf(stored);
  return stored.value_or(0);
}

/// Whether the cache returns what was put in, within the rounding of fp16.
bool holds(const FeatureCache& cache, std::uint64_t image) {
  const auto found = cache.find(image);
  const auto expected = vectorOf(image);
  for (std::size_t i = 0; found && i < kDimension; ++i) {
    if (std::abs((*found)[i] - expected[i]) > std::abs(expected[i]) * std::ldexp(1.0f, -11) + std::ldexp(1.0f, -25)) {
      return false;
    }
  }
  return found.has_value();
}

std::vector<fs::path> shards(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".features") {
      out.push_back(entry.path());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

FeatureCache opened(const fs::path& folder, std::string_view key = "weights 1, 64 px", FeatureCacheLimits limits = {}) {
  return std::move(FeatureCache::open(folder, key, kDimension, limits).value());
}

TEST(FeatureCache, RoundTripWithinTheRoundingOfHalf) {
  TemporaryFolder folder;
  {
    auto cache = opened(folder.path());
    EXPECT_EQ(cache.find(3), std::nullopt);
    EXPECT_EQ(appendBatch(cache, 0, 100), 100u);
    EXPECT_EQ(appendBatch(cache, 50, 100), 50u) << "known images are not stored again";
    EXPECT_TRUE(holds(cache, 149));
  }
  const auto cache = opened(folder.path());
  EXPECT_EQ(cache.size(), 150u);
  for (std::uint64_t image = 0; image < 150; ++image) {
    ASSERT_TRUE(holds(cache, image)) << image;
  }
  EXPECT_FALSE(cache.find(150));
  ASSERT_EQ(shards(folder.path()).size(), 1u);
  EXPECT_EQ(fs::file_size(shards(folder.path())[0]), kHeader + 150 * kRecord);
}

TEST(FeatureCache, FindManyFillsTheKnownRows) {
  TemporaryFolder folder;
  auto cache = opened(folder.path());
  auto other = opened(folder.path());
  appendBatch(other, 10, 2);
  const std::vector<std::uint64_t> images = {11, 99, 10};
  std::vector<float> features(3 * kDimension, -7.0f);
  EXPECT_EQ(cache.findMany(images, features), (std::vector<bool>{true, false, true})) << "what others appended counts";
  EXPECT_NEAR(features[0], vectorOf(11)[0], 2e-3);
  EXPECT_EQ(features[kDimension], -7.0f);
  EXPECT_NEAR(features[2 * kDimension + 5], vectorOf(10)[5], 2e-3);
}

TEST(FeatureCache, KeysAreApart) {
  TemporaryFolder folder;
  auto first = opened(folder.path(), "weights 1");
  auto second = opened(folder.path(), "weights 2");
  appendBatch(first, 1, 1);
  EXPECT_FALSE(opened(folder.path(), "weights 2").find(1));
  EXPECT_TRUE(opened(folder.path(), "weights 1").find(1));
}

TEST(FeatureCache, TheSameImageTwiceInOneBatchIsOneRecord) {
  TemporaryFolder folder;
  auto cache = opened(folder.path());
  auto rows = batch(5, 2);
  rows.images[1] = rows.images[0];
  const auto stored = cache.append(rows.images, rows.features);
  LIX_ASSERT_OK(stored);
  EXPECT_EQ(*stored, 1u);
  EXPECT_TRUE(holds(cache, 5));
}

TEST(FeatureCache, ATornRecordIsIgnoredAndOverwritten) {
  for (std::size_t cut = 1; cut < kRecord; ++cut) {
    TemporaryFolder folder;
    {
      auto cache = opened(folder.path());
      appendBatch(cache, 0, 10);
    }
    const auto path = shards(folder.path()).at(0);
    fs::resize_file(path, fs::file_size(path) - cut);
    auto cache = opened(folder.path());
    ASSERT_EQ(cache.size(), 9u) << cut;
    ASSERT_TRUE(holds(cache, 8));
    ASSERT_EQ(appendBatch(cache, 9, 2), 2u);
    ASSERT_TRUE(holds(cache, 9) && holds(cache, 10)) << cut;
  }
}

TEST(FeatureCache, ATornHeaderIsOverwritten) {
  for (std::size_t size = 0; size < kHeader; size += 9) {
    TemporaryFolder folder;
    {
      auto cache = opened(folder.path());
      appendBatch(cache, 0, 3);
    }
    fs::resize_file(shards(folder.path()).at(0), size);
    auto cache = opened(folder.path());
    ASSERT_EQ(cache.size(), 0u);
    ASSERT_EQ(appendBatch(cache, 0, 3), 3u);
    ASSERT_TRUE(holds(opened(folder.path()), 2)) << size;
  }
}

TEST(FeatureCache, ADamagedRecordCountsAsAbsentAndCanBeStoredAgain) {
  TemporaryFolder folder;
  {
    auto cache = opened(folder.path());
    appendBatch(cache, 0, 10);
  }
  {
    std::fstream file(shards(folder.path()).at(0), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(kHeader + 4 * kRecord + 20);
    file.put('\x55');
    file.put('\x55');
    file.seekp(kHeader + 7 * kRecord);  // what a power cut leaves: zeros
    file.write(std::string(kRecord, '\0').data(), kRecord);
  }
  auto cache = opened(folder.path());
  EXPECT_FALSE(cache.find(4));
  EXPECT_FALSE(cache.find(7));
  EXPECT_TRUE(holds(cache, 3) && holds(cache, 5));
  EXPECT_EQ(appendBatch(cache, 0, 10), 2u);
  EXPECT_TRUE(holds(opened(folder.path()), 4));
  EXPECT_TRUE(holds(opened(folder.path()), 7));
}

TEST(FeatureCache, AForeignFileIsLeftAlone) {
  TemporaryFolder folder;
  auto cache = opened(folder.path());
  appendBatch(cache, 0, 1);
  const auto shard = shards(folder.path()).at(0);
  const auto foreign = shard.parent_path() / "ffff.features";
  std::ofstream(foreign) << std::string(500, 'z');
  auto again = opened(folder.path());
  EXPECT_EQ(again.size(), 1u);
  EXPECT_EQ(appendBatch(again, 1, 5), 5u);
  EXPECT_EQ(fs::file_size(foreign), 500u);
  EXPECT_TRUE(holds(opened(folder.path()), 5));
}

TEST(FeatureCache, ProcessesAndThreadsAppendAtTheSameTime) {
  TemporaryFolder folder;
  const FeatureCacheLimits limits{.maxBytes = 1 << 24, .shardBytes = kHeader + 100 * kRecord};
  std::vector<pid_t> children;
  for (std::uint64_t p = 0; p < 3; ++p) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto cache = opened(folder.path(), "k", limits);
      for (std::uint64_t i = 0; i < 100; ++i) {
        const auto rows = batch(p * 150 + i * 3, 3);  // ranges overlap between processes
        if (!cache.append(rows.images, rows.features)) {
          ::_exit(1);
        }
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  auto shared = opened(folder.path(), "k", limits);
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 50; ++i) {
        appendBatch(shared, 600 + i * 2 + t * 50, 2);
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  const auto cache = opened(folder.path(), "k", limits);
  EXPECT_EQ(cache.size(), 750u);
  std::size_t bytes = 0;
  for (const auto& shard : shards(folder.path())) {
    bytes += fs::file_size(shard) - kHeader;
    EXPECT_LE(fs::file_size(shard), limits.shardBytes);
  }
  EXPECT_EQ(bytes, 750 * kRecord) << "every image once, nothing torn";
  for (std::uint64_t image = 0; image < 750; ++image) {
    ASSERT_TRUE(holds(cache, image)) << image;
  }
}

TEST(FeatureCache, AKilledWriterLeavesACacheThatWorks) {
  TemporaryFolder folder;
  for (int round = 0; round < 10; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto cache = opened(folder.path());
      for (std::uint64_t i = 0;; i += 7) {
        const auto rows = batch(i, 7);
        (void)cache.append(rows.images, rows.features);
      }
    }
    ::usleep(static_cast<useconds_t>(3000 + 1700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto cache = opened(folder.path());
    const auto known = cache.size();
    for (std::uint64_t image = 0; image < known; ++image) {
      ASSERT_TRUE(holds(cache, image)) << image;
    }
    ASSERT_EQ(appendBatch(cache, 1'000'000 + static_cast<std::uint64_t>(round), 1), 1u);
    for (const auto& shard : shards(folder.path())) {
      fs::remove(shard);
    }
  }
}

TEST(FeatureCache, StaysBoundedAndForgetsTheOldest) {
  TemporaryFolder folder;
  const FeatureCacheLimits limits{.maxBytes = 4 * (kHeader + 10 * kRecord), .shardBytes = kHeader + 10 * kRecord};
  auto other = opened(folder.path(), "older key", limits);
  appendBatch(other, 0, 10);
  auto reader = opened(folder.path(), "k", limits);
  auto cache = opened(folder.path(), "k", limits);
  for (std::uint64_t i = 0; i < 100; i += 5) {
    appendBatch(cache, i, 5);
    std::uintmax_t bytes = 0;
    for (const auto& shard : shards(folder.path())) {
      bytes += fs::file_size(shard);
    }
    ASSERT_LE(bytes, limits.maxBytes);
  }
  EXPECT_TRUE(holds(cache, 99));
  EXPECT_FALSE(cache.find(0));
  EXPECT_EQ(cache.size(), 40u);
  reader.refresh();
  EXPECT_EQ(reader.size(), 40u);
  EXPECT_EQ(opened(folder.path(), "older key", limits).size(), 0u);
  EXPECT_EQ(appendBatch(cache, 1000, 100), 100u) << "more than fits: the last remain";
  EXPECT_EQ(cache.size(), 40u);
  EXPECT_TRUE(holds(cache, 1099));
}

TEST(FeatureCache, RefusesWhatDoesNotFit) {
  TemporaryFolder folder;
  {
    auto cache = opened(folder.path(), "k");
    appendBatch(cache, 0, 1);
    const std::vector<std::uint64_t> one = {1};
    EXPECT_NE(messageOf(cache.append(one, std::vector<float>(kDimension + 1))).find("25 numbers for 1 images"),
              std::string::npos);
  }
  EXPECT_NE(messageOf(FeatureCache::open(folder.path(), "k", kDimension + 1)).find("holds vectors of 24 numbers"),
            std::string::npos);
  EXPECT_FALSE(FeatureCache::open(folder.path(), "k", 0));
  EXPECT_NE(
      messageOf(FeatureCache::open(folder.path(), "k", 24, {.maxBytes = 1000, .shardBytes = 100})).find("at least 128"),
      std::string::npos);
  std::ofstream(folder / "file") << "x";
  EXPECT_NE(messageOf(FeatureCache::open(folder / "file/cache", "k", 24)).find("Cannot make the folder"),
            std::string::npos);
}

TEST(FeatureCache, WhatHalfCannotHoldIsNotStored) {
  TemporaryFolder folder;
  auto cache = opened(folder.path());
  auto rows = batch(0, 4);
  rows.features[0] = std::numeric_limits<float>::quiet_NaN();
  rows.features[kDimension] = 70000.0f;
  rows.features[2 * kDimension] = -std::numeric_limits<float>::infinity();
  const auto stored = cache.append(rows.images, rows.features);
  LIX_ASSERT_OK(stored);
  EXPECT_EQ(*stored, 1u);
  EXPECT_FALSE(cache.find(0) || cache.find(1) || cache.find(2));
  EXPECT_TRUE(holds(cache, 3));
}

}  // namespace
}  // namespace lix::study
