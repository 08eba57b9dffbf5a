#include "imaging/resize.h"

#include <algorithm>
#include <cmath>

#include "base/contracts.h"

namespace lix::imaging {
namespace {

constexpr int kFractionBits = 22;
constexpr int kHalf = 1 << (kFractionBits - 1);

double weight(Filter filter, double x) {
  x = std::abs(x);
  if (filter == Filter::Bilinear) {
    return x < 1.0 ? 1.0 - x : 0.0;
  }
  constexpr double a = -0.5;
  if (x < 1.0) {
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  }
  return x < 2.0 ? (((x - 5.0) * x + 8.0) * x - 4.0) * a : 0.0;
}

/// Which input samples make each output sample of one axis, and by what fixed-point weights.
struct Taps {
  int most = 0;  ///< weights reserved per output sample
  std::vector<int> low, count;
  std::vector<std::int32_t> weights;  // [out, most]
};

Taps tapsFor(int in, int out, Filter filter) {
  const double scale = double(in) / out, stretch = std::max(scale, 1.0);
  const double support = (filter == Filter::Bilinear ? 1.0 : 2.0) * stretch, reciprocal = 1.0 / stretch;
  Taps taps{.most = int(std::ceil(support)) * 2 + 1, .low = std::vector<int>(out), .count = std::vector<int>(out)};
  taps.weights.resize(std::size_t(out) * taps.most);
  std::vector<double> real(taps.most);
  for (int x = 0; x < out; ++x) {
    const double centre = (x + 0.5) * scale;
    const int low = std::max(int(centre - support + 0.5), 0), high = std::min(int(centre + support + 0.5), in);
    double sum = 0.0;
    for (int k = 0; k < high - low; ++k) {
      real[k] = weight(filter, (k + low - centre + 0.5) * reciprocal);
      sum += real[k];
    }
    for (int k = 0; k < high - low; ++k) {
      const double share = sum != 0.0 ? real[k] / sum : real[k];
      taps.weights[std::size_t(x) * taps.most + k] = int((share < 0.0 ? -0.5 : 0.5) + share * (1 << kFractionBits));
    }
    taps.low[x] = low;
    taps.count[x] = high - low;
  }
  return taps;
}

std::uint8_t clip(std::int32_t sum) { return std::uint8_t(std::clamp(sum >> kFractionBits, 0, 255)); }

Image horizontal(const Image& image, int width, Filter filter) {
  const Taps taps = tapsFor(image.width, width, filter);
  Image result{width, image.height, std::vector<std::uint8_t>(std::size_t(width) * image.height * 3)};
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* out = result.row(y);
    for (int x = 0; x < width; ++x, out += 3) {
      const std::uint8_t* in = image.row(y) + std::size_t(taps.low[x]) * 3;
      const std::int32_t* weights = taps.weights.data() + std::size_t(x) * taps.most;
      std::int32_t red = kHalf, green = kHalf, blue = kHalf;
      for (int k = 0; k < taps.count[x]; ++k, in += 3) {
        red += weights[k] * in[0];
        green += weights[k] * in[1];
        blue += weights[k] * in[2];
      }
      out[0] = clip(red);
      out[1] = clip(green);
      out[2] = clip(blue);
    }
  }
  return result;
}

Image vertical(const Image& image, int height, Filter filter) {
  const Taps taps = tapsFor(image.height, height, filter);
  const std::size_t length = std::size_t(image.width) * 3;
  Image result{image.width, height, std::vector<std::uint8_t>(length * height)};
  std::vector<std::int32_t> sums(length);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), kHalf);
    for (int k = 0; k < taps.count[y]; ++k) {
      const std::uint8_t* in = image.row(taps.low[y] + k);
      const std::int32_t share = taps.weights[std::size_t(y) * taps.most + k];
      for (std::size_t i = 0; i < length; ++i) {
        sums[i] += share * in[i];
      }
    }
    std::transform(sums.begin(), sums.end(), result.row(y), clip);
  }
  return result;
}

}  // namespace

Image resize(const Image& image, int width, int height, Filter filter, PassOrder order) {
  LIX_REQUIRE(width > 0 && height > 0 && image.width > 0 && image.height > 0);
  const bool across = width != image.width, down = height != image.height;
  const long long lostRows = image.height - height, lostColumns = image.width - width;
  const bool verticalFirst = order == PassOrder::Pillow13 && lostRows > 0 && lostRows > 2 * lostColumns;
  if (!across && !down) {
    return image;
  }
  if (!across) {
    return vertical(image, height, filter);
  }
  if (!down) {
    return horizontal(image, width, filter);
  }
  return verticalFirst ? horizontal(vertical(image, height, filter), width, filter)
                       : vertical(horizontal(image, width, filter), height, filter);
}

}  // namespace lix::imaging
