#include "study/inspect/memory.h"

#include <array>
#include <stop_token>
#include <thread>

#include "inspect_support.h"

namespace lix::study {
namespace {

using test::Kind;

TEST(LeastRecent, DropsWhatWasUsedLongestAgo) {
  LeastRecent<int, std::string> kept(10);
  const auto put = [&](int key, std::size_t bytes) {
    kept.insert(key, std::make_shared<const std::string>(std::to_string(key)), bytes);
  };
  put(1, 4);
  put(2, 4);
  ASSERT_NE(kept.find(1), nullptr);
  put(3, 4);  // 12 bytes would be too many: 2 was used longest ago
  EXPECT_EQ(kept.find(2), nullptr);
  EXPECT_EQ(*kept.find(1), "1");
  EXPECT_EQ(*kept.find(3), "3");
  EXPECT_EQ(kept.bytes(), 8u);
  put(4, 11);  // larger than all of it
  EXPECT_EQ(kept.find(4), nullptr);
  EXPECT_EQ(kept.size(), 2u);
  put(5, 10);
  EXPECT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept.bytes(), 10u);
  put(5, 10);
  EXPECT_EQ(kept.bytes(), 10u);
}

class EveryMemory : public testing::TestWithParam<Kind> {};

TEST_P(EveryMemory, ReadingAgainEncodesNothingAndSaysTheSame) {
  const Evaluator evaluator = test::evaluator(GetParam());
  const std::vector<imaging::Image> pictures{test::picture(1), test::picture(2)};
  const std::vector<std::string> captions{"a cat", "two dogs", "a cat"};
  InspectMemory memory;
  const auto expected = inspect(evaluator, pictures, captions);
  LIX_ASSERT_OK(expected);
  for (int round = 0; round < 3; ++round) {
    const auto reading = inspect(evaluator, pictures, captions, {}, &memory);
    LIX_ASSERT_OK(reading);
    EXPECT_EQ(reading->scores.logits, expected->scores.logits);
    EXPECT_EQ(reading->scores.cosines[0], reading->scores.cosines[2]);
    EXPECT_EQ(reading->pictures[1].map.values, expected->pictures[1].map.values);
    EXPECT_EQ(reading->pictures[1].map.explanation, expected->pictures[1].map.explanation);
    EXPECT_EQ(memory.encodedPictures(), 2u);
    EXPECT_EQ(memory.encodedCaptions(), 2u);
  }
  LIX_ASSERT_OK(inspect(evaluator, {pictures[1], test::picture(3)}, {"grass", "a cat"}, {}, &memory));
  EXPECT_EQ(memory.encodedPictures(), 3u);
  EXPECT_EQ(memory.encodedCaptions(), 3u);
  EXPECT_GT(memory.bytes(), 0u);
}

TEST_P(EveryMemory, OfNoRoomReadsAsWell) {
  const Evaluator evaluator = test::evaluator(GetParam());
  InspectMemory none(0, 0);
  const auto reading = inspect(evaluator, {test::picture(1)}, {"a", "b"}, {}, &none);
  LIX_ASSERT_OK(reading);
  EXPECT_EQ(reading->scores.cosines, inspect(evaluator, {test::picture(1)}, {"a", "b"})->scores.cosines);
  EXPECT_EQ(none.bytes(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Models, EveryMemory,
                         testing::Values(Kind::Siglip, Kind::Clip, Kind::Llip, Kind::LearnedPatches, Kind::LlipPatches));

TEST(InspectMemory, OtherSettingsEncodeNothing) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  InspectMemory memory;
  for (const InspectSettings& settings :
       {InspectSettings{}, InspectSettings{.tau = 0.3}, InspectSettings{.withoutTokens = {1}}, InspectSettings{.heads = {2}}}) {
    const auto reading = inspect(llip, {test::picture(1)}, {"a cat", "grass"}, settings, &memory);
    LIX_ASSERT_OK(reading);
    EXPECT_EQ(reading->scores.cosines, inspect(llip, {test::picture(1)}, {"a cat", "grass"}, settings)->scores.cosines);
  }
  EXPECT_EQ(memory.encodedPictures(), 1u);
  EXPECT_EQ(memory.encodedCaptions(), 2u);
}

TEST(InspectMemory, StaysWithinItsBound) {
  const Evaluator siglip = test::evaluator(Kind::Siglip);
  InspectMemory memory(1500, 1000);
  for (std::uint64_t i = 0; i < 20; ++i) {
    LIX_ASSERT_OK(inspect(siglip, {test::picture(i)}, {"caption " + std::to_string(i)}, {}, &memory));
    EXPECT_LE(memory.bytes(), 2500u);
  }
  EXPECT_GT(memory.bytes(), 0u);
  LIX_ASSERT_OK(inspect(siglip, {test::picture(0)}, {"caption 19"}, {}, &memory));
  EXPECT_EQ(memory.encodedPictures(), 21u) << "the first one was dropped";
  EXPECT_EQ(memory.encodedCaptions(), 20u) << "the last one is still there";
}

TEST(InspectMemory, SeveralThreadsReadTheSame) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  const auto expected = inspect(llip, {test::picture(1), test::picture(2)}, {"a cat", "grass"})->scores.cosines;
  InspectMemory memory(4000, 1000);  // too small for all, so that entries come and go
  std::array<std::vector<float>, 4> found;
  {
    std::vector<std::jthread> threads;
    for (auto& mine : found) {
      threads.emplace_back([&] {
        for (int i = 0; i < 8; ++i) {
          mine = inspect(llip, {test::picture(1), test::picture(2)}, {"a cat", "grass"}, {}, &memory)->scores.cosines;
        }
      });
    }
  }
  for (const auto& mine : found) {
    EXPECT_EQ(mine, expected);
  }
}

/// 200 captions take 200 x (4 x (3 x 4 + 8) + (16 + 4) x 4) = 32,000 bytes a picture: two fit into 70,000.
TEST(InspectMemory, ManyCaptionsGiveScoresOfAllAndDetailsOfTheFirst) {
  const Evaluator llip = test::evaluator(Kind::Llip);
  std::vector<std::string> captions;
  for (int i = 0; i < 200; ++i) {
    captions.push_back(std::to_string(i));
  }
  const std::vector<imaging::Image> pictures{test::picture(1), test::picture(2), test::picture(3)};
  InspectMemory small(0, 0, 70'000);
  const auto reading = inspect(llip, pictures, captions, {}, &small);
  const auto whole = inspect(llip, pictures, captions);
  LIX_ASSERT_OK(reading);
  LIX_ASSERT_OK(whole);
  EXPECT_EQ(reading->scores.cosines, whole->scores.cosines);
  EXPECT_TRUE(reading->pictures[1].mixture);
  EXPECT_FALSE(reading->pictures[2].mixture);
  EXPECT_TRUE(reading->pictures[2].map.values.empty());
  EXPECT_TRUE(whole->pictures[2].mixture);
  EXPECT_TRUE(whole->notes.empty());
  ASSERT_EQ(reading->notes.size(), 1u);
  EXPECT_NE(reading->notes[0].find("the first 2 of 3 pictures"), std::string::npos);
  InspectMemory none(0, 0, 1);
  EXPECT_TRUE(inspect(llip, pictures, captions, {}, &none)->pictures[0].mixture) << "one is always looked into";
}

/// Asks to stop when it meets the caption `last`.
class StoppingTokenizer final : public test::ByteTokenizer {
 public:
  StoppingTokenizer(std::stop_source stop, std::string last) : ByteTokenizer(64), stop_(stop), last_(std::move(last)) {}
  nn::TokenRow encode(std::string_view caption, int contextLength) const override {
    if (caption == last_) {
      std::stop_source(stop_).request_stop();
    }
    return ByteTokenizer::encode(caption, contextLength);
  }

 private:
  std::stop_source stop_;
  std::string last_;
};

TEST(InspectMemory, AReadingStopsAfterABlockOfCaptionsAndKeepsIt) {
  Evaluator siglip = test::evaluator(Kind::Siglip);
  std::vector<std::string> captions;
  for (int i = 0; i < 300; ++i) {
    captions.push_back("c" + std::to_string(i));
  }
  InspectMemory memory;
  std::stop_source stop;
  siglip.tokenizer = std::make_shared<StoppingTokenizer>(stop, "c130");
  const auto stopped = inspect(siglip, {test::picture(1)}, captions, {}, &memory, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(memory.encodedCaptions(), 256u) << "two blocks of 128";
  EXPECT_EQ(memory.encodedPictures(), 0u);
  LIX_ASSERT_OK(inspect(siglip, {test::picture(1)}, captions, {}, &memory));
  EXPECT_EQ(memory.encodedCaptions(), 300u);
}

TEST(InspectMemory, AReadingStopsBeforeThePictures) {
  Evaluator siglip = test::evaluator(Kind::Siglip);
  InspectMemory memory;
  std::stop_source stop;
  siglip.tokenizer = std::make_shared<StoppingTokenizer>(stop, "b");
  const auto stopped = inspect(siglip, {test::picture(1), test::picture(2)}, {"a", "b"}, {}, &memory, stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
  EXPECT_EQ(memory.encodedCaptions(), 2u);
  EXPECT_EQ(memory.encodedPictures(), 0u);
}

}  // namespace
}  // namespace lix::study
