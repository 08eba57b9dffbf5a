#include "nn/ops/tensor.h"
#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

constexpr int kSteps = 11;  // 64 pictures in batches of 16: four steps an epoch

class Resume : public testing::TestWithParam<std::string> {};

TEST_P(Resume, StoppedAnywhereItEndsInTheSameBytes) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto settings = smallSettings(GetParam(), kSteps);
  const auto init = smallStart(GetParam());
  Watcher straight;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  for (const int at : {0, 1, 3, 4, 5, 8, 10}) {  // 4 and 8 are the ends of epochs
    const fs::path out = folder / cat("stopped-", at);
    Watcher stopped(at, TrainRequest::Stop), resumed;
    const auto first = train(settings, data, init, out, stopped);
    LIX_ASSERT_OK(first);
    EXPECT_EQ(*first, TrainEnd::Stopped);
    EXPECT_EQ(stopped.saves, std::vector<int>{at});
    EXPECT_EQ(readTrainState(out)->step, at);
    const auto second = resume(data, out, resumed);
    LIX_ASSERT_OK(second);
    EXPECT_EQ(*second, TrainEnd::Done);
    EXPECT_TRUE(resumed.notices.empty()) << resumed.notices.front();
    ASSERT_EQ(resumed.history.size(), std::size_t(kSteps - at));
    for (std::size_t i = 0; i < resumed.history.size(); ++i) {
      EXPECT_EQ(resumed.history[i].at("loss"), straight.history[i + std::size_t(at)].at("loss")) << at << " + " << i;
    }
    expectSameRun(folder / "straight", out, cat(GetParam(), " stopped at ", at));
  }
}

INSTANTIATE_TEST_SUITE_P(Recipes, Resume, testing::Values("siglip", "siglixp", "llip", "clipxp"),
                         [](const auto& one) { return one.param; });

TEST(ResumeRun, ManyStopsAndHalfWeights) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglixp", kSteps);
  settings.halfWeights = true;
  settings.checkpointEvery = 3;
  const auto init = smallStart("siglixp");
  Watcher straight, first(2, TrainRequest::Stop), second(7, TrainRequest::Stop), third;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  EXPECT_EQ(straight.saves, (std::vector<int>{3, 6, 9, 11}));
  LIX_ASSERT_OK(train(settings, data, init, folder / "parts", first));
  LIX_ASSERT_OK(resume(data, folder / "parts", second));
  EXPECT_EQ(second.saves, (std::vector<int>{3, 6, 7}));
  LIX_ASSERT_OK(resume(data, folder / "parts", third));
  expectSameRun(folder / "straight", folder / "parts", "three parts");
  EXPECT_EQ(nn::loadTensors(folder / "parts" / "model.safetensors")->at("text_model.head.weight").scalar_type(),
            at::kHalf);
}

TEST(ResumeRun, CancelLeavesTheCheckpointBefore) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", kSteps);
  settings.checkpointEvery = 4;
  const auto init = smallStart("siglip");
  Watcher straight, cancelled(6, TrainRequest::Cancel), early(2, TrainRequest::Cancel), resumed;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  const auto end = train(settings, data, init, folder / "out", cancelled);
  LIX_ASSERT_OK(end);
  EXPECT_EQ(*end, TrainEnd::Cancelled);
  EXPECT_EQ(cancelled.saves, std::vector<int>{4});
  EXPECT_EQ(readTrainState(folder / "out")->step, 4);
  LIX_ASSERT_OK(resume(data, folder / "out", resumed));  // as after a kill: two steps are done again
  EXPECT_EQ(resumed.history.size(), std::size_t(kSteps - 4));
  expectSameRun(folder / "straight", folder / "out", "cancelled");
  LIX_ASSERT_OK(train(settings, data, init, folder / "early", early));
  EXPECT_FALSE(fs::exists(folder / "early"));
}

TEST(ResumeRun, PauseSavesOnceAndWaits) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto settings = smallSettings("siglip", 5);
  const auto init = smallStart("siglip");
  Watcher straight, paused(3, TrainRequest::Pause);
  paused.most = 2;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  LIX_ASSERT_OK(train(settings, data, init, folder / "paused", paused));
  EXPECT_EQ(paused.asked, 2);
  EXPECT_EQ(paused.saves, (std::vector<int>{3, 5}));
  EXPECT_EQ(paused.history.size(), 5u);
  expectSameRun(folder / "straight", folder / "paused", "paused");
}

