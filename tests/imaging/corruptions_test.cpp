// Corruptions: the same bytes for the same picture, stronger with severity, sizes, names.
#include "imaging/corruptions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/random.h"
#include "support/support.h"

namespace lix::imaging {
namespace {

/// Shapes, edges, a gradient and some texture: nothing that any corruption leaves as it is.
Image scene(int width, int height, std::uint64_t seed = 1) {
  Image image{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  Random random(seed, 1);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double across = double(x) / width, down = double(y) / height;
      const bool disc = std::hypot(across - 0.4, down - 0.5) < 0.25, stripe = int(across * 24) % 4 == 0;
      const double values[] = {disc ? 200.0 : 60 + 100 * down, stripe ? 150.0 : 40 + 120 * across, disc ? 30.0 : 110.0};
      for (int c = 0; c < 3; ++c) {
        image.row(y)[x * 3 + c] = std::uint8_t(values[c] + double(random.below(24)));
      }
    }
  }
  return image;
}

double psnr(const Image& a, const Image& b) {
  EXPECT_EQ(a.pixels.size(), b.pixels.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) {
    const double difference = double(a.pixels[i]) - double(b.pixels[i]);
    sum += difference * difference;
  }
  return 10.0 * std::log10(255.0 * 255.0 * double(a.pixels.size()) / std::max(sum, 1e-9));
}

class EveryCorruption : public testing::TestWithParam<std::size_t> {
 protected:
  const Corruption& corruption() const { return corruptions()[GetParam()]; }
  Image made(const Image& image, int severity) const {
    auto result = corrupt(image, corruption(), severity);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return *result;
  }
};

TEST_P(EveryCorruption, IsTheSameForTheSamePicture) {
  const Image image = scene(60, 48);
  for (int severity = 1; severity <= kSeverities; ++severity) {
    const Image first = made(image, severity);
    EXPECT_EQ(first, made(image, severity)) << severity;
    EXPECT_EQ(first.width, 60);
    EXPECT_EQ(first.height, 48);
    EXPECT_NE(first, image) << severity;
  }
}

TEST_P(EveryCorruption, IsStrongerWithSeverity) {
  const Image image = scene(224, 224);
  std::vector<double> found;
  for (int severity = 1; severity <= kSeverities; ++severity) {
    found.push_back(psnr(image, made(image, severity)));
  }
  // Three of the reference's rows are no strict order: fog thins as it spreads, glass has fewer rounds at severity 2,
  // and pixels of 2 x 2 fit a picture better than those of 1.67.
  static const std::set<std::string_view> kLoose{"fog", "glass_blur", "pixelate"};
  if (!kLoose.contains(corruption().name)) {
    for (std::size_t i = 1; i < found.size(); ++i) {
      EXPECT_LT(found[i], found[i - 1]) << "severity " << i + 1;
    }
  }
  EXPECT_LT(found[4], found[0]);
  EXPECT_LT(found[0], 40.0) << "can be seen";
  EXPECT_GT(found[4], 5.0) << "is still a picture";
}

TEST_P(EveryCorruption, WorksOnAnySize) {
  for (const auto& [width, height] : {std::pair(1, 1), {2, 7}, {9, 300}, {32, 32}}) {
    for (const int severity : {1, 5}) {
      const Image small = made(scene(width, height), severity);
      EXPECT_EQ(small.width, width);
      EXPECT_EQ(small.height, height);
    }
  }
  const Image large = made(scene(500, 400), 3);
  EXPECT_EQ(large.height, kCorruptionFrame) << "the frame of the reference";
  EXPECT_EQ(large.width, 280);
}

std::string nameOf(const testing::TestParamInfo<std::size_t>& info) {
  return std::string(corruptions()[info.param].name);
}
INSTANTIATE_TEST_SUITE_P(All, EveryCorruption, testing::Range<std::size_t>(0, 13), nameOf);

TEST(Corruptions, DependOnThePicture) {
  const Corruption& noise = **findCorruption("gaussian_noise");
  Image a = scene(40, 40), b = a;
  b.pixels[0] ^= 1;
  const Image ofA = *corrupt(a, noise, 3), ofB = *corrupt(b, noise, 3);
  std::size_t same = 0;
  for (std::size_t i = 0; i < ofA.pixels.size(); ++i) {
    same += ofA.pixels[i] == ofB.pixels[i];
  }
  EXPECT_LT(same, ofA.pixels.size() / 4) << "other noise, not the same with one other pixel";
}

TEST(Corruptions, GaussianNoiseHasItsDeviation) {
  Image grey{200, 200, std::vector<std::uint8_t>(200 * 200 * 3, 128)};
  const Image noisy = *corrupt(grey, **findCorruption("gaussian_noise"), 1);
  double sum = 0, squares = 0;
  for (const std::uint8_t value : noisy.pixels) {
    sum += value;
    squares += double(value) * value;
  }
  const double n = double(noisy.pixels.size()), mean = sum / n;
  EXPECT_NEAR(mean, 128, 0.5);
  EXPECT_NEAR(std::sqrt(squares / n - mean * mean), 0.08 * 255, 0.3);
}

TEST(Corruptions, ImpulsesHitTheirShareAndGrow) {
  Image grey{200, 200, std::vector<std::uint8_t>(200 * 200 * 3, 128)};
  const Corruption& impulse = **findCorruption("impulse_noise");
  const Image weak = *corrupt(grey, impulse, 2), strong = *corrupt(grey, impulse, 5);
  std::map<int, int> counts;
  for (std::size_t i = 0; i < weak.pixels.size(); ++i) {
    ++counts[weak.pixels[i]];
    if (weak.pixels[i] != 128) {
      EXPECT_EQ(strong.pixels[i], weak.pixels[i]) << "what was hit stays hit";
    }
  }
  EXPECT_EQ(counts.size(), 3u);
  EXPECT_NEAR(double(counts[0] + counts[255]) / double(weak.pixels.size()), 0.06, 0.003);
  EXPECT_NEAR(double(counts[0]) / double(counts[255]), 1.0, 0.08);
}

TEST(Corruptions, BrightnessAndContrastByHand) {
  Image image{2, 1, {100, 50, 0, 20, 20, 20}};
  const Image bright = *corrupt(image, **findCorruption("brightness"), 2);
  EXPECT_NEAR(bright.pixels[0], 151, 1) << "the value (largest channel) grows by 0.2";
  EXPECT_NEAR(bright.pixels[1], 75.5, 1) << "hue and saturation stay";
  EXPECT_NEAR(bright.pixels[3], 71, 1);
  const Image flat = *corrupt(image, **findCorruption("contrast"), 1);
  EXPECT_NEAR(flat.pixels[0], 60 + 0.4 * 40, 1);
  EXPECT_NEAR(flat.pixels[3], 60 - 0.4 * 40, 1);
}

TEST(Corruptions, Names) {
  EXPECT_EQ((*findCorruption("fog"))->title, "Fog");
  const auto unknown = findCorruption("rain");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
  EXPECT_NE(unknown.error().message.find("'rain'"), std::string::npos);
  EXPECT_NE(unknown.error().message.find("jpeg_compression"), std::string::npos) << unknown.error().message;
  std::set<std::string_view> names;
  for (const Corruption& one : corruptions()) {
    names.insert(one.name);
  }
  EXPECT_EQ(names.size(), 13u);
}

}  // namespace
}  // namespace lix::imaging
