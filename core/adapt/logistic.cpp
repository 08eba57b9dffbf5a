#include "adapt/logistic.h"

#include <lbfgs.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "adapt/canonical.h"
#include "adapt/double_products.h"
#include "base/contracts.h"
#include "base/parallel.h"
#include "base/text.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kImagesAtOnce = 64;
constexpr double kExpCost = 16.0;  // of an exponential in multiplications

/// Turns logits of some images (a row a class, `stride` apart) into (softmax - one-hot) / stride; returns the sum of
/// their log-losses.
double residualBlock(double* logits, std::size_t stride, std::size_t classes, std::span<const int> labels) {
  const auto rows = static_cast<double>(stride);
  const auto own = [&](std::size_t i) -> double& { return logits[static_cast<std::size_t>(labels[i]) * stride + i]; };
  std::array<double, kImagesAtOnce> most, total{};
  most.fill(-std::numeric_limits<double>::infinity());
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      most[i] = std::max(most[i], logits[c * stride + i]);
    }
  }
  double loss = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    loss -= own(i) - most[i];
  }
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      double& value = logits[c * stride + i];
      value = std::exp(value - most[i]);
      total[i] += value;
    }
  }
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
      logits[c * stride + i] /= total[i] * rows;
    }
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    own(i) -= 1.0 / rows;
    loss += std::log(total[i]);
  }
  return loss;
}

/// The same of two classes by the one logit u of the second: into (sigmoid - label) / stride.
double binaryBlock(double* logits, std::size_t stride, std::span<const int> labels) {
  double loss = 0.0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double u = logits[i];
    const double small = std::exp(-std::abs(u));
    const double share = (u >= 0.0 ? 1.0 : small) / (1.0 + small);
    loss += std::max(u, 0.0) + std::log1p(small) - labels[i] * u;
    logits[i] = (share - labels[i]) / static_cast<double>(stride);
  }
  return loss;
}

/// What the library's callbacks see.
struct Run {
  const LogisticProblem& problem;
  double c;
  double tolerance;
  std::stop_token stop;
  double objective = 0.0;
  double gradient = 0.0;
  std::size_t iterations = 0;
};

enum Stop { kFlat = 101, kStill = 102, kAsked = 103 };  // no statuses of the library

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
  const double size = std::max({std::abs(run.objective), std::abs(objective), 1.0});
  const bool still = iteration > 1 && run.objective - objective <= kSmallestFall * size;
  run.gradient = 0.0;
  for (int i = 0; i < n; ++i) {
    run.gradient = std::max(run.gradient, std::abs(g[i]));
  }
  run.objective = objective;
  run.iterations = static_cast<std::size_t>(iteration);
  if (run.stop.stop_requested()) {
    return kAsked;
  }
  if (run.gradient <= run.tolerance) {
    return kFlat;
  }
  return still ? kStill : 0;
}

std::string sentence(int status, const Run& run) {
  if (status == kFlat || status == LBFGS_ALREADY_MINIMIZED) {
    return cat("converged: no entry of the gradient is above ", run.tolerance);
  }
  if (status == kStill || status == LBFGS_SUCCESS) {
    return "converged: the objective falls no further";
  }
  if (status == kAsked) {
    return cat("stopped after ", run.iterations, " iterations: the last point holds");
  }
  if (status == LBFGSERR_MAXIMUMITERATION) {
    return cat("not converged after ", run.iterations, " iterations: the last point holds");
  }
  return cat("the line search failed after ", run.iterations, " iterations (status ", status,
             "): the best point so far holds");
}

}  // namespace

LogisticProblem::LogisticProblem(const Labelled& data, std::size_t classes)
    : binary_(classes == 2), outputs_(binary_ ? 1 : classes) {
  LIX_REQUIRE(classes > 0 && !data.labels.empty());
  const OwnedLabelled sorted = inCanonicalOrder(data);
  const Matrix features = sorted.view().features;
  labels_ = sorted.labels;
  rows_ = PackedRows(features);
  columns_ = PackedRows({transposed(features), features.columns, features.rows});
  LIX_REQUIRE(size() < static_cast<std::size_t>(std::numeric_limits<int>::max()));  // the library counts in int
}

/// Turns logits [C, N] into (softmax over classes - one-hot) / N; returns the mean log-loss.
double LogisticProblem::residuals(std::span<double> logits) const {
  const std::size_t count = labels_.size();
  std::vector<double> losses((count + kImagesAtOnce - 1) / kImagesAtOnce, 0.0);
  const auto body = [&](std::size_t block) {
    const std::size_t first = block * kImagesAtOnce;
    const auto labels = std::span(labels_).subspan(first, std::min(kImagesAtOnce, count - first));
    double* here = logits.data() + first;
    losses[block] = binary_ ? binaryBlock(here, count, labels) : residualBlock(here, count, outputs_, labels);
  };
  parallelFor(losses.size(), body, workers(kExpCost * static_cast<double>(logits.size())));
  return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(count);
}

double LogisticProblem::evaluate(std::span<const double> at, double c, std::span<double> gradient) const {
  LIX_REQUIRE(at.size() == size() && gradient.size() == size() && c > 0.0);
  const std::size_t count = labels_.size();
  const auto weights = at.first(rows_.columns() * outputs_);
  const auto bias = at.subspan(weights.size());
  std::vector<double> logits(outputs_ * count);
  multiplyInDouble(weights, outputs_, rows_, logits);
  for (std::size_t k = 0; k < outputs_; ++k) {
    for (double& value : std::span(logits).subspan(k * count, count)) {
      value += bias[k];
    }
  }
  const double loss = residuals(logits);
  for (std::size_t k = 0; k < outputs_; ++k) {
    const auto row = std::span(logits).subspan(k * count, count);
    gradient[weights.size() + k] = std::accumulate(row.begin(), row.end(), 0.0);
  }
  multiplyInDouble(logits, outputs_, columns_, gradient.first(weights.size()));
  const double penalty = 1.0 / (c * static_cast<double>(count));
  double squares = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    gradient[i] += penalty * weights[i];
    squares += weights[i] * weights[i];
  }
  return loss + 0.5 * penalty * squares;
}

LogisticFit LogisticProblem::fit(double c, double tolerance, std::size_t maxIterations, std::stop_token stop) const {
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
  Run run{*this, c, tolerance, std::move(stop)};
  const int status = lbfgs(count, at.get(), &run.objective, evaluateRun, watchRun, &run, &settings);
  LogisticFit out{.objective = run.objective,
                  .gradient = run.gradient,
                  .iterations = run.iterations,
                  .converged = status >= 0 && status != kAsked,
                  .stopped = sentence(status, run)};
  const std::span<const double> found(at.get(), size());
  const auto weights = found.first(rows_.columns() * outputs_);
  const auto bias = found.subspan(weights.size());
  if (binary_) {
    for (const double side : {-0.5, 0.5}) {
      std::ranges::transform(weights, std::back_inserter(out.weights),
                             [=](double w) { return static_cast<float>(side * w); });
      out.bias.push_back(static_cast<float>(side * bias.front()));
    }
  } else {
    out.weights.assign(weights.begin(), weights.end());
    out.bias.assign(bias.begin(), bias.end());
  }
  return out;
}

}  // namespace lix::adapt
