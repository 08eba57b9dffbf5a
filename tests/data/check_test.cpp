#include "data/check.h"

#include <algorithm>

#include "data/pictures.h"
#include "imaging/hash.h"

namespace lix::data {
namespace {

using test::messageOf;
using test::TemporaryFolder;
using test::writePicture;
using test::writeText;

TEST(CheckPictures, MovesDamagedPicturesToTheSkipped) {
  const TemporaryFolder folder;
  for (int i = 0; i < 6; ++i) {
    writePicture(folder / ("cat/" + std::to_string(i) + ".png"), i);
  }
  const std::string whole = readFile(folder / "cat/5.png").value();
  writeText(folder / "cat/2.png", "no picture at all");
  writeText(folder / "cat/4.png", whole.substr(0, whole.size() / 2));
  const auto dataset = open({.kind = "folder", .path = folder.path().string()}, "x");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 6U);
  for (const int threads : {1, 3}) {
    long long told = 0;
    const auto checked = checkPictures(
        *dataset, [&](std::string_view, long long done, long long) { return told = done, true; }, threads);
    LIX_ASSERT_OK(checked);
    EXPECT_EQ(told, 6);
    EXPECT_EQ(checked->damaged, 2U);
    ASSERT_EQ(checked->dataset.samples.size(), 4U);
    ASSERT_EQ(checked->dataset.skipped.size(), 2U);
    EXPECT_EQ(checked->dataset.skipped[0].key, "cat/2.png");
    EXPECT_NE(checked->dataset.skipped[0].reason.find("known format"), std::string::npos);
    EXPECT_EQ(checked->dataset.skipped[1].key, "cat/4.png");
    EXPECT_NE(checked->dataset.skipped[1].reason.find("cut off"), std::string::npos);
    EXPECT_EQ(checked->dataset.samples[2].key, "cat/3.png");
    EXPECT_EQ(checked->dataset.pictures->load(2).value(), test::patches(3));
  }
}

TEST(CheckPictures, LooksAtAsManyAsAskedForEvenlySpread) {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i) {
    writePicture(folder / ("train/cat/" + std::to_string(i) + ".png"), i);
  }
  writePicture(folder / "test/cat/5.png", 2);  // its twin, train/cat/2.png, is looked at too
  writeText(folder / "train/cat/1.png", "not looked at");
  writeText(folder / "train/cat/9.png", "damaged");
  const auto dataset = open({.kind = "folder", .path = folder.path().string()}, "x");
  LIX_ASSERT_OK(dataset);
  ASSERT_EQ(dataset->samples.size(), 11U);
  const auto checked = checkPictures(*dataset, {}, 1, 6);  // test/5, 0, 2, 4, 6, 8 of the eleven
  LIX_ASSERT_OK(checked);
  EXPECT_EQ(checked->looked, 6U);
  std::vector<std::string> keys;
  for (const Sample& sample : checked->dataset.samples) {
    keys.push_back(sample.key);
  }
  EXPECT_EQ(checked->dataset.samples.size() + checked->damaged, 11U);
  EXPECT_NE(std::ranges::find(keys, "train/cat/1.png"), keys.end()) << "it was not among those looked at";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != "train/cat/1.png" && keys[i] != "train/cat/9.png") {
      EXPECT_TRUE(checked->dataset.pictures->load(i)) << keys[i];
    }
  }
  for (const Duplicate& twin : checked->duplicates) {
    EXPECT_EQ(checked->dataset.pictures->load(twin.first).value(), checked->dataset.pictures->load(twin.second).value());
  }
  EXPECT_EQ(picturesToCheck(kLargestCheckedWhole), kEveryPicture);
  EXPECT_EQ(picturesToCheck(kLargestCheckedWhole + 1), kPicturesOfLarge);
}

TEST(Subset, IsTheSameByMovingAndByCopying) {
  const TemporaryFolder folder;
  for (int i = 0; i < 5; ++i) {
    writePicture(folder / ("cat/" + std::to_string(i) + ".png"), i);
  }
  auto dataset = open({.kind = "folder", .path = folder.path().string()}, "x");
  LIX_ASSERT_OK(dataset);
  const Dataset copied = subset(*dataset, {1, 4});
  ASSERT_EQ(dataset->samples.size(), 5U);
  const Dataset moved = subset(std::move(*dataset), {1, 4});
  ASSERT_EQ(moved.samples.size(), 2U);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(moved.samples[i].key, copied.samples[i].key);
    EXPECT_EQ(moved.pictures->load(i).value(), test::patches(i == 0 ? 1 : 4));
  }
}

