#include "study/explore/caption_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/support.h"

namespace lix::study {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  }
  return result;
}

Result<CaptionStatistics> of(const std::vector<std::vector<std::string>>& samples, std::size_t most = 10,
                             const std::stop_token& stop = {}) {
  const std::vector<std::span<const std::string>> views(samples.begin(), samples.end());
  return captionStatistics(views, most, lower, stop);
}

TEST(CaptionStatistics, Words) {
  using Words = std::vector<std::string_view>;
  EXPECT_EQ(wordsOf("  a dog's toy.\tred-hot "), (Words{"a", "dog's", "toy", "red-hot"}));
  EXPECT_EQ(wordsOf("\"Hello\", (world) - !"), (Words{"Hello", "world"}));
  EXPECT_EQ(wordsOf("Gr\xc3\xbc\xc3\x9f" "e"), (Words{"Gr\xc3\xbc\xc3\x9f" "e"}));
  EXPECT_TRUE(wordsOf("").empty());
}

TEST(CaptionStatistics, ByHand) {
  const auto found = of({{"A red fox.", "a fox"}, {}, {"a red  Fox"}, {"a blue whale", "A blue whale!"}, {"a Fox"}});
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->samples, 5u);
  EXPECT_EQ(found->captions, 6u);
  EXPECT_EQ(found->words, 16u);
  EXPECT_DOUBLE_EQ(found->meanLength(), 16.0 / 6.0);
  EXPECT_EQ(found->withoutCaption, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(found->lengths, (std::vector<std::size_t>{0, 0, 2, 4}));
  EXPECT_EQ(found->vocabulary, 5u);
  ASSERT_EQ(found->frequent.size(), 5u);
  EXPECT_EQ(found->frequent[0], (WordCount{"a", 6}));
  EXPECT_EQ(found->frequent[1], (WordCount{"fox", 4}));
  EXPECT_EQ(found->frequent[2], (WordCount{"blue", 2})) << "before red and whale by its letters";
  ASSERT_EQ(found->shared.size(), 2u) << "twice at one picture is not shared";
  EXPECT_EQ(found->shared[0].caption, "A red fox.");
  EXPECT_EQ(found->shared[0].samples, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(found->shared[1].samples, (std::vector<std::uint32_t>{0, 4}));
  EXPECT_EQ(of({{"a red fox"}, {"b"}}, 1)->frequent.size(), 1u);
}

TEST(CaptionStatistics, TheOrderOfSamplesChangesOnlyTheirNumbers) {
  std::vector<std::vector<std::string>> samples;
  for (int i = 0; i < 300; ++i) {
    samples.push_back({"word" + std::to_string(i % 7) + " and " + std::to_string(i % 50)});
  }
  const auto one = of(samples);
  std::ranges::reverse(samples);
  const auto other = of(samples);
  LIX_ASSERT_OK(one);
  LIX_ASSERT_OK(other);
  EXPECT_EQ(one->frequent, other->frequent);
  EXPECT_EQ(one->lengths, other->lengths);
  EXPECT_EQ(one->vocabulary, other->vocabulary);
  EXPECT_EQ(one->shared.size(), other->shared.size());
}

TEST(CaptionStatistics, NothingAndStopping) {
  const auto none = of({});
  LIX_ASSERT_OK(none);
  EXPECT_EQ(none->captions, 0u);
  EXPECT_DOUBLE_EQ(none->meanLength(), 0.0);
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = of({{"a"}}, 10, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(CaptionStatistics, Shares) {
  const std::vector<std::size_t> lengths{0, 2, 1, 1};  // 1 1 2 3
  EXPECT_EQ(atShare(lengths, 0.5), 1u);
  EXPECT_EQ(atShare(lengths, 0.75), 2u);
  EXPECT_EQ(atShare(lengths, 1.0), 3u);
  EXPECT_EQ(atShare({}, 0.5), 0u);
}

}  // namespace
}  // namespace lix::study
