#include "imaging/hash.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <string_view>

#include "base/text.h"
#include "imaging/resize.h"

namespace lix::imaging {
namespace {

constexpr int kSide = 32, kLow = 8;
using Basis = std::array<std::array<float, kSide>, kLow>;

const Basis& cosines() {
  static const Basis table = [] {
    Basis basis{};
    for (int u = 0; u < kLow; ++u) {
      for (int x = 0; x < kSide; ++x) {
        basis[u][x] = float(std::cos((2 * x + 1) * u * std::numbers::pi / (2 * kSide)));
      }
    }
    return basis;
  }();
  return table;
}

/// Lowest frequencies of the grey picture, [v * 8 + u].
std::array<float, kLow * kLow> lowFrequencies(const Image& small) {
  const Basis& basis = cosines();
  std::array<std::array<float, kSide>, kLow> rows{};  // [u][y]
  for (int y = 0; y < kSide; ++y) {
    const std::uint8_t* pixel = small.row(y);
    for (int x = 0; x < kSide; ++x, pixel += 3) {
      const float grey = 0.299F * pixel[0] + 0.587F * pixel[1] + 0.114F * pixel[2];
      for (int u = 0; u < kLow; ++u) {
        rows[u][y] += basis[u][x] * grey;
      }
    }
  }
  std::array<float, kLow * kLow> result{};
  for (int v = 0; v < kLow; ++v) {
    for (int u = 0; u < kLow; ++u) {
      for (int y = 0; y < kSide; ++y) {
        result[v * kLow + u] += basis[v][y] * rows[u][y];
      }
    }
  }
  return result;
}

}  // namespace

std::uint64_t contentHash(const Image& image) {
  const std::array<std::int32_t, 2> size{image.width, image.height};
  const auto seed = hash64({reinterpret_cast<const char*>(size.data()), sizeof(size)});
  // Eight bytes a step: FNV by single bytes would cost more than decoding.
  std::uint64_t hash = seed;
  const std::size_t whole = image.pixels.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    std::uint64_t word = 0;
    std::copy_n(image.pixels.data() + i, 8, reinterpret_cast<std::uint8_t*>(&word));
    hash = (std::rotl(hash, 29) ^ word) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 32;
  }
  const auto* rest = reinterpret_cast<const char*>(image.pixels.data() + whole);
  return hash64({rest, image.pixels.size() - whole}, hash);
}

std::uint64_t perceptualHash(const Image& image) {
  const auto values = lowFrequencies(resize(image, kSide, kSide, Filter::Bilinear));
  std::array<float, kLow * kLow - 1> sorted{};
  std::copy(values.begin() + 1, values.end(), sorted.begin());
  std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
  // Rounding noise of a flat picture (sums of 1024 products up to 255) must not look like a pattern.
  constexpr float kNoise = 1.0F;
  const float median = sorted[sorted.size() / 2];
  std::uint64_t bits = 0;
  for (int i = 1; i < kLow * kLow; ++i) {
    bits |= std::uint64_t(values[i] > median && std::abs(values[i]) > kNoise) << i;
  }
  return bits;
}

ColourSketch colourSketch(const Image& image) {
  ColourSketch sketch{};
  const Image small = resize(image, 4, 4, Filter::Bilinear);
  std::copy(small.pixels.begin(), small.pixels.end(), sketch.begin());
  return sketch;
}

double colourDistance(const ColourSketch& a, const ColourSketch& b) {
  int sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += std::abs(int(a[i]) - int(b[i]));
  }
  return double(sum) / double(a.size());
}

}  // namespace lix::imaging
