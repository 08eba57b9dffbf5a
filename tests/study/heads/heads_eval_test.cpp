#include <ATen/ops/allclose.h>
#include <ATen/ops/eye.h>

#include <array>

#include "heads_support.h"
#include "study/eval/own_vectors.h"
#include "study/eval/zero_shot.h"
#include "study/features/feature_writer.h"
#include "study/reader/reader.h"

namespace lix::test {
namespace {
using namespace study;
namespace fs = std::filesystem;

fs::path shipped(const std::string& name) { return fixtures().parent_path().parent_path() / "models" / name; }

/// Squares of random colours; every tenth repeats the one before.
class Squares final : public data::PictureSource {
 public:
  Result<imaging::Image> load(std::size_t index) const override {
    imaging::Image image{64, 64, std::vector<std::uint8_t>(64 * 64 * 3)};
    Random random(9, index % 10 == 9 ? index - 1 : index);
    std::array<std::uint8_t, 48> colours{};
    for (auto& value : colours) {
      value = static_cast<std::uint8_t>(random.below(256));
    }
    for (std::size_t at = 0; at < image.pixels.size(); ++at) {
      const std::size_t y = at / 192, x = at % 192 / 3;
      image.pixels[at] = colours[(y / 16 * 4 + x / 16) * 3 + at % 3];
    }
    return image;
  }
};

data::Dataset squares(std::size_t count = 60) {
  data::Dataset dataset{.name = "squares", .pictures = std::make_shared<Squares>()};
  for (std::size_t i = 0; i < count; ++i) {
    dataset.samples.push_back({.key = cat("square ", i),
                               .captions = {cat("number ", i % 20), cat("a square\nof kind ", i)},
                               .split = i % 5 == 4 ? data::Split::Test : data::Split::Train});
  }
  return dataset;
}

std::vector<std::size_t> firstOf(std::size_t count) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(i);
  }
  return all;
}

const std::vector<std::string> kClasses{"red heart", "blue circle", "smiling face"};

/// Features of the squares by a shipped checkpoint, or a copy of it.
TrainData featuresOf(const fs::path& checkpoint, const fs::path& out) {
  const auto evaluator = openEvaluator(checkpoint);
  EXPECT_TRUE(evaluator.has_value()) << messageOf(evaluator);
  const auto written = writeFeatures(*evaluator, checkpoint, squares(), out, {});
  EXPECT_TRUE(written.has_value()) << messageOf(written);
  auto data = openTrainData(out);
  EXPECT_TRUE(data.has_value()) << messageOf(data);
  return std::move(*data);
}

TEST(HeadsEval, FeaturesOfACheckpointAreItsUnitVectors) {
  const TemporaryFolder folder;
  for (const char* name : {"siglip-tiny-emoji", "llip16-tiny-emoji"}) {
    const TrainData data = featuresOf(shipped(name), folder / cat(name, ".safetensors"));
    const auto evaluator = openEvaluator(shipped(name));
    LIX_ASSERT_OK(evaluator);
    EXPECT_EQ(data.features->baseHash, evaluator->checkpoint.weightsHash.text());
    EXPECT_EQ(data.pack.name(), "squares");
    EXPECT_EQ(data.firstRow.back(), 120u);
    EXPECT_EQ(data.pack.samples()[9].hash, data.pack.samples()[8].hash);
    EXPECT_EQ(data.pack.samples()[4].split, 2);
    EXPECT_EQ(data.pack.samples()[7].captions[1], "a square of kind 7");
    EXPECT_EQ(data.captionHashes()[3][0], data.captionHashes()[23][0]);
    EXPECT_NE(data.captionHashes()[3][0], data.captionHashes()[4][0]);
    const auto images = embedPictures(*evaluator, squares(), firstOf(60), {});
    LIX_ASSERT_OK(images);
    const FeatureBatch batch = featureBatch(data, {{7, 0}, {30, 1}});
    const at::Tensor expected = unitVectors(*evaluator, *images);
    EXPECT_LT((batch.images[0] - expected[7]).abs().max().item<float>(), 1e-6f) << name;
    const at::Tensor text = embedCaptions(*evaluator, {"a square\nof kind 30"}).embeds[0];
    EXPECT_LT((batch.texts[1] - text / text.norm()).abs().max().item<float>(), 1e-5f) << name;
  }
}

