// What is kept of shards: taken where nothing changed, walked anew where anything did, never trusted where it is damaged.
#include "data/formats/shard_index.h"

#include <fstream>

#include "base/text.h"
#include "data/open_kept.h"
#include "data/tar_bytes.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;
using test::pngOf;
using test::tarHeader;
using test::tarOf;
using test::TemporaryFolder;
using test::writeText;

std::vector<fs::path> keptIn(const fs::path& cache) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(cache)) {
    if (entry.is_regular_file()) {
      files.push_back(entry.path());
    }
  }
  return files;
}

struct Fixture {
  Fixture() {
    writeText(shard, tarOf({{"a.png", pngOf(1)}, {"a.txt", "a dog\n"}, {"b.png", pngOf(2)}, {"b.cls", "3"}, {"c.txt", "alone"}}));
  }
  Result<Dataset> open(const std::string& options = "{}") const {
    return data::open({.kind = "shards", .path = shard.string(), .options = options}, "kept", Keeping{cache});
  }
  /// Changes what is kept, its sum made right again where wanted.
  void spoil(const std::function<void(std::string&)>& change, bool isSumRight) const {
    const fs::path file = keptIn(cache).front();
    std::string bytes = readFile(file).value();
    change(bytes);
    if (isSumRight) {
      const std::uint64_t sum = hash64(std::string_view(bytes).substr(16));
      bytes.replace(8, 8, reinterpret_cast<const char*>(&sum), 8);
    }
    std::ofstream(file, std::ios::binary) << bytes;
  }
  TemporaryFolder folder;
  fs::path shard = folder / "pets.tar", cache = folder / "cache";
};

void expectEqual(const Dataset& a, const Dataset& b) {
  ASSERT_EQ(a.samples.size(), b.samples.size());
  for (std::size_t i = 0; i < a.samples.size(); ++i) {
    EXPECT_EQ(a.samples[i].key, b.samples[i].key);
    EXPECT_EQ(a.samples[i].captions, b.samples[i].captions);
    EXPECT_EQ(a.samples[i].labels, b.samples[i].labels);
    EXPECT_EQ(a.samples[i].split, b.samples[i].split);
    EXPECT_EQ(a.samples[i].version, b.samples[i].version);
    EXPECT_EQ(a.pictures->load(i).value(), b.pictures->load(i).value());
  }
  ASSERT_EQ(a.skipped.size(), b.skipped.size());
  for (std::size_t i = 0; i < a.skipped.size(); ++i) {
    EXPECT_EQ(a.skipped[i].key + a.skipped[i].reason, b.skipped[i].key + b.skipped[i].reason);
  }
}

TEST(ShardIndex, GivesWhatTheWalkGave) {
  const Fixture fixture;
  const auto plain = open({.kind = "shards", .path = fixture.shard.string()}, "kept");
  LIX_ASSERT_OK(plain);
  EXPECT_FALSE(fs::exists(fixture.cache)) << "nothing is kept where no folder is named";
  const auto first = fixture.open();
  LIX_ASSERT_OK(first);
  ASSERT_EQ(keptIn(fixture.cache).size(), 1U) << "one file, and no temporary one";
  const auto again = fixture.open();
  LIX_ASSERT_OK(again);
  ASSERT_EQ(plain->samples.size(), 2U);
  ASSERT_FALSE(plain->skipped.empty());
  expectEqual(*first, *plain);
  expectEqual(*again, *plain);
}

TEST(ShardIndex, IsWhatTheSecondOpeningReads) {
  const Fixture fixture;
  LIX_ASSERT_OK(fixture.open());
  fixture.spoil([](std::string& bytes) { bytes.replace(bytes.find("a dog"), 5, "a cat"); }, true);
  const auto again = fixture.open();
  LIX_ASSERT_OK(again);
  EXPECT_EQ(again->samples[0].captions.front(), "a cat");
}

TEST(ShardIndex, IsWrittenAnewWhereTheShardOrTheWishesChange) {
  const Fixture fixture;
  LIX_ASSERT_OK(fixture.open());
  writeText(fixture.shard, tarOf({{"a.png", pngOf(1)}, {"a.txt", "a dog and a cat"}}));
  auto changed = fixture.open();
  LIX_ASSERT_OK(changed);
  ASSERT_EQ(changed->samples.size(), 1U);
  EXPECT_EQ(changed->samples[0].captions.front(), "a dog and a cat");
  // The same size at another time.
  writeText(fixture.shard, tarOf({{"a.png", pngOf(1)}, {"a.txt", "a cat and a dog"}}));
  fs::last_write_time(fixture.shard, fs::file_time_type::clock::now() + std::chrono::hours(1));
  changed = fixture.open();
  LIX_ASSERT_OK(changed);
  EXPECT_EQ(changed->samples[0].captions.front(), "a cat and a dog");
  EXPECT_EQ(keptIn(fixture.cache).size(), 1U);
  EXPECT_FALSE(fixture.open(R"({"max_caption": 5})")) << "of other wishes nothing is left";
  EXPECT_EQ(keptIn(fixture.cache).size(), 2U);
}

