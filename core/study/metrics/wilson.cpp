#include "study/metrics/wilson.h"

#include <algorithm>
#include <cmath>

#include "base/contracts.h"

namespace lix::study {
namespace {

constexpr double kZ = 1.959963984540054;  // the 97.5 % quantile of the normal distribution

}  // namespace

Interval wilsonInterval(std::size_t right, std::size_t of) {
  LIX_REQUIRE(right <= of);
  if (of == 0) {
    return {0.0, 1.0};
  }
  const auto n = static_cast<double>(of);
  const double p = static_cast<double>(right) / n, z2 = kZ * kZ;
  const double middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
  const double half = kZ / (1.0 + z2 / n) * std::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
  // At the ends the formula is exact but for rounding.
  return {right == 0 ? 0.0 : std::max(0.0, middle - half), right == of ? 1.0 : std::min(1.0, middle + half)};
}

PairedChange pairedChange(std::size_t gained, std::size_t lost, std::size_t pairs) {
  LIX_REQUIRE(gained + lost <= pairs);
  PairedChange change{.pairs = pairs, .gained = gained, .lost = lost, .share = {0.0, {-1.0, 1.0}}};
  if (pairs == 0) {
    return change;
  }
  const double n = static_cast<double>(pairs) + 2.0;
  const double up = (static_cast<double>(gained) + 1.0) / n, down = (static_cast<double>(lost) + 1.0) / n;
  const double middle = up - down;
  const double half = kZ * std::sqrt((up + down - middle * middle) / n);
  change.share.value = (static_cast<double>(gained) - static_cast<double>(lost)) / static_cast<double>(pairs);
  change.share.interval = {std::max(-1.0, middle - half), std::min(1.0, middle + half)};
  return change;
}

}  // namespace lix::study
