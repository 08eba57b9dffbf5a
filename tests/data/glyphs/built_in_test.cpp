#include <algorithm>
#include <map>

#include "data/source.h"
#include "support/support.h"

namespace lix::data {
namespace {

Result<Dataset> openBuiltIn(const std::string& kind, const std::string& options = "{}") {
  return data::open({.kind = kind, .path = "", .options = options}, kind);
}

std::map<std::string, Split> splits(const Dataset& set) {
  std::map<std::string, Split> of;
  for (const Sample& sample : set.samples) {
    of[sample.key] = sample.split;
  }
  return of;
}

/// Splits follow 70, 10 and 20 % within what chance allows.
void expectShares(const Dataset& set) {
  const double n = double(set.samples.size());
  const auto share = [&](Split split) { return double(std::ranges::count(set.samples, split, &Sample::split)) / n; };
  EXPECT_NEAR(share(Split::Train), 0.7, 0.06);
  EXPECT_NEAR(share(Split::Validation), 0.1, 0.04);
  EXPECT_NEAR(share(Split::Test), 0.2, 0.05);
}

TEST(BuiltInSources, EmojiAndSymbolaAgreeOnEverySplit) {
  const auto emoji = openBuiltIn("emoji");
  const auto symbola = openBuiltIn("symbola");
  LIX_ASSERT_OK(emoji);
  LIX_ASSERT_OK(symbola);
  const auto ofEmoji = splits(*emoji);
  for (const auto& [key, split] : splits(*symbola)) {
    ASSERT_TRUE(ofEmoji.contains(key)) << key;
    EXPECT_EQ(ofEmoji.at(key), split) << key;
  }
  expectShares(*emoji);
  const auto picture = emoji->pictures->load(0);
  LIX_ASSERT_OK(picture);
  EXPECT_EQ(picture->width, 128);
}

TEST(BuiltInSources, OptionsReachTheGlyphs) {
  const auto all = openBuiltIn("emoji", R"({"size": 32, "variants": true, "flags": true, "language": ""})");
  LIX_ASSERT_OK(all);
  EXPECT_GE(all->samples.size(), 3655u);
  EXPECT_EQ(all->pictures->load(7).value().width, 32);
  for (const char* wrong :
       {R"({"size": 4})", R"({"language": "../en"})", R"({"language": "klingon"})", R"({"sizes": 32})"}) {
    EXPECT_FALSE(openBuiltIn("emoji", wrong)) << wrong;
  }
}

TEST(BuiltInSources, AnotherSizeIsAnotherVersion) {
  const auto small = openBuiltIn("emoji", R"({"size": 32})");
  const auto usual = openBuiltIn("emoji");
  LIX_ASSERT_OK(small);
  LIX_ASSERT_OK(usual);
  EXPECT_NE(small->samples[0].version, usual->samples[0].version);
  EXPECT_NE(openBuiltIn("scenes", R"({"concepts": 3, "count": 1})").value().samples[0].version,
            openBuiltIn("scenes", R"({"count": 1})").value().samples[0].version);
}

TEST(BuiltInSources, ScenesStayWhatTheyAreWhenThereAreMore) {
  const auto few = openBuiltIn("scenes", R"({"count": 500, "size": 48, "seed": 9})");
  const auto many = openBuiltIn("scenes", R"({"count": 2000, "size": 48, "seed": 9})");
  LIX_ASSERT_OK(few);
  LIX_ASSERT_OK(many);
  expectShares(*many);
  for (std::size_t i = 0; i < few->samples.size(); ++i) {
    EXPECT_EQ(few->samples[i].key, many->samples[i].key);
    EXPECT_EQ(few->samples[i].captions, many->samples[i].captions);
    EXPECT_EQ(few->samples[i].split, many->samples[i].split);
  }
  EXPECT_TRUE(few->pictures->load(123).value() == many->pictures->load(123).value());
  EXPECT_FALSE(openBuiltIn("scenes", R"({"count": 0})"));
  EXPECT_FALSE(openBuiltIn("scenes", R"({"concepts": 65})"));
}

}  // namespace
}  // namespace lix::data
