#include "imaging/hash.h"

#include <cmath>

#include "base/random.h"
#include "imaging/resize.h"
#include "support/support.h"

namespace lix::imaging {
namespace {

Image waves(int width, int height, double across, double down) {
  Image image{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double phase = across * x / width + down * y / height * (c + 1);
        image.row(y)[x * 3 + c] = std::uint8_t(127.5 + 120.0 * std::sin(6.28318 * phase) * (0.3 + 0.7 * x / width));
      }
    }
  }
  return image;
}

/// Patches of random brightness, smoothed: energy in all low frequencies, as photographs have.
Image patches(std::uint64_t seed) {
  Random random(seed, 1);
  Image small{12, 12, std::vector<std::uint8_t>(12 * 12 * 3)};
  for (auto& value : small.pixels) {
    value = std::uint8_t(random.below(256));
  }
  return resize(small, 96, 80, Filter::Bicubic);
}

TEST(ContentHash, SeesEveryPixelAndTheShape) {
  const Image image = waves(7, 5, 1.3, 0.7);
  const auto whole = contentHash(image);
  EXPECT_EQ(contentHash(waves(7, 5, 1.3, 0.7)), whole);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    Image other = image;
    other.pixels[i] ^= 1;
    EXPECT_NE(contentHash(other), whole) << "byte " << i;
  }
  Image turned = image;
  std::swap(turned.width, turned.height);
  EXPECT_NE(contentHash(turned), whole);
}

TEST(PerceptualHash, SurvivesRescalingAndNoise) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Image image = patches(seed);
    const auto hash = perceptualHash(image);
    EXPECT_LE(hammingDistance(hash, perceptualHash(resize(image, 160, 120, Filter::Bicubic))), 3);
    Image noisy = image;
    for (std::size_t i = 0; i < noisy.pixels.size(); ++i) {
      noisy.pixels[i] = std::uint8_t(std::min(255, noisy.pixels[i] + int(std::uint32_t(i) * 2654435761U >> 30)));
    }
    EXPECT_LE(hammingDistance(hash, perceptualHash(noisy)), 3);
  }
}

TEST(PerceptualHash, TellsPicturesApart) {
  for (std::uint64_t seed = 1; seed < 8; ++seed) {
    EXPECT_GE(hammingDistance(perceptualHash(patches(0)), perceptualHash(patches(seed))), 12);
  }
}

TEST(ColourSketch, HoldsTheMeanColoursOfAGrid) {
  Image halves{8, 8, std::vector<std::uint8_t>(8 * 8 * 3)};
  for (int y = 0; y < 8; ++y) {
    for (int x = 0; x < 8; ++x) {
      halves.row(y)[x * 3 + (y < 4 ? 0 : 2)] = 240;  // red above blue
    }
  }
  const auto sketch = colourSketch(halves);
  EXPECT_EQ(sketch[0], 240);
  EXPECT_EQ(sketch[2], 0);
  EXPECT_EQ(sketch[47], 240);
  Image black{5, 5, std::vector<std::uint8_t>(75)};
  EXPECT_DOUBLE_EQ(colourDistance(sketch, colourSketch(black)), 80.0);  // one channel in three
  EXPECT_DOUBLE_EQ(colourDistance(sketch, sketch), 0.0);
}

TEST(PerceptualHash, OfAFlatPictureIsZero) {
  Image flat{40, 30, std::vector<std::uint8_t>(40 * 30 * 3, 77)};
  EXPECT_EQ(perceptualHash(flat), 0U);
}

TEST(PerceptualHash, HasOneBitForEachLowFrequency) {
  // Brightness falls from left to right as the first cosine: frequency u = 1, v = 0 is the largest, bit 1.
  Image image{64, 64, std::vector<std::uint8_t>(64 * 64 * 3)};
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64 * 3; ++x) {
      image.row(y)[x] = std::uint8_t(std::lround(127.5 + 100.0 * std::cos((x / 3 + 0.5) * 3.14159265 / 64)));
    }
  }
  EXPECT_TRUE(perceptualHash(image) & 2U);
  for (auto& value : image.pixels) {
    value = std::uint8_t(255 - value);
  }
  EXPECT_FALSE(perceptualHash(image) & 2U);
}

}  // namespace
}  // namespace lix::imaging