TEST(HeadsEval, IdentityHeadsHaveTheZeroShotOfTheirBase) {
  const TemporaryFolder folder;
  const auto base = openEvaluator(shipped("siglip-tiny-emoji"));
  LIX_ASSERT_OK(base);
  const int width = base->checkpoint.model.config.embedWidth;
  nn::ModelConfig config{.towers = nn::Towers::Heads};
  config.embedWidth = width;
  config.heads = nn::HeadsConfig{.imageFeatures = width,
                                 .textFeatures = width,
                                 .hidden = 1,
                                 .depth = 1,
                                 .base = shipped("siglip-tiny-emoji").string(),
                                 .baseHash = base->checkpoint.weightsHash.text()};
  nn::Model heads = *nn::makeModel(config, 1);
  for (const char* name : {"image_head.layers.0.weight", "text_head.layers.0.weight"}) {
    heads.parameters.at(name) = at::eye(width, at::kFloat);
  }
  fs::create_directories(folder / "heads");
  LIX_ASSERT_OK(nn::saveModel(heads, "siglip", folder / "heads", nn::Precision::Float32));
  const auto evaluator = openEvaluator(folder / "heads");
  LIX_ASSERT_OK(evaluator);
  const auto templates = findTemplates("simple");
  LIX_ASSERT_OK(templates);
  const auto scores = [&](const Evaluator& one, const std::optional<fs::path>& cache) {
    const auto images = embedPictures(one, squares(), firstOf(60), cache);
    EXPECT_TRUE(images.has_value()) << messageOf(images);
    return zeroShotScores(one, *images, embedClasses(one, kClasses, *templates));
  };
  const at::Tensor expected = scores(*base, folder / "cache");
  EXPECT_LT((scores(*evaluator, folder / "cache") - expected).abs().max().item<float>(), 1e-5f);
  EXPECT_LT((scores(*evaluator, {}) - expected).abs().max().item<float>(), 1e-5f);
}

TEST(HeadsEval, TrainedHeadsAreReadAsAnyModel) {
  const TemporaryFolder folder;
  for (const char* name : {"siglip-tiny-emoji", "llip16-tiny-emoji"}) {
    const TrainData data = featuresOf(shipped(name), folder / cat(name, ".safetensors"));
    const auto below = Reader::open(shipped(name));
    LIX_ASSERT_OK(below);
    for (const char* recipe : {"clip", "siglip", "clipxp", "siglixp", "llip"}) {
      const fs::path out = folder / cat(name, "-", recipe);
      Onlooker watcher;
      LIX_ASSERT_OK(train(headSettings(recipe, 4), data, {}, out, watcher));
      const auto reader = Reader::open(out);
      LIX_ASSERT_OK(reader);
      const bool mixture = std::string(recipe) == "llip", context = std::string(recipe).ends_with("xp");
      EXPECT_EQ((*reader)->facts().mixture, mixture);
      EXPECT_EQ((*reader)->facts().imageSize, (*below)->facts().imageSize);
      EXPECT_EQ((*reader)->facts().embedWidth, 8);
      EXPECT_EQ((*reader)->facts().tauContext.has_value(), context) << recipe;
      const auto features = (*reader)->embed(squares(), firstOf(12), folder / "cache");
      LIX_ASSERT_OK(features);
      EXPECT_EQ((*reader)->unitVectors(*features).size(), 12u);
      const auto scores = (*reader)->zeroShot(*features, kClasses, "simple");
      LIX_ASSERT_OK(scores);
      EXPECT_EQ(scores->size(), 36u);
      const imaging::Image picture = *Squares().load(3);
      const auto reading = (*reader)->read({picture}, {"a heart", "a face"});
      LIX_ASSERT_OK(reading);
      EXPECT_EQ(reading->pictures[0].mixture.has_value(), mixture);
      if (mixture) {
        EXPECT_EQ(reading->pictures[0].mixture->tokens, 4u);
      } else {
        EXPECT_EQ((*reader)->imageVector(picture).size(), 8u);
      }
      EXPECT_FALSE(reading->pictures[0].map.perCaption);
      double sum = 0.0;
      for (const float share : reading->pictures[0].map.values) {
        sum += share;
      }
      EXPECT_NEAR(sum, 1.0, 1e-5);
      if (std::string(name).starts_with("siglip")) {
        const auto expected = (*below)->read({picture}, {"a heart"});
        LIX_ASSERT_OK(expected);
        EXPECT_EQ(reading->pictures[0].map.values, expected->pictures[0].map.values);
      }
    }
  }
}

TEST(HeadsEval, ABaseThatMovedIsAskedForAndTakenBack) {
  const TemporaryFolder folder;
  const fs::path first = folder / "first", heads = folder / "heads";
  fs::copy(shipped("siglip-tiny-emoji"), first);
  const TrainData data = featuresOf(first, folder / "f.safetensors");
  Onlooker watcher;
  LIX_ASSERT_OK(train(headSettings("siglip", 2), data, {}, heads, watcher));
  LIX_ASSERT_OK(openEvaluator(heads));
  fs::rename(first, folder / "second");
  expectHas(messageOf(openEvaluator(heads)),
            cat("put that checkpoint, or a link to it, at ", (heads / "base").string()));
  fs::create_directory_symlink(folder / "second", heads / "base");
  LIX_ASSERT_OK(openEvaluator(heads));
  fs::remove(heads / "base");
  fs::create_directory_symlink(shipped("siglixp-tiny-emoji"), heads / "base");
  expectHas(messageOf(openEvaluator(heads)), "has other weights than those");
  fs::remove(heads / "base");
  fs::create_directory_symlink(heads, first);  // heads on heads, without end
  EXPECT_FALSE(openEvaluator(heads).has_value());
}

