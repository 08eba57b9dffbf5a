#pragma once
#include <cstddef>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/packed_rows.h"

namespace lix::adapt {

/// Where the optimiser ended, and why.
struct LogisticFit {
  std::vector<float> weights;  ///< [C, D]
  std::vector<float> bias;     ///< [C]
  double objective = 0.0;
  double gradient = 0.0;  ///< its largest entry
  std::size_t iterations = 0;
  bool converged = false;
  std::string stopped;  ///< one sentence without its full stop
};

/// Multinomial logistic regression with scikit-learn's objective, 1/2 |w|^2 + C sum log-loss with an intercept that is
/// not penalised, divided by C N as scikit-learn does since 1.4. Of two classes one vector u is fitted, as scikit-learn
/// does: their logits are -u f / 2 and u f / 2. All in double but the features, so that the optimiser's path, and where
/// it stops before the optimum, are scikit-learn's.
class LogisticProblem {
 public:
  LogisticProblem(const Labelled& data, std::size_t classes);

  /// How many numbers `at` and `gradient` have: weights [C, D], or [1, D] of two classes, then the intercepts.
  std::size_t size() const { return (rows_.columns() + 1) * outputs_; }
  double evaluate(std::span<const double> at, double c, std::span<double> gradient) const;

  /// L-BFGS from zero (memory 10, Moré-Thuente line search) until the largest entry of the gradient is at most
  /// `tolerance`, scikit-learn's rule. A line search that fails leaves the best point so far.
  /// After an iteration at which `stop` was asked for the point reached holds.
  LogisticFit fit(double c, double tolerance, std::size_t maxIterations, std::stop_token stop = {}) const;

 private:
  double residuals(std::span<double> logits) const;

  std::vector<int> labels_;
  PackedRows rows_;     ///< [N, D]
  PackedRows columns_;  ///< [D, N]
  bool binary_;
  std::size_t outputs_;  ///< weight vectors
};

}  // namespace lix::adapt
