#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// Singular values of the covariance of features, falling, and how many dimensions they amount to.
struct Spectrum {
  std::vector<double> values;  ///< as many as the features are wide
  double effectiveRank = 0.0;
};

/// exp(entropy of the values divided by their sum): between 1 and their number (Roy and Vetterli 2007, The effective
/// rank: a measure of effective dimensionality). 0 where all values are zero.
double effectiveRank(std::span<const double> singularValues);

/// The covariance (1/n) sum (x - mean)(x - mean)' of rows that come in blocks, summed in double with nothing kept but
/// [D, D] numbers: blocks are centred by themselves and joined by Chan's rule, so that a far mean costs no digits.
class Covariance {
 public:
  explicit Covariance(std::size_t width);

  /// Fails on rows of another width or with a number that is not finite; nothing is added then.
  Result<void> add(adapt::Matrix rows);
  std::size_t rows() const { return rows_; }
  /// [D, D], symmetric.
  std::vector<double> matrix() const;
  /// Fails for fewer than two rows, and where all rows are the same.
  Result<Spectrum> spectrum() const;

 private:
  std::size_t width_;
  std::size_t rows_ = 0;
  std::vector<double> mean_;
  std::vector<double> scatter_;  ///< sums of products, lower half [D, D]
};

}  // namespace lix::study
