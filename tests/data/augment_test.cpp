#include "data/augment.h"

#include <cmath>
#include <vector>

#include "support/support.h"

namespace lix::data {
namespace {

constexpr float kMean[3] = {0.0F, 0.0F, 0.0F}, kStd[3] = {1.0F, 1.0F, 1.0F};

std::vector<std::uint8_t> noise(int side, std::uint64_t seed = 5) {
  Random random(seed, 1);
  std::vector<std::uint8_t> pixels(std::size_t(side) * side * 3);
  for (auto& value : pixels) {
    value = std::uint8_t(random.below(256));
  }
  return pixels;
}

std::vector<float> run(const std::vector<std::uint8_t>& source, int side, const CropBox& box, bool flip, int out,
                       const float* mean = kMean, const float* std = kStd) {
  std::vector<float> result(std::size_t(out) * out * 3 + 1, -77.0F);
  augment(source.data(), side, box, flip, result.data(), out, mean, std);
  EXPECT_EQ(result.back(), -77.0F) << "written behind the end";
  result.pop_back();
  return result;
}

TEST(Augment, CopiesExactlyAndMirrors) {
  const int side = 9;
  const auto source = noise(side);
  const auto plain = run(source, side, centreCrop(side), false, side),
             mirrored = run(source, side, centreCrop(side), true, side);
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const float wanted = source[(std::size_t(y) * side + x) * 3 + c] / 255.0F;
        EXPECT_NEAR(plain[(c * side + y) * side + x], wanted, 1e-6);
        EXPECT_NEAR(mirrored[(c * side + y) * side + side - 1 - x], wanted, 1e-6);
      }
    }
  }
}

TEST(Augment, NormalisesEachChannel) {
  const std::vector<std::uint8_t> source{51, 102, 255};
  const float mean[3] = {0.5F, 0.25F, 0.0F}, std[3] = {0.5F, 0.1F, 2.0F};
  const auto out = run(source, 1, centreCrop(1), false, 2, mean, std);
  EXPECT_NEAR(out[0], -0.6F, 1e-6);   // (0.2 - 0.5) / 0.5
  EXPECT_NEAR(out[4], 1.5F, 1e-6);    // (0.4 - 0.25) / 0.1
  EXPECT_NEAR(out[11], 0.5F, 1e-6);   // 1 / 2
}

TEST(Augment, HalvesByTheTriangleFilter) {
  // As the resize test of imaging: 0, 40, 80, 200 -> 200 / 7, 880 / 7 in each row.
  std::vector<std::uint8_t> source;
  for (int y = 0; y < 4; ++y) {
    for (const int value : {0, 40, 80, 200}) {
      source.insert(source.end(), 3, std::uint8_t(value));
    }
  }
  const auto out = run(source, 4, centreCrop(4), false, 2);
  EXPECT_NEAR(out[0] * 255.0F, 200.0F / 7.0F, 1e-3);
  EXPECT_NEAR(out[1] * 255.0F, 880.0F / 7.0F, 1e-3);
  EXPECT_NEAR(out[2] * 255.0F, 200.0F / 7.0F, 1e-3);
}

TEST(Augment, SamplesBetweenPixels) {
  // A ramp along x: linear interpolation of a linear picture gives the place itself, wherever the box lies.
  const int side = 16;
  std::vector<std::uint8_t> ramp(std::size_t(side) * side * 3);
  for (std::size_t i = 0; i < ramp.size(); ++i) {
    ramp[i] = std::uint8_t(i / 3 % side * 10);
  }
  const CropBox box{3.3, 4.1, 7.7, 6.2};
  const auto out = run(ramp, side, box, false, 10);
  for (int x = 0; x < 10; ++x) {
    const double place = box.x + (x + 0.5) * box.width / 10 - 0.5;
    EXPECT_NEAR(out[x] * 255.0, place * 10.0, 1e-3) << x;
  }
}

TEST(Augment, ShrinkingDoesNotAlias) {
  // A chequerboard of single pixels must become grey, not stripes.
  const int side = 32;
  std::vector<std::uint8_t> board(std::size_t(side) * side * 3);
  for (std::size_t i = 0; i < board.size(); ++i) {
    board[i] = (i / 3 % side + i / 3 / side) % 2 ? 255 : 0;
  }
  for (const float value : run(board, side, centreCrop(side), false, 16)) {
    EXPECT_NEAR(value, 0.5F, 0.05F);
  }
}

TEST(Augment, ReadsNothingOutsideThePicture) {
  const int side = 8;
  const auto source = noise(side);
  for (const CropBox& box :
       {CropBox{0, 0, 0.5, 0.5}, CropBox{7.5, 7.5, 0.5, 0.5}, CropBox{0, 0, 8, 8}, CropBox{2, 5, 6, 3}}) {
    for (const int out : {1, 3, 8, 20}) {
      for (const float value : run(source, side, box, false, out)) {
        EXPECT_GE(value, -1e-6F);
        EXPECT_LE(value, 1.0F + 1e-6F);
      }
    }
  }
}

TEST(DrawCrop, StaysInsideAndCoversTheStatedRange) {
  double least = 1.0, most = 0.0, narrowest = 9.0, widest = 0.0;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    Random random(3, 2, i);
    const CropBox box = drawCrop(random, 72, 0.5);
    EXPECT_GE(box.x, 0.0);
    EXPECT_GE(box.y, 0.0);
    EXPECT_LE(box.x + box.width, 72.0 + 1e-9);
    EXPECT_LE(box.y + box.height, 72.0 + 1e-9);
    const double area = box.width * box.height / (72.0 * 72.0), ratio = box.width / box.height;
    least = std::min(least, area);
    most = std::max(most, area);
    narrowest = std::min(narrowest, ratio);
    widest = std::max(widest, ratio);
  }
  EXPECT_GE(least, 0.5 - 1e-9);
  EXPECT_LT(least, 0.51);
  EXPECT_GT(most, 0.97);
  EXPECT_LE(most, 1.0 + 1e-9);
  EXPECT_GE(narrowest, 0.75 - 1e-9);
  EXPECT_LT(narrowest, 0.76);
  EXPECT_GT(widest, 1.32);
  EXPECT_LE(widest, 4.0 / 3.0 + 1e-9);
}

TEST(DrawCrop, IsAFunctionOfItsRandomNumbers) {
  Random a(1, 2, 3), b(1, 2, 3), c(1, 2, 4);
  const CropBox first = drawCrop(a, 50, 0.3), same = drawCrop(b, 50, 0.3), other = drawCrop(c, 50, 0.3);
  EXPECT_EQ(first.x, same.x);
  EXPECT_EQ(first.height, same.height);
  EXPECT_NE(first.x, other.x);
}

}  // namespace
}  // namespace lix::data
