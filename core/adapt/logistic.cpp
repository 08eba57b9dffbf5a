#include "adapt/logistic.h"

#include <lbfgs.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "adapt/linear.h"
#include "base/contracts.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

/// Turns one row of logits into (softmax - one-hot) / rows; returns its log-loss.
double residuals(std::span<float> row, std::size_t label, double rows) {
  const float most = *std::ranges::max_element(row);
  const float own = row[label] - most;
  for (float& value : row) {
    value = value - most + 1.f;
  }
  affinities(row, 1.f, row);
  double total = 0.0;
  for (const float value : row) {
    total += value;
  }
  const auto scale = static_cast<float>(1.0 / (total * rows));
  for (float& value : row) {
    value *= scale;
  }
  row[label] -= static_cast<float>(1.0 / rows);
  return std::log(total) - own;
}

/// What the library's callbacks see.
struct Run {
  const LogisticProblem& problem;
  double c;
  double tolerance;
  double objective = std::numeric_limits<double>::infinity();
  double gradient = 0.0;
  std::size_t iterations = 0;
};

enum Stop { kFlat = 1, kStill = 2 };

double evaluateRun(void* instance, const double* x, double* g, int n, double /*step*/) {
  const Run& run = *static_cast<Run*>(instance);
  const auto size = static_cast<std::size_t>(n);
  return run.problem.evaluate({x, size}, run.c, {g, size});
}

int watchRun(void* instance, const double*, const double* g, double objective, double, double, double, int n,
             int iteration, int) {
  Run& run = *static_cast<Run*>(instance);
  // The relative fall at which SciPy's L-BFGS-B stops under scikit-learn.
  constexpr double kSmallestFall = 64.0 * std::numeric_limits<double>::epsilon();
  const double fall = run.objective - objective;
  const double size = std::max({std::abs(run.objective), std::abs(objective), 1.0});
  run.gradient = 0.0;
  for (int i = 0; i < n; ++i) {
    run.gradient = std::max(run.gradient, std::abs(g[i]));
  }
  run.objective = objective;
  run.iterations = static_cast<std::size_t>(iteration);
  if (run.gradient <= run.tolerance) {
    return kFlat;
  }
  return fall <= kSmallestFall * size ? kStill : 0;
}

std::string sentence(int status, const Run& run) {
  if (status == kFlat || status == LBFGS_ALREADY_MINIMIZED) {
    return cat("converged: no entry of the gradient is above ", run.tolerance);
  }
  if (status == kStill || status == LBFGS_SUCCESS) {
    return "converged: the objective falls no further";
  }
  if (status == LBFGSERR_MAXIMUMITERATION) {
    return cat("not converged after ", run.iterations, " iterations: the last point holds");
  }
  return cat("the line search failed after ", run.iterations, " iterations (status ", status,
             "): the best point so far holds");
}

}  // namespace

LogisticProblem::LogisticProblem(const Labelled& data, std::size_t classes)
    : data_(inCanonicalOrder(data)), columns_(transposed(data_.view().features)), classes_(classes) {
  LIX_REQUIRE(classes > 0 && !data_.labels.empty());
  LIX_REQUIRE(size() < static_cast<std::size_t>(std::numeric_limits<int>::max()));  // the library counts in int
}

double LogisticProblem::evaluate(std::span<const double> at, double c, std::span<double> gradient) const {
  LIX_REQUIRE(at.size() == size() && gradient.size() == size() && c > 0.0);
  const std::size_t rows = data_.labels.size();
  const std::size_t weightCount = data_.columns * classes_;
  const std::vector<float> byColumn(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(weightCount));
  const std::vector<float> weights = transposed({byColumn, data_.columns, classes_});
  const std::vector<float> bias(at.begin() + static_cast<std::ptrdiff_t>(weightCount), at.end());
  std::vector<float> logits = multiplyTransposed(data_.view().features, {weights, classes_, data_.columns});
  double loss = 0.0;
  std::ranges::fill(gradient, 0.0);
  const auto biasGradient = gradient.subspan(weightCount);
  for (std::size_t i = 0; i < rows; ++i) {
    const auto row = std::span(logits).subspan(i * classes_, classes_);
    add(bias, row);
    loss += residuals(row, static_cast<std::size_t>(data_.labels[i]), static_cast<double>(rows));
    for (std::size_t k = 0; k < classes_; ++k) {
      biasGradient[k] += row[k];
    }
  }
  const std::vector<float> residual = transposed({logits, rows, classes_});
  const std::vector<float> slope =
      multiplyTransposed({columns_, data_.columns, rows}, {residual, classes_, rows});  // [D, C]
  const double penalty = (classes_ == 2 ? 2.0 : 1.0) / (c * static_cast<double>(rows));
  double squares = 0.0;
  for (std::size_t i = 0; i < weightCount; ++i) {
    gradient[i] = static_cast<double>(slope[i]) + penalty * at[i];
    squares += at[i] * at[i];
  }
  return loss / static_cast<double>(rows) + 0.5 * penalty * squares;
}

LogisticFit LogisticProblem::fit(double c, double tolerance, std::size_t maxIterations) const {
  lbfgs_parameter_t settings;
  lbfgs_parameter_init(&settings);
  settings.m = 10;
  settings.epsilon = 0.0;  // watchRun() decides
  settings.max_iterations = static_cast<int>(maxIterations);
  settings.max_linesearch = 50;
  settings.ftol = 1e-3;  // with the curvature bound 0.9 what L-BFGS-B uses
  settings.gtol = 0.9;
  const auto count = static_cast<int>(size());
  const std::unique_ptr<double, void (*)(double*)> at(lbfgs_malloc(count), lbfgs_free);
  LIX_REQUIRE(at);
  std::fill_n(at.get(), size(), 0.0);
  Run run{*this, c, tolerance};
  const int status = lbfgs(count, at.get(), &run.objective, evaluateRun, watchRun, &run, &settings);
  const auto weightCount = static_cast<std::ptrdiff_t>(data_.columns * classes_);
  const std::vector<float> byColumn(at.get(), at.get() + weightCount);
  return {.weights = transposed({byColumn, data_.columns, classes_}),
          .bias = std::vector<float>(at.get() + weightCount, at.get() + size()),
          .objective = run.objective,
          .gradient = run.gradient,
          .iterations = run.iterations,
          .converged = status >= 0,
          .stopped = sentence(status, run)};
}

}  // namespace lix::adapt
