// What a run will need is said, and refused, before it begins.
#include "base/memory.h"
#include "study/train/need.h"
#include "study/train/recipe_for.h"
#include "study/train/train.h"
#include "support/support.h"

namespace lix::test {
namespace {
using study::TrainSettings;

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

Result<study::Need> need(const TrainSettings& settings, std::optional<double> free) {
  LIX_TRY(const nn::Recipe recipe, study::recipeFor(settings));
  LIX_TRY(const nn::ModelConfig config, nn::presetConfig(settings.size, study::architecture(settings, recipe)));
  return study::needOf(settings, recipe, config, free);
}

TEST(Need, IsOneLineWithEveryNumber) {
  const auto found = need({.recipe = "llip", .size = "vit-b-32", .batch = 64}, 64.0 * kGiB);
  LIX_ASSERT_OK(found);
  EXPECT_EQ(found->microBatch, 64);
  for (const char* part : {" M parameters", "FLOP a step of 64", "an image", "a caption", "a pair", "64.0 GiB are free"}) {
    EXPECT_NE(found->sentence.find(part), std::string::npos) << found->sentence;
  }
  EXPECT_EQ(found->sentence.find('\n'), std::string::npos);
}

TEST(Need, WhatIsChosenFits) {
  const auto found = need({.recipe = "siglip", .size = "vit-b-16", .batch = 4096}, 8.0 * kGiB);
  LIX_ASSERT_OK(found);
  EXPECT_LT(found->microBatch, 4096);
  EXPECT_GE(found->microBatch, 1);
  EXPECT_LE(found->stepBytes, 8.0 * kGiB);
  EXPECT_NE(found->sentence.find(cat(found->microBatch, " embedded at once")), std::string::npos) << found->sentence;
  const auto whole = need({.recipe = "siglip", .size = "vit-b-16", .batch = 4096}, {});
  LIX_ASSERT_OK(whole);
  EXPECT_EQ(whole->microBatch, 4096) << "nothing is known of the memory";
  EXPECT_LT(whole->stepFlops, found->stepFlops) << "gradient caching takes a forward pass more";
}

TEST(Need, WhatCannotFitIsRefusedWithWhatWould) {
  const auto says = [](const TrainSettings& settings, double free, const std::string& part) {
    const std::string message = messageOf(need(settings, free));
    EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
  };
  TrainSettings settings{.recipe = "llip", .size = "vit-bigg-14", .batch = 256};
  says(settings, 8.0 * kGiB, "take a smaller size");
  says(settings, 8.0 * kGiB, "a pair ");
  settings.size = "vit-b-32";
  settings.microBatch = 256;
  says(settings, 8.0 * kGiB, "A micro-batch of ");
  settings.tokens = 129;
  says(settings, 8.0 * kGiB, "K = 129");
  settings.tokens = 0;
  settings.mixtureHeads = 7;
  says(settings, 8.0 * kGiB, "divide it: 1, 2, 4");
}

TEST(Need, CountsWhatTheSettingsAddAndLeaveOut) {
  const auto bytes = [](const TrainSettings& settings) {
    const nn::Recipe recipe = *study::recipeFor(settings);
    const auto config = *nn::presetConfig("vit-b-32", study::architecture(settings, recipe));
    return study::costFor(settings, recipe, config).stepBytes(settings.batch, settings.batch);
  };
  const TrainSettings plain{.recipe = "llip", .init = "/c", .batch = 64, .threads = 1};
  const auto with = [&](auto change) {
    TrainSettings settings = plain;
    change(settings);
    return bytes(settings);
  };
  const double all = bytes(plain), both = with([](auto& s) { s.lockImage = s.lockText = true; });
  EXPECT_LT(with([](auto& s) { s.lockImage = true; }), 0.7 * all);
  EXPECT_LT(with([](auto& s) { s.lockText = true; }), all);
  EXPECT_LT(both, with([](auto& s) { s.lockImage = true; }));
  EXPECT_LT(with([](auto& s) { s.lockBlocks = 6; }), all);
  EXPECT_GT(with([](auto& s) { s.ema = 0.99; }), all + 4.0 * 1e8);
  EXPECT_EQ(with([](auto& s) { s.ema = 0.99, s.lockImage = s.lockText = true; }), both);
  EXPECT_GT(with([](auto& s) { s.threads = 8; }), all + 7 * 4.0 * 512 * 512);
  // 64 pictures of 224 pixels are 37 MiB: three batches wait beside the one in work.
  EXPECT_GT(all, 4.0 * 64 * 4.0 * 3 * 224 * 224 + 16.0 * 1.5e8);
}

TEST(Need, SizesAreSortedAndSayWhatIsTooLarge) {
  const auto rows = study::sizesFor({.recipe = "llip", .batch = 128}, 16.0 * kGiB);
  LIX_ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), nn::presets().size());
  EXPECT_EQ(rows->front().preset, "tiny");
  EXPECT_EQ(rows->front().refusal, "");
  EXPECT_EQ(rows->back().preset, "vit-bigg-14");
  EXPECT_NE(rows->back().refusal, "");
  for (std::size_t i = 1; i < rows->size(); ++i) {
    EXPECT_GT((*rows)[i].cost.parameters, (*rows)[i - 1].cost.parameters);
    EXPECT_FALSE((*rows)[i].title.empty());
    EXPECT_FALSE((*rows)[i].help.empty());
  }
  EXPECT_FALSE(study::sizesFor({.recipe = "nothing"}, {}));
}

TEST(Need, AFormReadsASentenceWhateverIsAsked) {
  EXPECT_NE(study::sizeSentence({.recipe = "siglip", .size = "tiny", .batch = 4}).find("parameters"), std::string::npos);
  EXPECT_NE(study::sizeSentence({.recipe = "siglip", .size = "huge"}).find("'huge'"), std::string::npos);
}

}  // namespace
}  // namespace lix::test
