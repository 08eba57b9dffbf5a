#include <ATen/ops/exp.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/xlogy.h>

#include <cmath>
#include <limits>

#include "base/contracts.h"
#include "nn/ops/context.h"
#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {

at::Tensor contextWeights(const at::Tensor& unitImages, const at::Tensor& tau, const ContextOptions& options) {
  LIX_REQUIRE(unitImages.size(0) >= 2);
  const auto n = unitImages.size(0);
  // Times zero and not left out: tau then has a gradient, which is zero.
  const double share = options.uniform ? 0.0 : 1.0 / std::sqrt(double(unitImages.size(1)));
  const auto keys = options.uniform ? unitImages.detach() : unitImages;
  auto scores = at::matmul(keys, keys.t()) * (share / tau);
  if (options.masked) {
    const auto self = at::eye(n, unitImages.options().dtype(at::kBool));
    scores = scores.masked_fill(self, -std::numeric_limits<double>::infinity());
  }
  return at::softmax(scores, 1);
}

double effectiveNeighbours(const at::Tensor& weights) {
  const auto w = weights.detach().to(at::kDouble);
  return at::exp(-at::xlogy(w, w).sum(1)).mean().item<double>();
}

namespace scorers {
namespace {

at::Tensor prepared(const at::Tensor& context, const ScorerInput& input) {
  return input.raw ? context : unit(context);
}

/// x^ctx_i = sum_j w_ij X_j with normalised keys and raw values, normalised before the second loss (docs/papers.md).
Scores score(const ScorerInput& input) {
  const at::Tensor& images = input.batch.image;
  const auto weights = contextWeights(unit(images), input.logTemperature.exp(), input.context);
  const auto context = at::matmul(weights, input.context.detachedValues ? images.detach() : images);
  return {at::matmul(prepared(context, input), unit(input.batch.text.embeds).t()), weights.detach()};
}

ScorerVectors vectors(const ScorerInput& input) {
  const Context context = contextOf(input.batch.image, input.logTemperature.exp(), input.context);
  return {prepared(context.vectors, input), context.effectiveNeighbours};
}

}  // namespace

/// Cosine of captions and images replaced by their masked context: the other images of the batch (LIxP).
const Scorer& context() {
  static const Scorer kScorer{.id = "context",
                              .title = "Masked context",
                              .citation = "Roth et al. 2025, Context-Aware Multimodal Pretraining, arXiv 2411.15099",
                              .learnsTemperature = true,
                              .leastBatch = 2,
                              .score = score,
                              .vectors = vectors};
  return kScorer;
}

}  // namespace scorers
}  // namespace lix::nn