TEST(HeadsEval, ABaseThatMovedTogetherWithItsHeadsIsFound) {
  const TemporaryFolder folder;
  const fs::path work = folder / "work", heads = work / "checkpoints" / "new" / "heads";
  fs::create_directories(heads.parent_path());
  fs::copy(shipped("siglip-tiny-emoji"), work / "checkpoints" / "first");
  const TrainData data = featuresOf(work / "checkpoints" / "first", folder / "f.safetensors");
  Onlooker watcher;
  LIX_ASSERT_OK(train(headSettings("siglip", 2), data, {}, heads, watcher));
  const fs::path moved = folder / "else" / "where";
  fs::create_directories(moved.parent_path());
  fs::rename(work, moved);
  LIX_EXPECT_OK(openEvaluator(moved / "checkpoints" / "new" / "heads"));
  fs::remove_all(moved / "checkpoints" / "first");
  fs::copy(shipped("siglixp-tiny-emoji"), moved / "checkpoints" / "first");  // another one in its place is none
  expectHas(messageOf(openEvaluator(moved / "checkpoints" / "new" / "heads")), "has other weights than those");
}

TEST(HeadsEval, FeaturesForNumPyAreReadAgainAsOwnVectors) {
  const TemporaryFolder folder;
  const auto evaluator = openEvaluator(shipped("siglip-tiny-emoji"));
  LIX_ASSERT_OK(evaluator);
  data::Dataset set = squares();
  set.samples[0].captions.push_back("a second one, \"quoted\"");
  const auto whole = writeFeatures(*evaluator, shipped("siglip-tiny-emoji"), set, folder / "f.safetensors", {});
  const auto plain = writeFeatures(*evaluator, shipped("siglip-tiny-emoji"), set, folder / "f.npy", {});
  LIX_ASSERT_OK(whole);
  LIX_ASSERT_OK(plain);
  EXPECT_EQ(plain->captions, set.samples.size()) << "the first caption of each";
  const auto tensors = openOwnVectors(folder / "f.safetensors"), arrays = openOwnVectors(folder / "f.npy");
  LIX_ASSERT_OK(tensors);
  LIX_ASSERT_OK(arrays);
  EXPECT_TRUE(at::allclose(tensors->images, arrays->images, 1e-5, 1e-6));
  ASSERT_EQ(arrays->dataset.samples.size(), set.samples.size());
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const data::Sample &one = arrays->dataset.samples[i], &other = tensors->dataset.samples[i];
    EXPECT_EQ(one.key, other.key);
    EXPECT_EQ(one.split, other.split);
    ASSERT_EQ(one.captions.size(), 1u);
    EXPECT_EQ(one.captions[0], other.captions[0]);
    ASSERT_EQ(one.labels.size(), other.labels.size());
    EXPECT_TRUE(at::allclose(arrays->rowsOf({one.captions[0]}), tensors->rowsOf({one.captions[0]}), 1e-4, 1e-5));
  }
  // Without captions the pictures alone; the earlier captions' file does not stay.
  for (auto& sample : set.samples) {
    sample.captions.clear();
  }
  LIX_ASSERT_OK(writeFeatures(*evaluator, shipped("siglip-tiny-emoji"), set, folder / "f.npy", {}));
  EXPECT_FALSE(fs::exists(folder / "f.captions.npy"));
  const auto silent = openOwnVectors(folder / "f.npy");
  LIX_ASSERT_OK(silent);
  EXPECT_TRUE(at::allclose(silent->images, arrays->images, 1e-5, 1e-6));
  EXPECT_FALSE(silent->captions.defined());
}

TEST(HeadsEval, OwnFeaturesCannotSeePicturesAndHeadsMakeNoFeatures) {
  const TemporaryFolder folder;
  const auto own = openTrainData(featureFile(kinds(), folder / "own.safetensors"));
  LIX_ASSERT_OK(own);
  Onlooker watcher;
  LIX_ASSERT_OK(train(headSettings("siglip", 2), *own, {}, folder / "own", watcher));
  expectHas(messageOf(openEvaluator(folder / "own")), "lixp data features NAME --from CHECKPOINT");
  const TrainData data = featuresOf(shipped("siglip-tiny-emoji"), folder / "f.safetensors");
  LIX_ASSERT_OK(train(headSettings("siglip", 2), data, {}, folder / "heads", watcher));
  const auto evaluator = openEvaluator(folder / "heads");
  LIX_ASSERT_OK(evaluator);
  expectHas(messageOf(writeFeatures(*evaluator, folder / "heads", squares(), folder / "g.safetensors", {})),
            "a checkpoint of heads");
  auto silent = squares(4);
  for (auto& sample : silent.samples) {
    sample.captions.clear();
  }
  const auto base = openEvaluator(shipped("siglip-tiny-emoji"));
  LIX_ASSERT_OK(base);
  expectHas(messageOf(writeFeatures(*base, shipped("siglip-tiny-emoji"), silent, folder / "h.safetensors", {})),
            "has no captions");
  EXPECT_FALSE(fs::exists(folder / "h.safetensors"));
}

}  // namespace
}  // namespace lix::test
