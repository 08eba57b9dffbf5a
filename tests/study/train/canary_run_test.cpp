// Runs with a canary: when it is read, what a drop does, the best step, going on.
#include "canary_support.h"
#include "study/train/run.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

TEST(CanaryRun, ACanaryOfOtherPicturesIsLeftOutOnResume) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 8);
  settings.canaryEvery = 2;
  FakeCanary canary, other;
  other.draw = "second";
  Watcher stopped(3, TrainRequest::Stop), without(6, TrainRequest::Stop), again;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", stopped, &canary));
  LIX_ASSERT_OK(resume(data, folder / "out", without, &other));
  ASSERT_EQ(without.notices.size(), 1u);
  expectIn("sees other pictures, labels or classes than at the start", without.notices[0]);
  expectIn("goes on without its canary", without.notices[0]);
  EXPECT_EQ(other.reads, 1);
  EXPECT_EQ(readTrainState(folder / "out")->step, 6);
  LIX_ASSERT_OK(resume(data, folder / "out", again, &canary));  // its dataset was put back
  EXPECT_TRUE(again.notices.empty());
  EXPECT_TRUE(again.history.back().contains("canary.zero_shot_change"));
}

TEST(CanaryRun, TheCanaryIsReadAtTheStartInBetweenAndAtTheEnd) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 5);
  settings.canary = "fake";
  settings.canaryEvery = 2;
  settings.ema = 0.8;
  const auto init = smallStart("siglip");
  FakeCanary canary;
  Watcher watcher, without;
  LIX_ASSERT_OK(train(settings, data, init, folder / "out", watcher, &canary));
  EXPECT_EQ(canary.reads, 4);  // 0, 2, 4, 5
  ASSERT_EQ(watcher.history.size(), 6u);
  EXPECT_FALSE(watcher.history[0].contains("loss"));
  for (const auto& [at, there] : {std::pair(0, true), std::pair(1, false), std::pair(2, true), std::pair(3, false),
                                  std::pair(4, true), std::pair(5, true)}) {
    EXPECT_EQ(watcher.history[std::size_t(at)].contains("canary.zero_shot_change"), there) << at;
  }
  // It sees what a checkpoint shows: the average, not the weights that learn.
  EXPECT_TRUE(canary.seen.front().equal(init.model.parameters.at("text_model.head.weight")));
  EXPECT_TRUE(canary.seen.back().equal(weightsOf(folder / "out").at("text_model.head.weight")));
  // It changes nothing of what is learned.
  settings.canary.clear();
  LIX_ASSERT_OK(train(settings, data, init, folder / "without", without));
  EXPECT_EQ(fileBytes(folder / "out" / "model.safetensors"), fileBytes(folder / "without" / "model.safetensors"));
}

TEST(CanaryRun, ARealDropWarnsOrStops) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 8);
  settings.canaryEvery = 2;
  FakeCanary warned, stopped, again;
  warned.losesEach = stopped.losesEach = again.losesEach = 3;
  Watcher a, b, c;
  EXPECT_EQ(*train(settings, data, smallStart("siglip"), folder / "warned", a, &warned), TrainEnd::Done);
  ASSERT_EQ(a.notices.size(), 1u);  // at 4, when 6 of 40 are lost; 3 of 40 at 2 are within chance
  expectIn("has really dropped at step 4: by 15.0 points on the same 40 pictures", a.notices[0]);
  settings.canaryStops = true;
  EXPECT_EQ(*train(settings, data, smallStart("siglip"), folder / "stopped", b, &stopped), TrainEnd::Stopped);
  EXPECT_EQ(b.saves, std::vector<int>{4});
  EXPECT_EQ(readTrainState(folder / "stopped")->step, 4);
  ASSERT_EQ(b.notices.size(), 2u);
  expectIn("stops at step 4", b.notices[1]);
  LIX_ASSERT_OK(again.read(smallStart("siglip").model, {}));  // as many readings behind it as the run had
  EXPECT_EQ(*resume(data, folder / "stopped", c, &again), TrainEnd::Done);  // 3 lost of 40 at 6: fine again
}

TEST(CanaryRun, TheBestStepIsKeptBesideTheNewest) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 6);
  settings.canaryEvery = 1;
  settings.canaryBest = "canary.prototype";
  FakeCanary canary;
  Watcher watcher;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", watcher, &canary));
  double best = -1.0;
  int bestStep = -1;
  for (int step = 0; step <= 6; ++step) {
    const auto& series = watcher.history[std::size_t(step)];
    if (series.at("canary.prototype") > best) {
      best = series.at("canary.prototype");
      bestStep = step;
    }
    EXPECT_EQ(series.at("canary.best_step"), bestStep);
  }
  const fs::path kept = bestFolder(folder / "out");
  EXPECT_EQ(readTrainState(kept)->step, bestStep);
  EXPECT_EQ(weightsOf(kept).at("text_model.head.weight").abs().mean().item<double>(), best);
  EXPECT_TRUE(fs::exists(kept / "preprocessor_config.json"));
  EXPECT_EQ(readTrainState(folder / "out")->step, 6);
  ASSERT_EQ(watcher.notices.size(), 1u);
  expectIn(cat("The best step by canary.prototype is ", bestStep, " ("), watcher.notices[0]);
}

TEST(CanaryRun, ACanaryResumesExactly) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", kSteps);
  settings.canaryEvery = 3;
  settings.canaryBest = "canary.prototype";
  const auto init = smallStart("siglip");
  FakeCanary first;
  Watcher straight;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight, &first));
  for (const int at : {0, 2, 3, 7, 10}) {
    FakeCanary canary;
    Watcher stopped(at, TrainRequest::Stop), resumed;
    LIX_ASSERT_OK(train(settings, data, init, folder / "out", stopped, &canary));
    LIX_ASSERT_OK(resume(data, folder / "out", resumed, &canary));
    EXPECT_EQ(canary.reads, first.reads) << at;
    expectSameRun(folder / "straight", folder / "out", cat("stopped at ", at));
    expectSameRun(bestFolder(folder / "straight"), bestFolder(folder / "out"), cat("best, stopped at ", at));
    for (const char* key : {"canary.zero_shot_change", "canary.best_step", "canary.prototype"}) {
      EXPECT_EQ(resumed.history.back().at(key), straight.history.back().at(key)) << key;
    }
  }
}

TEST(CanaryRun, ACanaryThatCannotBeReadStopsOnlyTheStart) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 4);
  settings.canaryEvery = 2;
  FakeCanary early, late;
  early.failsAt = 1;
  late.failsAt = 2;
  Watcher a, b;
  EXPECT_EQ(messageOf(train(settings, data, smallStart("siglip"), folder / "early", a, &early)), "its pictures are gone.");
  EXPECT_TRUE(a.history.empty());
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "late", b, &late));
  ASSERT_EQ(b.notices.size(), 1u);
  expectIn("could not be read at step 2: its pictures are gone", b.notices[0]);
}

}  // namespace
}  // namespace lix::test
