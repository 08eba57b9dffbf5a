#include "imaging/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/contracts.h"

namespace lix::imaging {
namespace {

constexpr int kPillowBits = 22;

double sinc(double x) { return x == 0.0 ? 1.0 : std::sin(x * std::numbers::pi) / (x * std::numbers::pi); }

/// How far the filter reaches from its centre, in samples of the larger spacing.
double reach(Filter filter) {
  switch (filter) {
    case Filter::Nearest:
    case Filter::Box:
      return 0.5;
    case Filter::Bilinear:
    case Filter::Hamming:
      return 1.0;
    case Filter::Bicubic:
      return 2.0;
    case Filter::Lanczos:
      return 3.0;
  }
  return 1.0;
}

double cubic(double x) {
  constexpr double a = -0.5;
  if (x < 1.0) {
    return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
  }
  return x < 2.0 ? (((x - 5.0) * x + 8.0) * x - 4.0) * a : 0.0;
}

double weight(Filter filter, double x) {
  const double away = std::abs(x);
  switch (filter) {
    case Filter::Nearest:
    case Filter::Box:
      return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
    case Filter::Bilinear:
      return away < 1.0 ? 1.0 - away : 0.0;
    case Filter::Hamming:
      return away >= 1.0 ? 0.0 : sinc(away) * (0.54f + 0.46f * std::cos(away * std::numbers::pi));
    case Filter::Bicubic:
      return cubic(away);
    case Filter::Lanczos:
      return x >= -3.0 && x < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
  }
  return 0.0;
}

/// Which input samples make each output sample of one axis, and by what fixed-point weights.
struct Taps {
  int most = 0;  ///< weights reserved per output sample
  std::vector<int> low, count;
  std::vector<std::int32_t> weights;  // [out, most]
  int bits = kPillowBits;             ///< of the weights behind the point

  std::int32_t half() const { return 1 << (bits - 1); }
  std::uint8_t clip(std::int32_t sum) const { return std::uint8_t(std::clamp(sum >> bits, 0, 255)); }
};

/// As many bits as the greatest weight leaves in 16 with a sign, 22 at most.
int torchBits(const std::vector<double>& real) {
  const double greatest = *std::ranges::max_element(real);
  int bits = 0;
  while (bits < 22 && int(0.5 + greatest * (1 << (bits + 1))) < (1 << 15)) {
    ++bits;
  }
  return bits;
}

Taps tapsFor(int in, int out, Filter filter, Kernel kernel) {
  const double scale = double(in) / out, stretch = std::max(scale, 1.0);
  const double support = reach(filter) * stretch, reciprocal = 1.0 / stretch;
  Taps taps{.most = int(std::ceil(support)) * 2 + 1, .low = std::vector<int>(out), .count = std::vector<int>(out)};
  std::vector<double> real(std::size_t(out) * taps.most);
  for (int x = 0; x < out; ++x) {
    double* mine = real.data() + std::size_t(x) * taps.most;
    const double centre = (x + 0.5) * scale;
    const int low = std::max(int(centre - support + 0.5), 0), high = std::min(int(centre + support + 0.5), in);
    taps.low[x] = low;
    taps.count[x] = std::clamp(high - low, 0, taps.most);
    double sum = 0.0;
    for (int k = 0; k < taps.count[x]; ++k) {
      mine[k] = weight(filter, (k + low - centre + 0.5) * reciprocal);
      sum += mine[k];
    }
    for (int k = 0; k < taps.count[x]; ++k) {
      mine[k] = sum != 0.0 ? mine[k] / sum : mine[k];
    }
  }
  taps.bits = kernel == Kernel::Torchvision ? torchBits(real) : kPillowBits;
  taps.weights.resize(real.size());
  std::ranges::transform(real, taps.weights.begin(), [&](double share) {
    return std::int32_t((share < 0.0 ? -0.5 : 0.5) + share * (1 << taps.bits));
  });
  return taps;
}

Image horizontal(const Image& image, int width, Filter filter, Kernel kernel) {
  const Taps taps = tapsFor(image.width, width, filter, kernel);
  Image result{width, image.height, std::vector<std::uint8_t>(std::size_t(width) * image.height * 3)};
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* out = result.row(y);
    for (int x = 0; x < width; ++x, out += 3) {
      const std::uint8_t* in = image.row(y) + std::size_t(taps.low[x]) * 3;
      const std::int32_t* weights = taps.weights.data() + std::size_t(x) * taps.most;
      std::int32_t red = taps.half(), green = red, blue = red;
      for (int k = 0; k < taps.count[x]; ++k, in += 3) {
        red += weights[k] * in[0];
        green += weights[k] * in[1];
        blue += weights[k] * in[2];
      }
      out[0] = taps.clip(red);
      out[1] = taps.clip(green);
      out[2] = taps.clip(blue);
    }
  }
  return result;
}

Image vertical(const Image& image, int height, Filter filter, Kernel kernel) {
  const Taps taps = tapsFor(image.height, height, filter, kernel);
  const std::size_t length = std::size_t(image.width) * 3;
  Image result{image.width, height, std::vector<std::uint8_t>(length * height)};
  std::vector<std::int32_t> sums(length);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), taps.half());
    for (int k = 0; k < taps.count[y]; ++k) {
      const std::uint8_t* in = image.row(taps.low[y] + k);
      const std::int32_t share = taps.weights[std::size_t(y) * taps.most + k];
      for (std::size_t i = 0; i < length; ++i) {
        sums[i] += share * in[i];
      }
    }
    std::ranges::transform(sums, result.row(y), [&](std::int32_t sum) { return taps.clip(sum); });
  }
  return result;
}

/// Where the samples of one axis are taken. Pillow adds up the step, whose rounding shows on long axes.
std::vector<int> nearestOf(int in, int out) {
  std::vector<int> places(std::size_t(out), 0);
  const double step = double(in) / out;
  double at = step * 0.5;
  for (int& place : places) {
    place = std::min(int(at), in - 1);
    at += step;
  }
  return places;
}

Image nearest(const Image& image, int width, int height) {
  const std::vector<int> columns = nearestOf(image.width, width), rows = nearestOf(image.height, height);
  Image result{width, height, std::vector<std::uint8_t>(std::size_t(width) * height * 3)};
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = image.row(rows[std::size_t(y)]);
    std::uint8_t* out = result.row(y);
    for (const int column : columns) {
      out = std::copy_n(in + std::size_t(column) * 3, 3, out);
    }
  }
  return result;
}

}  // namespace

bool canResize(Kernel kernel, Filter filter) {
  return kernel != Kernel::Torchvision || filter == Filter::Bilinear || filter == Filter::Bicubic;
}

Image resize(const Image& image, int width, int height, Filter filter, Kernel kernel) {
  LIX_REQUIRE(width > 0 && height > 0 && image.width > 0 && image.height > 0 && canResize(kernel, filter));
  const bool across = width != image.width, down = height != image.height;
  const long long lostRows = image.height - height, lostColumns = image.width - width;
  const bool verticalFirst = kernel == Kernel::Pillow13 && lostRows > 0 && lostRows > 2 * lostColumns;
  if (!across && !down) {
    return image;
  }
  if (filter == Filter::Nearest) {
    return nearest(image, width, height);
  }
  if (!across) {
    return vertical(image, height, filter, kernel);
  }
  if (!down) {
    return horizontal(image, width, filter, kernel);
  }
  return verticalFirst ? horizontal(vertical(image, height, filter, kernel), width, filter, kernel)
                       : vertical(horizontal(image, width, filter, kernel), height, filter, kernel);
}

}  // namespace lix::imaging
