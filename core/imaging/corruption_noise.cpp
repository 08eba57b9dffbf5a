#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "imaging/corruption_parts.h"

namespace lix::imaging {
namespace {

enum Stream : std::uint64_t { kGaussian = 0x6e01, kShot, kImpulse };

/// change(value, random) for every value of every channel, row by row.
template <class Change>
cv::Mat everyValue(const cv::Mat& picture, std::uint64_t seed, std::uint64_t stream, const Change& change) {
  cv::Mat out = picture.clone();
  Random random(seed, stream);
  for (int y = 0; y < out.rows; ++y) {
    float* row = out.ptr<float>(y);
    for (int i = 0; i < out.cols * 3; ++i) {
      row[i] = change(row[i], random);
    }
  }
  return out;
}

/// P(X <= k) of Poisson's law, up to where nothing is left.
std::vector<double> poissonSums(double mean) {
  std::vector<double> sums;
  double term = std::exp(-mean), sum = 0.0;
  for (int k = 0; sum < 1.0 - 1e-12 && k < 1000; ++k) {
    sum += term;
    sums.push_back(sum);
    term *= mean / (k + 1);
  }
  return sums;
}

}  // namespace

cv::Mat gaussianNoise(const cv::Mat& picture, const Strength& strength) {
  constexpr double kDeviations[] = {0.08, 0.12, 0.18, 0.26, 0.38};
  const double deviation = kDeviations[strength.severity - 1];
  return everyValue(picture, strength.seed, kGaussian,
                    [&](float value, Random& random) { return value + float(deviation * random.normal()); });
}

/// Poisson counts of light by inversion, so that one draw serves all severities.
cv::Mat shotNoise(const cv::Mat& picture, const Strength& strength) {
  constexpr double kPhotons[] = {60, 25, 12, 5, 3};
  const double photons = kPhotons[strength.severity - 1];
  std::array<std::vector<double>, 256> tables;
  return everyValue(picture, strength.seed, kShot, [&](float value, Random& random) {
    const auto level = std::size_t(std::lround(value * 255.0F));
    if (tables[level].empty()) {
      tables[level] = poissonSums(double(level) / 255.0 * photons);
    }
    const auto& sums = tables[level];
    return float(double(std::lower_bound(sums.begin(), sums.end(), random.uniform()) - sums.begin()) / photons);
  });
}

/// Salt and pepper, half each.
cv::Mat impulseNoise(const cv::Mat& picture, const Strength& strength) {
  constexpr double kAmounts[] = {0.03, 0.06, 0.09, 0.17, 0.27};
  const double amount = kAmounts[strength.severity - 1];
  return everyValue(picture, strength.seed, kImpulse, [&](float value, Random& random) {
    const double hit = random.uniform();
    const bool salt = random.uniform() < 0.5;
    return hit < amount ? (salt ? 1.0F : 0.0F) : value;
  });
}

}  // namespace lix::imaging
