#include "study/inspect/pointing.h"

#include <numeric>

#include "inspect_support.h"

namespace lix::study {
namespace {

imaging::Mask mask(int width, int height, std::vector<int> inside) {
  imaging::Mask made{width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height), 0)};
  for (const int pixel : inside) {
    made.values[std::size_t(pixel)] = 255;
  }
  return made;
}

TEST(Pointing, TwoByTwoByHand) {
  const MapReading map{2, 2, true, {0.1f, 0.2f, 0.3f, 0.4f, 0.7f, 0.1f, 0.1f, 0.1f}, ""};
  // 4 x 4 pixels: the lower right patch whole, half of the upper right one.
  const auto object = mask(4, 4, {2, 3, 10, 11, 14, 15});
  const auto second = pointing(map, 0, object);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->hit);
  EXPECT_NEAR(second->share, 0.4 + 0.5 * 0.2, 1e-7);
  EXPECT_NEAR(second->chance, 6.0 / 16.0, 1e-12);
  const auto first = pointing(map, 1, object);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->hit);
  EXPECT_NEAR(first->share, 0.1 + 0.5 * 0.1, 1e-7);
}

TEST(Pointing, AnEvenMapHasChancesShareWhateverTheSizes) {
  for (const auto& [width, height] : {std::pair(7, 5), std::pair(2, 3), std::pair(1, 1), std::pair(30, 40)}) {
    std::vector<int> inside;
    for (int i = 0; i < width * height; i += 2) {
      inside.push_back(i);
    }
    const auto score = pointing({3, 4, false, std::vector<float>(12, 1.0f / 12), ""}, 0, mask(width, height, inside));
    ASSERT_TRUE(score);
    EXPECT_NEAR(score->chance, double(inside.size()) / (width * height), 1e-12);
    EXPECT_NEAR(score->share, score->chance, 1e-6);
  }
}

TEST(Pointing, PatchesMayEndWithinAPixel) {
  // Three pixels under two patches: the middle pixel lies half in each.
  const auto score = pointing({1, 2, false, {0.75f, 0.25f}, ""}, 0, mask(3, 1, {0, 1}));
  ASSERT_TRUE(score);
  EXPECT_NEAR(score->share, 0.75 * 1.0 + 0.25 * (0.5 / 1.5), 1e-7);
  EXPECT_NEAR(score->chance, 2.0 / 3.0, 1e-12);
  EXPECT_TRUE(score->hit);
}

TEST(Pointing, TheCentreOfTheHighestPatchDecides) {
  const MapReading map{1, 2, false, {0.9f, 0.1f}, ""};
  EXPECT_TRUE(pointing(map, 0, mask(8, 1, {2}))->hit);   // centre of the left patch: pixel 2 of 0..3
  EXPECT_FALSE(pointing(map, 0, mask(8, 1, {1}))->hit);  // in the patch, but not at its centre
}

TEST(Pointing, IsOneWhereTheMaskIsEverythingAndScaleFree) {
  std::vector<int> all(16);
  std::iota(all.begin(), all.end(), 0);
  const auto whole = pointing({2, 2, false, {1, 2, 3, 4}, ""}, 0, mask(4, 4, all));
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->hit);
  EXPECT_NEAR(whole->share, 1.0, 1e-12);
  EXPECT_EQ(whole->chance, 1.0);
  const auto one = pointing({2, 2, false, {1, 2, 3, 4}, ""}, 0, mask(4, 4, {0, 5}));
  const auto ten = pointing({2, 2, false, {10, 20, 30, 40}, ""}, 0, mask(4, 4, {0, 5}));
  EXPECT_NEAR(one->share, ten->share, 1e-12);
}

TEST(Pointing, OfNothingIsNothing) {
  EXPECT_FALSE(pointing({2, 2, false, {1, 2, 3, 4}, ""}, 0, mask(4, 4, {})));
  EXPECT_FALSE(pointing({2, 2, false, {0, 0, 0, 0}, ""}, 0, mask(4, 4, {1})));
}

TEST(PartRead, OfAMaskIsThatOfItsPicture) {
  imaging::Image wide = test::picture(1, 30, 20);
  imaging::Mask same{30, 20, {}};
  for (std::size_t i = 0; i < wide.pixels.size(); i += 3) {
    same.values.push_back(wide.pixels[i]);
  }
  for (const auto kind : {test::Kind::Siglip, test::Kind::Clip}) {
    Evaluator evaluator = test::evaluator(kind);
    for (const int patch : {8, 6}) {
      evaluator.checkpoint.model.config.patch = patch;
      const imaging::Image picture = partRead(evaluator, wide);
      const imaging::Mask part = partRead(evaluator, same);
      ASSERT_EQ(part.width, picture.width);
      ASSERT_EQ(part.height, picture.height);
      for (std::size_t i = 0; i < part.values.size(); ++i) {
        ASSERT_EQ(part.values[i], picture.pixels[i * 3]);
      }
    }
  }
}

}  // namespace
}  // namespace lix::study