TEST(CheckPictures, FailsWhereNothingIsLeftOrItIsStopped) {
  const TemporaryFolder folder;
  writeText(folder / "cat/a.png", "no picture");
  const auto dataset = open({.kind = "folder", .path = folder.path().string()}, "pets");
  LIX_ASSERT_OK(dataset);
  EXPECT_NE(messageOf(checkPictures(*dataset)).find("No picture of the dataset 'pets'"), std::string::npos);
  const auto stopped = checkPictures(*dataset, [](std::string_view, long long, long long) { return false; });
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(CheckPictures, ReportsTwinsAcrossSplitsOnly) {
  const TemporaryFolder folder;
  writePicture(folder / "train/cat/1.png", 1);
  writePicture(folder / "train/cat/2.png", 2);
  writePicture(folder / "train/cat/2 again.png", 2);
  writePicture(folder / "val/cat/1.png", 1);
  writePicture(folder / "test/cat/3.png", 3);
  imaging::Image bent = test::patches(2);
  for (std::size_t i = 0; i < bent.pixels.size(); i += 5) {
    bent.pixels[i] = std::uint8_t(bent.pixels[i] ^ 1);
  }
  LIX_ASSERT_OK(imaging::writePng(folder / "test/cat/2 bent.png", bent));
  const auto dataset = open({.kind = "folder", .path = folder.path().string()}, "x");
  LIX_ASSERT_OK(dataset);
  const auto checked = checkPictures(*dataset);
  LIX_ASSERT_OK(checked);
  ASSERT_EQ(checked->duplicates.size(), 2U);
  const auto key = [&](std::size_t index) { return checked->dataset.samples[index].key; };
  EXPECT_EQ(key(checked->duplicates[0].first), "train/cat/1.png");
  EXPECT_EQ(key(checked->duplicates[0].second), "val/cat/1.png");
  EXPECT_EQ(checked->duplicates[0].kind, DuplicateKind::Exact);
  EXPECT_EQ(key(checked->duplicates[1].second), "test/cat/2 bent.png");
  EXPECT_TRUE(key(checked->duplicates[1].first).starts_with("train/cat/2"));
  EXPECT_EQ(checked->duplicates[1].kind, DuplicateKind::Near);
}

TEST(FindDuplicates, FindsWhatComparingAllPairsFinds) {
  Random random(4, 4);
  std::vector<Split> splits;
  std::vector<PictureHash> hashes;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    std::uint64_t look = random.next();
    if (i >= 10 && random.below(3) == 0) {  // a twin of an earlier one, up to 5 bits away
      look = hashes[random.below(i)].look;
      for (std::uint64_t flips = random.below(6); flips > 0; --flips) {
        look ^= 1ULL << random.below(64);
      }
    }
    splits.push_back(Split(random.below(3)));
    hashes.push_back({.content = i, .look = look});
  }
  std::vector<int> nearest(hashes.size(), 64);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    for (std::size_t j = 0; j < hashes.size(); ++j) {
      if (splits[j] < splits[i]) {
        nearest[i] = std::min(nearest[i], imaging::hammingDistance(hashes[i].look, hashes[j].look));
      }
    }
  }
  const auto found = findDuplicates(splits, hashes);
  const auto wanted = std::count_if(nearest.begin(), nearest.end(), [](int d) { return d <= kNearDistance; });
  EXPECT_GT(wanted, 100);
  EXPECT_EQ(std::ptrdiff_t(found.size()), wanted);
  for (const Duplicate& twin : found) {
    EXPECT_EQ(twin.distance, nearest[twin.second]);
    EXPECT_EQ(imaging::hammingDistance(hashes[twin.first].look, hashes[twin.second].look), twin.distance);
    EXPECT_LT(splits[twin.first], splits[twin.second]);
  }
}

TEST(FindDuplicates, ComparesFlatPicturesExactly) {
  const std::vector<Split> splits{Split::Train, Split::Test, Split::Test};
  EXPECT_EQ(findDuplicates(splits, {{.content = 1}, {.content = 2}, {.content = 1}}).size(), 1U);
}

TEST(FindDuplicates, TellsColoursApart) {
  imaging::ColourSketch red{}, nearlyRed{}, blue{};
  for (std::size_t i = 0; i < red.size(); i += 3) {
    red[i] = 200;
    nearlyRed[i] = 195;
    blue[i + 2] = 200;
  }
  const std::vector<Split> splits{Split::Train, Split::Validation, Split::Test};
  const auto found = findDuplicates(splits, {{1, 77, red}, {2, 77, blue}, {3, 79, nearlyRed}});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, 0U);
  EXPECT_EQ(found[0].second, 2U);
  EXPECT_EQ(found[0].distance, 1);  // 77 = 1001101, 79 = 1001111
}

}  // namespace
}  // namespace lix::data
