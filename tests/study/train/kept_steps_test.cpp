// Copies of steps that stay, the memory that a run records, and what a run would see of its data.
#include <unistd.h>

#include <algorithm>

#include "study/train/loader.h"
#include "study/train/process_memory.h"
#include "study/train/seen.h"
#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

constexpr int kAll = 9;

class Keeper : public Watcher {
 public:
  using Watcher::Watcher;
  void kept(int step, const fs::path& folder) override { keeps.emplace_back(step, folder); }
  std::vector<std::pair<int, fs::path>> keeps;
};

TEST(KeptSteps, EverySoManyStepsACopyStaysAndChangesNothingElse) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglixp", kAll);
  const auto init = smallStart("siglixp");
  Keeper plain, keeper;
  LIX_ASSERT_OK(train(settings, data, init, folder / "plain", plain));
  EXPECT_TRUE(plain.keeps.empty());
  settings.keepEvery = 4;
  const fs::path out = folder / "out";
  LIX_ASSERT_OK(train(settings, data, init, out, keeper));
  ASSERT_EQ(keeper.keeps.size(), 2u);
  EXPECT_EQ(keeper.keeps[0], std::pair(4, fs::path(out.string() + "-step-000004")));
  EXPECT_EQ(keeper.keeps[1], std::pair(8, fs::path(out.string() + "-step-000008")));
  EXPECT_EQ(fileBytes(folder / "plain" / "model.safetensors"), fileBytes(out / "model.safetensors"));
  EXPECT_EQ(readTrainState(keptFolder(out, 4))->step, 4);
  LIX_EXPECT_OK(nn::loadTensors(keptFolder(out, 4) / "model.safetensors"));
  // A kept step can be gone on from, as a run of its own, and ends where the first one did.
  Keeper onward;
  LIX_ASSERT_OK(resume(data, keptFolder(out, 4), onward));
  expectSameRun(out, keptFolder(out, 4), "from the kept step");
}

TEST(KeptSteps, ARunThatIsCutOffKeepsTheSameBytes) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", kAll);
  settings.keepEvery = 3;
  const auto init = smallStart("siglip");
  Keeper straight, stopped(5, TrainRequest::Stop), resumed;
  LIX_ASSERT_OK(train(settings, data, init, folder / "straight", straight));
  LIX_ASSERT_OK(train(settings, data, init, folder / "parts", stopped));
  LIX_ASSERT_OK(resume(data, folder / "parts", resumed));
  expectSameRun(folder / "straight", folder / "parts", "in parts");
  for (const int step : {3, 6, 9}) {
    expectSameRun(keptFolder(folder / "straight", step), keptFolder(folder / "parts", step), cat("kept ", step));
  }
}

TEST(KeptSteps, AStepIsKeptWhenItIsAskedFor) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  const auto settings = smallSettings("siglip", kAll);
  Keeper keeper(5, TrainRequest::Keep), plain;
  keeper.most = 1;
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "out", keeper));
  LIX_ASSERT_OK(train(settings, data, smallStart("siglip"), folder / "plain", plain));
  ASSERT_EQ(keeper.keeps.size(), 1u);
  EXPECT_EQ(keeper.keeps[0].first, 5);
  EXPECT_EQ(keeper.history.size(), std::size_t(kAll)) << "and the run went on";
  expectSameRun(folder / "plain", folder / "out", "kept on request");
}

TEST(KeptSteps, NegativeIsRefused) {
  auto settings = smallSettings("siglip", kAll);
  settings.keepEvery = -1;
  expectIn("--keep-every", messageOf(settings.validate()));
}

TEST(ProcessMemory, IsWhatTheSystemTells) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "proc/self");
  LIX_ASSERT_OK(writeFile(folder / "proc/self/statm", "900000 250000 100 1 0 5 0"));
  const auto told = memorySeries(folder.path());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_DOUBLE_EQ(told.at("memory.process"), 250000.0 * double(sysconf(_SC_PAGESIZE)) / 1e9);
  LIX_ASSERT_OK(writeFile(folder / "proc/self/statm", "rubbish"));
  EXPECT_TRUE(memorySeries(folder.path()).empty());
  EXPECT_TRUE(memorySeries(folder / "nowhere").empty());
  EXPECT_GT(memorySeries().at("memory.process"), 0.001);
}

const PiecesOf kWordsOf = [](std::string_view caption) { return split(caption, ' '); };

TEST(Seen, IsWhatTheLoaderGives) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 20);
  settings.flip = true;
  const nn::Model model = smallTowers(*nn::findRecipe("siglip"));
  const nn::Preprocess preprocess = nn::siglipPreprocess(kPictureSide);
  Loader loader(data, settings, model.config, preprocess, {});
  for (int step = 1; step <= 6; ++step) {  // into the second epoch
    const TrainBatch batch = loader.next();
    const auto seen = seenAt(data, settings, preprocess, kPictureSide, kWordsOf, step, 5);
    LIX_ASSERT_OK(seen);
    ASSERT_EQ(seen->pictures.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
      const SeenPicture& picture = seen->pictures[i];
      EXPECT_EQ(picture.key, data.pack.samples()[batch.items[i].sample].key);
      EXPECT_EQ(picture.caption, data.pack.samples()[batch.items[i].sample].captions[batch.items[i].caption]);
      const float* planes = batch.pixels.data_ptr<float>() + i * 3 * kPictureSide * kPictureSide;
      for (int at = 0; at < kPictureSide * kPictureSide; ++at) {
        for (int c = 0; c < 3; ++c) {
          const float value = (planes[c * kPictureSide * kPictureSide + at] * 0.5F + 0.5F) * 255.0F;
          ASSERT_LE(std::abs(value - float(picture.pixels[std::size_t(at * 3 + c)])), 0.51F) << step << " " << i;
        }
      }
      EXPECT_LE(picture.x + picture.width, 1.0 + 1e-9);
    }
  }
}

TEST(Seen, TellsWhatIsCutOff) {
  const TemporaryFolder folder;
  TrainData data = dataOf(colourPairs(1), folder / "pack");  // captions are "caption of 2 words": 4 pieces
  auto settings = smallSettings("siglip", 4);
  data.truncated = 128;
  std::ranges::fill(data.lengths, kContext);  // rows that are full: five tokens, one of them the end
  const PiecesOf six = [](std::string_view) { return std::vector<std::string>{"a", "b", "c", "d", "e", "f"}; };
  const auto seen = seenAt(data, settings, nn::siglipPreprocess(kPictureSide), kPictureSide, six, 1, 3);
  LIX_ASSERT_OK(seen);
  EXPECT_EQ(seen->truncated, 128u);
  EXPECT_EQ(seen->captions, data.lengths.size());
  EXPECT_EQ(seen->pictures[0].read, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(seen->pictures[0].cut, (std::vector<std::string>{"e", "f"}));
}

TEST(Seen, RefusesWhatNoRunSees) {
  const TemporaryFolder folder;
  const TrainData data = dataOf(colourPairs(1), folder / "pack");
  auto settings = smallSettings("siglip", 4);
  const auto at = [&](int step) {
    return seenAt(data, settings, nn::siglipPreprocess(kPictureSide), kPictureSide, kWordsOf, step, 3);
  };
  expectIn("no step 5", messageOf(at(5)));
  expectIn("no step 0", messageOf(at(0)));
  settings.batch = 5000;
  expectIn("too few distinct pairs", messageOf(at(1)));
}

}  // namespace
}  // namespace lix::test
