#include "train_support.h"

namespace lix::test {
namespace {
using namespace study;

/// Writes a pack of 64 pictures whose pack.json `change` alters; the message of opening it.
template <class Change>
std::string openAfter(Change change) {
  const TemporaryFolder folder;
  const auto pictures = colourPairs(1);
  writePackFolder(pictures, folder.path());
  auto json = packJson(pictures);
  change(json);
  EXPECT_TRUE(writeFile(folder / "pack.json", json.dump()).has_value());
  return messageOf(Pack::open(folder.path()));
}

TEST(Pack, HoldsWhatWasWritten) {
  const TemporaryFolder folder;
  const auto pictures = colourPairs(1);
  writePackFolder(pictures, folder.path());
  const auto pack = Pack::open(folder.path());
  LIX_ASSERT_OK(pack);
  EXPECT_EQ(pack->name(), "colours");
  EXPECT_EQ(pack->pictureSize(), kPictureSide);
  EXPECT_EQ(pack->labelSets(), std::vector<std::string>{"left"});
  ASSERT_EQ(pack->samples().size(), 64u);
  EXPECT_EQ(pack->samples()[9].key, "picture 9");
  EXPECT_EQ(pack->samples()[9].labels, std::vector<std::string>{"colour 1"});
  EXPECT_EQ(pack->samples()[9].hash, 1009u);
  EXPECT_EQ(pack->samples()[9].captions.size(), 2u);
  const auto pixels = pixelsOf(pictures);
  EXPECT_TRUE(std::equal(pixels.begin() + 9 * 192, pixels.begin() + 10 * 192, pack->picture(9)));
}

TEST(Pack, ManyShards) {
  const TemporaryFolder folder;
  const auto pictures = colourPairs(1);
  writePackFolder(pictures, folder.path());
  const auto pixels = pixelsOf(pictures);
  const auto shard = [&](const char* name, std::int64_t from, std::int64_t count) {
    const auto part = std::span(pixels).subspan(std::size_t(from) * 192, std::size_t(count) * 192);
    return nn::writeSafetensors(
        folder / name, {{"pictures", {nn::DType::U8, {count, kPictureSide, kPictureSide, 3}, std::as_bytes(part)}}});
  };
  LIX_ASSERT_OK(shard("pictures-00000.safetensors", 0, 40));
  LIX_ASSERT_OK(shard("pictures-00001.safetensors", 40, 24));
  const auto pack = Pack::open(folder.path());
  LIX_ASSERT_OK(pack);
  EXPECT_TRUE(std::equal(pixels.begin() + 50 * 192, pixels.begin() + 51 * 192, pack->picture(50)));
  LIX_ASSERT_OK(shard("pictures-00001.safetensors", 39, 25));
  expectIn("lists 64 pictures and holds 65", messageOf(Pack::open(folder.path())));
}

TEST(Pack, BadFoldersAreRefused) {
  EXPECT_EQ(openAfter([](auto&) {}), "");
  expectIn("newer version", openAfter([](auto& json) { json["format"] = 2; }));
  expectIn("cannot be read", openAfter([](auto& json) { json.erase("samples"); }));
  expectIn("cannot be read", openAfter([](auto& json) { json["samples"][3]["hash"] = "zebra"; }));
  expectIn("cannot be read", openAfter([](auto& json) { json["samples"][3]["split"] = "train"; }));
  expectIn("cannot be read", openAfter([](auto& json) { json = nlohmann::json::array(); }));
  expectIn("does not hold pictures of 9 pixels", openAfter([](auto& json) { json["picture_size"] = 9; }));
  expectIn("pictures of 0 pixels", openAfter([](auto& json) { json["picture_size"] = 0; }));
  expectIn("pictures of -8 pixels", openAfter([](auto& json) { json["picture_size"] = -8; }));
  expectIn("lists 63 pictures and holds 64", openAfter([](auto& json) { json["samples"].erase(0); }));
  expectIn("pictures-00001.safetensors", openAfter([](auto& json) { json["samples"].push_back(json["samples"][0]); }));
  expectIn("lists 0 pictures", openAfter([](auto& json) { json["samples"].clear(); }));
  expectIn("'picture 5' 0 labels for 1 label sets",
           openAfter([](auto& json) { json["samples"][5]["labels"].clear(); }));
  const TemporaryFolder folder;
  EXPECT_EQ(Pack::open(folder.path()).error().code, ErrorCode::NotFound);
}

TEST(Pack, PicturesWithoutPixelsCannotClaimAnyNumber) {
  const TemporaryFolder folder;
  auto json = packJson(colourPairs(1));
  json["picture_size"] = 0;
  LIX_ASSERT_OK(writeFile(folder / "pack.json", json.dump()));
  LIX_ASSERT_OK(nn::writeSafetensors(folder / "pictures-00000.safetensors",
                                     {{"pictures", {nn::DType::U8, {1LL << 40, 0, 0, 3}, {}}}}));
  expectIn("pictures of 0 pixels", messageOf(Pack::open(folder.path())));
}

TEST(TrainDataFolder, RowsLengthsAndTokenizer) {
  const TemporaryFolder folder;
  const auto pictures = colourPairs(1);
  const TrainData data = dataOf(pictures, folder.path());
  EXPECT_EQ(data.contextLength, kContext);
  EXPECT_EQ(data.vocabulary, kWords);
  EXPECT_EQ(data.firstRow[9], 18u);
  EXPECT_EQ(data.firstRow.back(), 128u);
  EXPECT_EQ(data.lengths[18], 3);
  EXPECT_EQ(data.lengths[19], 4);
  EXPECT_EQ(data.ids[18 * kContext], 3);  // left colour 1
  EXPECT_EQ(data.tokenizerFiles.size(), 1u);
  EXPECT_EQ(data.tokenizerFiles.at("tokenizer_config.json"), "{}");
  EXPECT_EQ(data.captionHashes()[9].size(), 2u);
  EXPECT_NE(data.captionHashes()[9][0], data.captionHashes()[9][1]);
}

TEST(TrainDataFolder, FingerprintSeesPicturesTokensSplitsAndOwners) {
  const auto print = [](auto change) {
    auto pictures = colourPairs(1);
    change(pictures);
    const TemporaryFolder folder;
    return dataOf(pictures, folder.path()).fingerprint();
  };
  const auto base = print([](auto&) {});
  EXPECT_EQ(base, print([](auto&) {}));
  EXPECT_NE(base, print([](auto& p) { p[3].hash = 5; }));
  EXPECT_NE(base, print([](auto& p) { p[3].captions[1][0] = 19; }));
  EXPECT_NE(base, print([](auto& p) { p[3].split = 1; }));
  EXPECT_NE(base, print([](auto& p) {  // the same rows, one of them now of the next picture
              p[4].captions.insert(p[4].captions.begin(), p[3].captions[1]);
              p[3].captions.pop_back();
            }));
}

TEST(TrainDataFolder, BadTokensAreRefused) {
  const auto pictures = colourPairs(1);
  const TemporaryFolder folder;
  writePackFolder(pictures, folder.path());
  const auto opening = [&](const std::vector<Picture>& rows, int vocabulary) {
    writeTokens(rows, folder.path(), vocabulary);
    return messageOf(openTrainData(folder.path()));
  };
  EXPECT_EQ(opening(pictures, kWords), "");
  expectIn("outside its vocabulary of 18", opening(pictures, 18));
  auto fewer = pictures;
  fewer.pop_back();
  expectIn("does not fit pack.json", opening(fewer, kWords));
  auto negative = pictures;
  negative[0].captions[0][0] = -1;
  expectIn("the token -1", opening(negative, kWords));
  const std::vector<std::int32_t> ids(128 * kContext, 1);
  std::vector<std::int32_t> lengths(128, 2);
  const auto write = [&](const char* name, std::map<std::string, std::string> metadata) {
    LIX_EXPECT_OK(nn::writeSafetensors(folder / "tokens.safetensors",
                                       {{name, {nn::DType::I32, {128, kContext}, std::as_bytes(std::span(ids))}},
                                        {"lengths", {nn::DType::I32, {128}, std::as_bytes(std::span(lengths))}}},
                                       metadata));
    return messageOf(openTrainData(folder.path()));
  };
  EXPECT_EQ(write("ids", {{"vocabulary", "20"}}), "");
  expectIn("no 'ids'", write("idz", {{"vocabulary", "20"}}));
  expectIn("does not fit pack.json", write("ids", {}));
  expectIn("does not fit pack.json", write("ids", {{"vocabulary", "twenty"}}));
  lengths[7] = 0;
  expectIn("a caption of 0 tokens in a context of 5", write("ids", {{"vocabulary", "20"}}));
  lengths[7] = 6;
  expectIn("a caption of 6 tokens", write("ids", {{"vocabulary", "20"}}));
  std::filesystem::remove(folder / "tokens.safetensors");
  expectIn("tokens.safetensors", messageOf(openTrainData(folder.path())));
}

}  // namespace
}  // namespace lix::test
