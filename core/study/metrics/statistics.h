#pragma once
#include <cstddef>
#include <optional>
#include <span>

namespace lix::study {

/// What repeated measurements say of their mean.
struct Summary {
  std::size_t count = 0;
  double mean = 0.0;
  std::optional<double> deviation;  ///< standard deviation with n - 1; nothing for fewer than two
  std::optional<double> interval;   ///< half width of the 95 % interval of the mean by Student's t; likewise
};

/// Summary of `values`; all zero and empty for none.
Summary summarise(std::span<const double> values);

/// The regularised incomplete beta function I_x(a, b), a, b > 0, x in [0, 1], by Lentz's continued fraction
/// (DLMF 8.17.22); relative error about 1e-13.
double incompleteBeta(double a, double b, double x);

/// P(T <= t) of Student's t with `freedom` > 0 degrees of freedom.
double studentProbability(double t, double freedom);

/// The t with P(T <= t) = p, p in (0, 1); the inverse of studentProbability.
double studentQuantile(double p, double freedom);

}  // namespace lix::study