TEST(ResumeRun, AFinishedRunIsDone) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher first, second;
  LIX_ASSERT_OK(train(smallSettings("siglip", 3), data, smallStart("siglip"), folder / "out", first));
  const auto before = bytesOfRun(folder / "out");
  EXPECT_EQ(*resume(data, folder / "out", second), TrainEnd::Done);
  EXPECT_TRUE(second.history.empty());
  EXPECT_TRUE(before == bytesOfRun(folder / "out"));
}

TEST(ResumeRun, OtherDataIsRefused) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher first(2, TrainRequest::Stop), second;
  LIX_ASSERT_OK(train(smallSettings("siglip", 5), data, smallStart("siglip"), folder / "out", first));
  auto pictures = colourPairs(1);
  pictures[5].captions[0] = {19};
  const TrainData other = dataOf(pictures, folder / "other");
  const auto before = bytesOfRun(folder / "out");
  expectIn("began with other data", messageOf(resume(other, folder / "out", second)));
  EXPECT_TRUE(before == bytesOfRun(folder / "out"));
  EXPECT_TRUE(second.history.empty());
}

/// A stopped run of which one file is altered; the message of resuming it.
template <class Change>
std::string resumeAfter(Change change) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher first(2, TrainRequest::Stop), second;
  EXPECT_TRUE(train(smallSettings("siglip", 5), data, smallStart("siglip"), folder / "out", first).has_value());
  auto tensors = *nn::loadTensors(folder / "out" / "training_state.safetensors");
  auto metadata = nn::SafetensorsFile::open(folder / "out" / "training_state.safetensors")->metadata();
  change(tensors, metadata);
  EXPECT_TRUE(nn::saveTensors(folder / "out" / "training_state.safetensors", tensors, metadata).has_value());
  return messageOf(resume(data, folder / "out", second));
}

TEST(ResumeRun, AChangedRecipeFileIsRefused) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const std::string mine = R"({"id": "mine", "towers": "siglip", "scalars": {"logit_scale": 2.0}, "terms":
      [{"scorer": "dot", "reducer": "softmax", "scale": "logit_scale"}]})";
  LIX_ASSERT_OK(writeFile(folder / "mine.json", mine));
  Watcher watcher(2, TrainRequest::Stop);
  LIX_ASSERT_OK(train(smallSettings((folder / "mine.json").string(), 4), data, smallStart("siglip"), folder / "out", watcher));
  LIX_ASSERT_OK(writeFile(folder / "mine.json", mine + " "));
  Watcher second;
  expectIn("was changed since the run", messageOf(resume(data, folder / "out", second)));
  LIX_ASSERT_OK(writeFile(folder / "mine.json", mine));
  LIX_ASSERT_OK(resume(data, folder / "out", second));
}

TEST(ResumeRun, DamagedStatesAreRefused) {
  EXPECT_EQ(resumeAfter([](auto&, auto&) {}), "");
  expectIn("does not hold 'text_model.head.weight'",
           resumeAfter([](auto& tensors, auto&) { tensors.erase("p.text_model.head.weight"); }));
  expectIn("'v.text_model.head.weight'",
           resumeAfter([](auto& tensors, auto&) { tensors.erase("v.text_model.head.weight"); }));
  expectIn("does not say its step", resumeAfter([](auto&, auto& metadata) { metadata["step"] = "-3"; }));
  expectIn("does not say its epoch", resumeAfter([](auto&, auto& metadata) { metadata.erase("epoch"); }));
  expectIn("settings of the run cannot be read",
           resumeAfter([](auto&, auto& metadata) { metadata["settings"] = "{"; }));
  expectIn("batch of 0", resumeAfter([](auto&, auto& metadata) { metadata["settings"] = "{\"batch\": 0}"; }));
  expectIn("no recipe 'other'",
           resumeAfter([](auto&, auto& metadata) { metadata["settings"] = "{\"recipe\": \"other\"}"; }));
}

TEST(ResumeRun, OtherProcessorIsSaid) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  Watcher first(2, TrainRequest::Stop), second;
  LIX_ASSERT_OK(train(smallSettings("siglip", 5), data, smallStart("siglip"), folder / "out", first));
  const fs::path state = folder / "out" / "training_state.safetensors";
  const auto tensors = *nn::loadTensors(state);
  auto metadata = nn::SafetensorsFile::open(state)->metadata();
  metadata["cpu_capability"] = "ABACUS";
  LIX_ASSERT_OK(nn::saveTensors(state, tensors, metadata));
  EXPECT_EQ(readTrainState(folder / "out")->cpuCapability, "ABACUS");
  LIX_ASSERT_OK(resume(data, folder / "out", second));
  ASSERT_EQ(second.notices.size(), 1u);
  expectIn("ABACUS", second.notices[0]);
}

}  // namespace
}  // namespace lix::test
