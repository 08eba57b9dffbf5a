#include "study/train/canary_watch.h"

#include <cmath>

#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;

CanaryReading readingOf(std::vector<std::uint8_t> hits, double prototype = 0.5) {
  double right = 0.0;
  for (const auto hit : hits) {
    right += hit;
  }
  return {{{"canary.zero_shot", right / double(hits.size())}, {"canary.prototype", prototype}}, std::move(hits)};
}

TEST(CanaryWatch, ThePairedChangeByHand) {
  CanaryMemory memory;
  const TrainSettings settings;
  const auto first = judge(readingOf({1, 1, 1, 0}), settings, 0, memory);
  LIX_ASSERT_OK(first);
  EXPECT_EQ(first->series.at("canary.zero_shot"), 0.75);
  EXPECT_EQ(first->series.at("canary.zero_shot_change"), 0.0);
  EXPECT_EQ(memory.baseline, (std::vector<std::uint8_t>{1, 1, 1, 0}));
  // Differences -1, 0, 0, 0: mean -1/4, deviation 1/2, so t(0.975, 3) * 0.5 / 2 = 3.18245 / 4.
  const auto second = judge(readingOf({0, 1, 1, 0}), settings, 10, memory);
  LIX_ASSERT_OK(second);
  EXPECT_DOUBLE_EQ(second->series.at("canary.zero_shot_change"), -0.25);
  EXPECT_NEAR(second->series.at("canary.zero_shot_change_low"), -0.25 - 3.182446305 / 4, 1e-8);
  EXPECT_NEAR(second->series.at("canary.zero_shot_change_high"), -0.25 + 3.182446305 / 4, 1e-8);
  EXPECT_TRUE(second->notice.empty());
  EXPECT_FALSE(memory.dropped);
  EXPECT_EQ(memory.baseline, (std::vector<std::uint8_t>{1, 1, 1, 0}));
}

TEST(CanaryWatch, ARealDropIsToldOnceAndItsEndToo) {
  CanaryMemory memory;
  const TrainSettings settings;
  std::vector<std::uint8_t> start(100, 1), worse = start;
  std::fill_n(worse.begin(), 20, 0);
  LIX_ASSERT_OK(judge(readingOf(start), settings, 0, memory));
  const auto drop = judge(readingOf(worse), settings, 10, memory);
  expectIn("really dropped at step 10: by 20.0 points on the same 100 pictures", drop->notice);
  EXPECT_TRUE(memory.dropped);
  EXPECT_LT(drop->series.at("canary.zero_shot_change_high"), 0.0);
  EXPECT_EQ(judge(readingOf(worse), settings, 20, memory)->notice, "");
  EXPECT_TRUE(memory.dropped);
  auto mended = start;
  mended[0] = 0;  // one of a hundred proves nothing
  expectIn("no longer clearly below its start at step 30", judge(readingOf(mended), settings, 30, memory)->notice);
  EXPECT_FALSE(memory.dropped);
  // As many lost as won: another model, but no drop. Unpaired numbers could not tell.
  std::vector<std::uint8_t> half(100, 0), other(100, 1);
  std::fill_n(half.begin(), 50, 1);
  std::fill_n(other.begin(), 50, 0);
  CanaryMemory swapped;
  LIX_ASSERT_OK(judge(readingOf(half), settings, 0, swapped));
  const auto same = judge(readingOf(other), settings, 10, swapped);
  EXPECT_NEAR(same->series.at("canary.zero_shot_change"), 0.0, 1e-12);
  EXPECT_FALSE(swapped.dropped);
}

TEST(CanaryWatch, TheBestStepIsTheFirstOfTheHighest) {
  CanaryMemory memory;
  const TrainSettings settings{.canaryBest = "canary.prototype"};
  const auto best = [&](int step, double value) {
    const auto verdict = judge(readingOf({1, 0}, value), settings, step, memory);
    EXPECT_TRUE(verdict.has_value()) << messageOf(verdict);
    EXPECT_EQ(verdict->isBest, verdict->series.at("canary.best_step") == step);
    return verdict->series.at("canary.best_step");
  };
  EXPECT_EQ(best(0, 0.5), 0.0);
  EXPECT_EQ(best(10, 0.4), 0.0);
  EXPECT_EQ(best(20, 0.7), 20.0);
  EXPECT_EQ(best(30, 0.7), 20.0);
  EXPECT_EQ(best(40, std::nan("")), 20.0);
}

TEST(CanaryWatch, OtherSeriesAndOtherPicturesAreRefused) {
  CanaryMemory memory;
  expectIn("no series 'accuracy' to choose the best step by; choose one of: canary.prototype, canary.zero_shot.",
           messageOf(judge(readingOf({1, 0}), {.canaryBest = "accuracy"}, 0, memory)));
  CanaryMemory another;
  LIX_ASSERT_OK(judge(readingOf({1, 0}), {}, 0, another));
  expectIn("saw 3 pictures and 2 at the start", messageOf(judge(readingOf({1, 0, 1}), {}, 5, another)));
  CanaryMemory drawn;
  auto reading = readingOf({1, 0});
  reading.draw = "a";
  LIX_ASSERT_OK(judge(reading, {}, 0, drawn));
  LIX_ASSERT_OK(judge(reading, {}, 5, drawn));
  reading.draw = "b";
  expectIn("sees other pictures, labels or classes", messageOf(judge(reading, {}, 10, drawn)));
  EXPECT_EQ(drawn.draw, "a");
}

}  // namespace
}  // namespace lix::test
