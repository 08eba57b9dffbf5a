#include "data/key_index.h"

#include "base/text.h"
#include "data/file_pictures.h"
#include "support/support.h"

namespace lix::data {
namespace {

std::vector<Sample> samplesNamed(std::size_t count) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back({.key = cat("folder/", i, ".png"), .captions = {}, .labels = {}});
  }
  return samples;
}

TEST(KeyIndex, FindsEverySampleAndNoOther) {
  const auto samples = samplesNamed(10000);
  const KeyIndex index(samples);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    ASSERT_EQ(index.at(samples[i].key), i);
  }
  EXPECT_FALSE(index.contains("folder/10000.png"));
  EXPECT_FALSE(index.contains(""));
  EXPECT_EQ(index.find("folder/17.png")->second, 17u);
  EXPECT_FALSE(KeyIndex().contains("folder/1.png"));
}

TEST(KeyIndex, GrowsWithItsSamplesAndRefusesAKeyTwice) {
  KeyTable table;
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < 3000; ++i) {
    samples.push_back({.key = cat(i), .captions = {}, .labels = {}});  // the samples move as they grow
    ASSERT_TRUE(table.add(i, samples));
  }
  samples.push_back({.key = "1234", .captions = {}, .labels = {}});
  EXPECT_FALSE(table.add(3000, samples));
  EXPECT_EQ(table.find("1234", samples), 1234u);
  EXPECT_EQ(table.find("3000", samples), KeyTable::kNone);
}

TEST(PathList, GivesPathsBack) {
  PathList paths("/data/pets");
  for (const char* path : {"cats/1.png", "größe.png", "/elsewhere/2.png", ""}) {
    paths.add(path);
  }
  ASSERT_EQ(paths.size(), 4u);
  EXPECT_EQ(paths[0], "/data/pets/cats/1.png");
  EXPECT_EQ(paths[1], "/data/pets/größe.png");
  EXPECT_EQ(paths[2], "/elsewhere/2.png");
  PathList plain;
  plain.add("relative/3.png");
  EXPECT_EQ(plain[0], "relative/3.png");
}

}  // namespace
}  // namespace lix::data
