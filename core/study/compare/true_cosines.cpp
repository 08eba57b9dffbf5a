#include "study/compare/true_cosines.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contracts.h"

namespace lix::study {

TrueCosines trueCosines(std::span<const float> cosines, std::size_t classes, std::span<const int> labels) {
  LIX_REQUIRE(classes >= 2 && cosines.size() == classes * labels.size());
  TrueCosines found;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    LIX_REQUIRE(labels[i] >= 0 && std::size_t(labels[i]) < classes);
    const auto row = cosines.subspan(i * classes, classes);
    float best = -std::numeric_limits<float>::infinity();
    for (std::size_t c = 0; c < classes; ++c) {
      best = c == std::size_t(labels[i]) ? best : std::max(best, row[c]);
    }
    found.own.push_back(row[std::size_t(labels[i])]);
    found.other.push_back(best);
  }
  return found;
}

Bins binsOver(std::span<const std::span<const float>> groups, std::size_t count) {
  LIX_REQUIRE(count >= 1);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& values : groups) {
    for (const float value : values) {
      low = std::isfinite(value) ? std::min(low, double(value)) : low;
      high = std::isfinite(value) ? std::max(high, double(value)) : high;
    }
  }
  if (low > high) {
    low = 0.0;
    high = 1.0;
  } else if (low == high) {
    low -= 0.5 * double(count);
    high += 0.5 * double(count);
  }
  return {low, (high - low) / double(count), count};
}

std::vector<double> sharesIn(const Bins& bins, std::span<const float> values) {
  std::vector<double> shares(bins.count, 0.0);
  std::size_t counted = 0;
  for (const float value : values) {
    if (std::isfinite(value)) {
      const double at = std::floor((double(value) - bins.low) / bins.step);
      ++shares[std::size_t(std::clamp(at, 0.0, double(bins.count - 1)))];
      ++counted;
    }
  }
  std::ranges::for_each(shares, [&](double& share) { share /= double(std::max<std::size_t>(1, counted)); });
  return shares;
}

double overlapOf(std::span<const double> first, std::span<const double> second) {
  LIX_REQUIRE(first.size() == second.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    sum += std::min(first[i], second[i]);
  }
  return sum;
}

}  // namespace lix::study
