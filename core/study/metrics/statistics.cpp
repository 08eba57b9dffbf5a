#include "study/metrics/statistics.h"

#include <cmath>
#include <limits>

#include "base/contracts.h"

namespace lix::study {
namespace {

constexpr double kTiny = 1e-300;  // keeps Lentz's ratios from zero
constexpr int kMostTerms = 10000;

/// Lentz's method, modified: converges fast for x < (a + 1) / (a + b + 2).
double betaFraction(double a, double b, double x) {
  double c = 1.0;
  double d = 1.0 - (a + b) * x / (a + 1.0);
  d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
  double value = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    for (const double factor : {m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
                                -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))}) {
      d = 1.0 + factor * d;
      d = 1.0 / (std::abs(d) < kTiny ? kTiny : d);
      c = 1.0 + factor / c;
      c = std::abs(c) < kTiny ? kTiny : c;
      value *= d * c;
    }
    if (std::abs(d * c - 1.0) < std::numeric_limits<double>::epsilon()) {
      break;
    }
  }
  return value;
}

}  // namespace

double incompleteBeta(double a, double b, double x) {
  LIX_REQUIRE(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0);
  if (x == 0.0 || x == 1.0) {
    return x;
  }
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  return x < (a + 1.0) / (a + b + 2.0) ? front * betaFraction(a, b, x) / a
                                       : 1.0 - front * betaFraction(b, a, 1.0 - x) / b;
}

double studentProbability(double t, double freedom) {
  const double tail = 0.5 * incompleteBeta(0.5 * freedom, 0.5, freedom / (freedom + t * t));
  return t > 0.0 ? 1.0 - tail : tail;
}

double studentQuantile(double p, double freedom) {
  LIX_REQUIRE(p > 0.0 && p < 1.0 && freedom > 0.0);
  if (p < 0.5) {
    return -studentQuantile(1.0 - p, freedom);
  }
  double low = 0.0;
  double high = 1.0;
  while (studentProbability(high, freedom) < p && high < 1e300) {
    low = high;
    high *= 2.0;
  }
  for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (studentProbability(middle, freedom) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

Summary summarise(std::span<const double> values) {
  Summary out{.count = values.size()};
  if (values.empty()) {
    return out;
  }
  const auto n = static_cast<double>(values.size());
  for (const double value : values) {
    out.mean += value / n;
  }
  if (values.size() < 2) {
    return out;
  }
  double squares = 0.0;
  for (const double value : values) {
    squares += (value - out.mean) * (value - out.mean);
  }
  out.deviation = std::sqrt(squares / (n - 1.0));
  out.interval = studentQuantile(0.975, n - 1.0) * *out.deviation / std::sqrt(n);
  return out;
}

}  // namespace lix::study
