#include <ATen/ops/matmul.h>

#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::nn::scorers {
namespace {

Scores score(const ScorerInput& input) {
  return {at::matmul(unit(input.batch.image), unit(input.batch.text.embeds).t()), {}};
}

ScorerVectors vectors(const ScorerInput& input) { return {unit(input.batch.image), {}}; }

}  // namespace

/// Cosine of image and caption embeddings.
const Scorer& dot() {
  static const Scorer kScorer{.id = "dot",
                              .title = "Cosine",
                              .citation = "Radford et al. 2021, arXiv 2103.00020",
                              .score = score,
                              .vectors = vectors};
  return kScorer;
}

}  // namespace lix::nn::scorers