TEST(ShardIndex, IsNotTrustedWhereItIsDamaged) {
  const Fixture fixture;
  const auto wanted = fixture.open();
  LIX_ASSERT_OK(wanted);
  const std::string whole = readFile(keptIn(fixture.cache).front()).value();
  for (std::size_t at = 0; at < whole.size(); at += 7) {  // without the sum the change is seen at once
    fixture.spoil([&](std::string& bytes) { bytes = whole, bytes[at] = char(bytes[at] ^ 0x55); }, false);
    const auto again = fixture.open();
    LIX_ASSERT_OK(again);
    expectEqual(*again, *wanted);
    EXPECT_EQ(readFile(keptIn(fixture.cache).front()).value(), whole) << "written anew";
  }
  for (std::size_t size = 0; size < whole.size(); size += 11) {
    fixture.spoil([&](std::string& bytes) { bytes = whole.substr(0, std::max<std::size_t>(size, 16)); }, true);
    const auto again = fixture.open();
    LIX_ASSERT_OK(again);
    expectEqual(*again, *wanted);
  }
}

TEST(ShardIndex, ChecksEveryNumberBeforeItTakesMemory) {
  ShardContents contents;
  contents.samples.push_back({.key = "p/a", .captions = {"one"}, .labels = {}});
  contents.pictures.push_back({512, 100, 0});
  contents.labels.push_back(3);
  const IndexedShard of{"shard", 4096, 9};
  const auto unpack = [&](std::string bytes) {
    const std::uint64_t sum = hash64(std::string_view(bytes).substr(16));
    bytes.replace(8, 8, reinterpret_cast<const char*>(&sum), 8);
    return unpackIndex(bytes, of, "p", 7);
  };
  const std::string good = packIndex(of, "p", contents);
  ASSERT_TRUE(unpack(good));
  EXPECT_EQ(unpack(good)->pictures[0].shard, 7U);
  for (const auto& [offset, size, label] : {std::tuple(4096ULL, 1U, 3), {~0ULL, 100U, 3}, {512ULL, ~0U, 3}, {512ULL, 100U, -2}, {512ULL, 100U, 1 << 30}}) {
    contents.pictures[0] = {offset, size, 0};
    contents.labels[0] = label;
    EXPECT_FALSE(unpack(packIndex(of, "p", contents))) << offset << " " << size << " " << label;
  }
  // Every number of four bytes as the largest: lengths and counts are refused, whatever they count.
  for (std::size_t at = 16; at + 4 <= good.size(); ++at) {
    std::string bad = good;
    bad.replace(at, 4, "\xff\xff\xff\xff");
    const auto read = unpack(bad);
    EXPECT_TRUE(!read || (read->samples.size() == 1 && read->samples[0].captions.size() == 1)) << at;
  }
  EXPECT_FALSE(unpack(good + "x"));
  EXPECT_FALSE(unpackIndex(good, {"another", 4096, 9}, "p", 0));
  EXPECT_FALSE(unpackIndex(good, {"shard", 4096, 8}, "p", 0));
  EXPECT_FALSE(unpackIndex(good, {"shard", 4097, 9}, "p", 0));
}

TEST(ShardIndex, IsReadAndNotWrittenWhereItIsReadOnly) {
  const Fixture fixture;
  const DatasetSpec spec{.kind = "shards", .path = fixture.shard.string()};
  LIX_ASSERT_OK(data::open(spec, "kept", Keeping{fixture.cache, true}));
  EXPECT_FALSE(fs::exists(fixture.cache));
  LIX_ASSERT_OK(fixture.open());
  fixture.spoil([](std::string& bytes) { bytes.replace(bytes.find("a dog"), 5, "a cat"); }, true);
  const auto again = data::open(spec, "kept", Keeping{fixture.cache, true});
  LIX_ASSERT_OK(again);
  EXPECT_EQ(again->samples[0].captions.front(), "a cat");
}

TEST(ShardIndex, IsDoneWithoutWhereTheFolderCannotBeWritten) {
  const Fixture fixture;
  writeText(fixture.cache, "a file where the folder would be");
  const auto opened = fixture.open();
  LIX_ASSERT_OK(opened);
  EXPECT_EQ(opened->samples.size(), 2U);
}

}  // namespace
}  // namespace lix::data
