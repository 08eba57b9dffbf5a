#include <limits>

#include "heads_support.h"

namespace lix::test {
namespace {
using namespace study;

TEST(FeatureData, RowsComeAsTheyAreWithTheirCaptionsSplitsAndNames) {
  const TemporaryFolder folder;
  const at::Tensor images = randomRows(3, 4, 1), texts = randomRows(5, 2, 2);
  const auto path = featureFile({{"image_features", images.to(at::kHalf)},
                                 {"text_features", texts},
                                 {"caption_of", at::tensor(std::vector<std::int64_t>{2, 0, 2, 0, 0}, at::kLong)},
                                 {"split", at::tensor(std::vector<std::int64_t>{0, 2, 1}, at::kInt)},
                                 {"names", byteTensor("a\nb\nc")},
                                 {"captions", byteTensor("p\nq\nr\ns\nt")}},
                                folder / "f.safetensors", {{"name", "mine"}, {"base", "/b"}, {"base_hash", "77"}});
  const auto data = openTrainData(path);
  LIX_ASSERT_OK(data);
  EXPECT_EQ(data->pack.name(), "mine");
  EXPECT_EQ(data->features->base, "/b");
  EXPECT_EQ(data->features->baseHash, "77");
  EXPECT_EQ(data->firstRow, (std::vector<std::size_t>{0, 3, 3, 5}));
  const auto& samples = data->pack.samples();
  EXPECT_EQ(samples[0].captions, (std::vector<std::string>{"q", "s", "t"}));
  EXPECT_EQ(samples[2].captions, (std::vector<std::string>{"p", "r"}));
  EXPECT_EQ(samples[1].split, 2);
  EXPECT_EQ(samples[2].key, "c");
  const FeatureBatch batch = featureBatch(*data, {{2, 1}, {0, 0}});
  EXPECT_TRUE(batch.images[0].equal(images[2].to(at::kHalf).to(at::kFloat)));
  EXPECT_TRUE(batch.images[1].equal(images[0].to(at::kHalf).to(at::kFloat)));
  EXPECT_TRUE(batch.texts[0].equal(texts[2]));
  EXPECT_TRUE(batch.texts[1].equal(texts[1]));
  const auto brain = openTrainData(
      featureFile({{"image_features", images.to(at::kBFloat16)}, {"text_features", images}}, folder / "b.safetensors"));
  LIX_ASSERT_OK(brain);
  EXPECT_TRUE(featureBatch(*brain, {{1, 0}}).images[0].equal(images[1].to(at::kBFloat16).to(at::kFloat)));
  EXPECT_NE(brain->fingerprint(), data->fingerprint());
}

TEST(FeatureData, EqualCaptionsAndPicturesNeverMeet) {
  const TemporaryFolder folder;
  auto tensors = kinds();
  const auto data = openTrainData(featureFile(tensors, folder / "f.safetensors"));
  LIX_ASSERT_OK(data);
  const auto hashes = data->captionHashes();
  EXPECT_EQ(hashes[0][0], hashes[kKinds][0]);
  EXPECT_NE(hashes[0][0], hashes[1][0]);
  for (const auto& batch : planEpoch(data->pack, hashes, kKinds, 1, 0)) {
    std::set<std::uint32_t> met;
    for (const BatchItem& item : batch.items) {
      EXPECT_TRUE(met.insert(item.sample % kKinds).second);
    }
  }
  tensors["picture_hash"] = at::tensor(std::vector<std::int64_t>(3 * kKinds, 5), at::kLong);
  const auto one = openTrainData(featureFile(tensors, folder / "one.safetensors"));
  LIX_ASSERT_OK(one);
  EXPECT_TRUE(planEpoch(one->pack, one->captionHashes(), 2, 1, 0).empty());
}

TEST(FeatureData, WhatCannotBeReadIsSaid) {
  const TemporaryFolder folder;
  const auto message = [&](auto change) {
    auto tensors = kinds();
    change(tensors);
    return messageOf(openTrainData(featureFile(tensors, folder / "f.safetensors")));
  };
  using Tensors = std::map<std::string, at::Tensor>;
  EXPECT_EQ(message([](Tensors&) {}), "");
  expectHas(message([](Tensors& t) { t.erase("text_features"); }), "has no 'text_features'");
  expectHas(message([](Tensors& t) { t["image_features"] = t["image_features"].to(at::kLong); }), "no matrix of F32");
  expectHas(message([](Tensors& t) { t["image_features"] = t["image_features"].flatten(); }), "no matrix");
  expectHas(message([](Tensors& t) {
              t["image_features"] = at::empty({1000000, 0}, at::kFloat);
            }),
            "1000000 rows of 0 numbers");
  expectHas(message([](Tensors& t) { t["image_features"][7][3].fill_(std::numeric_limits<float>::quiet_NaN()); }),
            "row 7 of 'image_features'");
  expectHas(message([](Tensors& t) { t["text_features"][70][0].fill_(std::numeric_limits<float>::infinity()); }),
            "row 70 of 'text_features'");
  expectHas(message([](Tensors& t) { t["text_features"] = t["text_features"].narrow(0, 0, 70).contiguous(); }),
            "72 pictures and 70 captions; say with 'caption_of'");
  const auto owners = [](std::int64_t count, std::int64_t value) {
    return at::tensor(std::vector<std::int64_t>(std::size_t(count), value), at::kLong);
  };
  expectHas(message([&](Tensors& t) { t["caption_of"] = owners(72, 72); }), "belongs to picture 72");
  expectHas(message([&](Tensors& t) { t["caption_of"] = owners(72, -1); }), "belongs to picture -1");
  expectHas(message([&](Tensors& t) { t["caption_of"] = owners(71, 0); }), "should hold 72 whole numbers");
  expectHas(message([&](Tensors& t) { t["split"] = owners(72, 3); }), "has the split 3");
  expectHas(message([&](Tensors& t) { t["names"] = byteTensor("a\nb"); }), "'names' should be UTF-8 bytes of 72 lines");
  const auto path = featureFile(kinds(), folder / "cut.safetensors");
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 100);
  expectHas(messageOf(openTrainData(path)), "not a valid safetensors file");
}

}  // namespace
}  // namespace lix::test
