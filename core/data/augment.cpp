#include "data/augment.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/contracts.h"

namespace lix::data {
namespace {

/// For each output sample `most` neighbouring input samples from `low` on and their weights; unused weights are 0.
struct Taps {
  int most = 0;
  std::vector<int> low;
  std::vector<float> weights;  // [out, most]
};

void fillTaps(double start, double length, int in, int out, Taps& taps) {
  const double scale = length / out, stretch = std::max(scale, 1.0);
  taps.most = std::min(in, int(std::ceil(2.0 * stretch)) + 1);
  taps.low.resize(out);
  taps.weights.assign(std::size_t(out) * taps.most, 0.0F);
  for (int i = 0; i < out; ++i) {
    const double centre = start + (i + 0.5) * scale - 0.5;  // in units where pixel j has its middle at j
    const int low = std::clamp(int(std::ceil(centre - stretch)), 0, in - taps.most);
    float* weights = taps.weights.data() + std::size_t(i) * taps.most;
    double sum = 0.0;
    for (int k = 0; k < taps.most; ++k) {
      const double share = std::max(0.0, 1.0 - std::abs(low + k - centre) / stretch);
      weights[k] = float(share);
      sum += share;
    }
    for (int k = 0; k < taps.most; ++k) {
      weights[k] = float(weights[k] / sum);
    }
    taps.low[i] = low;
  }
}

/// row[i] = sum over taps of source rows, for the interleaved samples [first, last).
void combineRows(const std::uint8_t* source, std::size_t stride, const float* weights, int count, std::size_t first,
                 std::size_t last, float* row) {
  std::fill(row + first, row + last, 0.0F);
  for (int k = 0; k < count; ++k, source += stride) {
    const float share = weights[k];
    if (share == 0.0F) {
      continue;
    }
    for (std::size_t i = first; i < last; ++i) {
      row[i] += share * float(source[i]);
    }
  }
}

}  // namespace

CropBox centreCrop(int sourceSize, double fraction) {
  const double side = sourceSize * fraction, start = (sourceSize - side) / 2.0;
  return {start, start, side, side};
}

CropBox drawCrop(Random& random, int sourceSize, double minScale) {
  const double side = sourceSize, logRatio = std::log(4.0 / 3.0);
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double area = random.uniform(minScale, 1.0) * side * side;
    const double ratio = std::exp(random.uniform(-logRatio, logRatio));
    const double width = std::sqrt(area * ratio), height = std::sqrt(area / ratio);
    if (width <= side && height <= side) {
      const double x = random.uniform(0.0, side - width);
      return {x, random.uniform(0.0, side - height), width, height};
    }
  }
  return {0.0, 0.0, side, side};
}

void augment(const std::uint8_t* source, int sourceSize, const CropBox& box, bool flip, float* out, int outSize,
             const float mean[3], const float std[3]) {
  constexpr double kSlack = 1e-6;
  LIX_REQUIRE(sourceSize > 0 && outSize > 0 && box.width > 0.0 && box.height > 0.0);
  LIX_REQUIRE(box.x >= -kSlack && box.y >= -kSlack && box.x + box.width <= sourceSize + kSlack &&
              box.y + box.height <= sourceSize + kSlack);
  thread_local Taps across, down;
  thread_local std::vector<float> row;
  fillTaps(box.x, box.width, sourceSize, outSize, across);
  fillTaps(box.y, box.height, sourceSize, outSize, down);
  const std::size_t stride = std::size_t(sourceSize) * 3, plane = std::size_t(outSize) * outSize;
  row.resize(stride);
  const auto [least, greatest] = std::minmax_element(across.low.begin(), across.low.end());
  const std::size_t first = std::size_t(*least) * 3, last = std::size_t(*greatest + across.most) * 3;
  const float scale[3] = {1.0F / (255.0F * std[0]), 1.0F / (255.0F * std[1]), 1.0F / (255.0F * std[2])};
  const float shift[3] = {mean[0] / std[0], mean[1] / std[1], mean[2] / std[2]};
  for (int y = 0; y < outSize; ++y) {
    combineRows(source + std::size_t(down.low[y]) * stride, stride, down.weights.data() + std::size_t(y) * down.most,
                down.most, first, last, row.data());
    float* line = out + std::size_t(y) * outSize;
    for (int x = 0; x < outSize; ++x) {
      const float* in = row.data() + std::size_t(across.low[x]) * 3;
      const float* weights = across.weights.data() + std::size_t(x) * across.most;
      float red = 0.0F, green = 0.0F, blue = 0.0F;
      for (int k = 0; k < across.most; ++k, in += 3) {
        red += weights[k] * in[0];
        green += weights[k] * in[1];
        blue += weights[k] * in[2];
      }
      const int to = flip ? outSize - 1 - x : x;
      line[to] = red * scale[0] - shift[0];
      line[plane + to] = green * scale[1] - shift[1];
      line[2 * plane + to] = blue * scale[2] - shift[2];
    }
  }
}

}  // namespace lix::data
