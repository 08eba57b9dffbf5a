// A pack that was made with CLIP's byte pairs keeps them, as every checkpoint trained from it does; other words are
// refused.
#include "nn/checkpoint/checkpoint.h"
#include "nn/text/tokenizer.h"
#include "train_support.h"

namespace lix::test {
namespace {
namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr int kTinyWords = 584;  // of tests/fixtures/nn/clip_bpe

fs::path tiny() { return fixtures() / "nn/clip_bpe"; }

void copyTo(const fs::path& folder, const Names& names) {
  fs::create_directories(folder);
  for (const std::string& name : names) {
    fs::copy_file(tiny() / name, folder / name);
  }
}

/// A pack of coloured pictures as one that was made with the tokenizer of these files.
Result<study::TrainData> packWith(const Names& names, const fs::path& folder) {
  const auto pictures = colourPairs(1);
  writePackFolder(pictures, folder);
  writeTokens(pictures, folder, kTinyWords);
  fs::remove(folder / "tokenizer_config.json");
  copyTo(folder, names);
  return study::openTrainData(folder);
}

nn::Checkpoint startFor(const std::string& recipe) {
  nn::Checkpoint start = smallStart(recipe);
  nn::ModelConfig config = start.model.config;
  config.vocabulary = kTinyWords;
  start.model = *nn::makeModel(config, 3);
  nn::addScalars(start.model, *nn::findRecipe(recipe));
  return start;
}

/// What training says that goes on from a checkpoint whose folder holds these files, "" where it runs.
std::string trainedFrom(const study::TrainData& data, const fs::path& init, const fs::path& out) {
  study::TrainSettings settings = smallSettings("clip", 1);
  settings.init = init.string();
  Watcher watcher;
  return messageOf(study::train(settings, data, startFor("clip"), out, watcher));
}

TEST(Words, APackAndItsCheckpointsKeepTheTokenizer) {
  for (const Names& names : {Names{"bpe_tiny.txt.gz"}, Names{"merges.txt", "vocab.json"}}) {
    const TemporaryFolder folder;
    const auto data = packWith(names, folder / "pack");
    LIX_ASSERT_OK(data);
    Names kept;
    for (const auto& [name, bytes] : data->tokenizerFiles) {
      kept.push_back(name);
      EXPECT_TRUE(bytes == fileBytes(tiny() / name)) << name;
    }
    EXPECT_EQ(kept, names);
    EXPECT_EQ(trainedFrom(*data, "", folder / "out"), "");
    const auto tokenizer = nn::loadTokenizer(folder / "out");
    LIX_ASSERT_OK(tokenizer);
    EXPECT_EQ((*tokenizer)->hash(), nn::loadTokenizer(folder / "pack").value()->hash());
    EXPECT_EQ((*tokenizer)->vocabularySize(), kTinyWords);
  }
}

TEST(Words, AStartWithOtherWordsIsRefused) {
  const TemporaryFolder folder;
  const auto merges = packWith({"bpe_tiny.txt.gz"}, folder / "merges");
  const auto both = packWith({"merges.txt", "vocab.json"}, folder / "both");
  LIX_ASSERT_OK(merges);
  LIX_ASSERT_OK(both);
  copyTo(folder / "same", {"bpe_tiny.txt.gz"});
  copyTo(folder / "pairs", {"merges.txt", "vocab.json"});
  LIX_ASSERT_OK(writeFile(folder / "same" / "tokenizer_config.json", "{}"));  // decides about no word
  EXPECT_EQ(trainedFrom(*merges, folder / "same", folder / "a"), "");
  EXPECT_EQ(trainedFrom(*both, folder / "pairs", folder / "b"), "");
  fs::create_directories(folder / "spiece");
  LIX_ASSERT_OK(writeFile(folder / "spiece" / "spiece.model", "other words"));
  copyTo(folder / "altered", {"merges.txt"});
  LIX_ASSERT_OK(writeFile(folder / "altered" / "vocab.json", fileBytes(tiny() / "vocab.json") + " "));
  const auto refused = [&](const study::TrainData& data, const char* start) {
    const std::string message = trainedFrom(data, folder / start, folder / "refused");
    expectIn("'colours' was tokenised with another vocabulary than that of " + (folder / start).string(), message);
    expectIn("--tokenizer " + (folder / start).string(), message);
    EXPECT_FALSE(fs::exists(folder / "refused"));
  };
  refused(*merges, "pairs");
  refused(*merges, "spiece");
  refused(*both, "same");
  refused(*both, "altered");
}

TEST(Words, ATokenizerThatCannotBeReadIsSaid) {
  const TemporaryFolder folder;
  const auto data = packWith({}, folder / "pack");
  LIX_ASSERT_OK(data);
  EXPECT_TRUE(data->tokenizerFiles.empty());
  fs::create_directories(folder / "pack" / "merges.txt");
  expectIn("merges.txt", messageOf(study::openTrainData(folder / "pack")));
}

}  // namespace
}  // namespace lix::test
