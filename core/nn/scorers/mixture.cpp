#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include "nn/ops/unit.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {

at::Tensor mixtureWeights(const at::Tensor& keys, const at::Tensor& query, double tau) {
  return at::softmax(at::matmul(keys, query.permute({1, 2, 0})) / tau, 2);
}

namespace scorers {
namespace {

/// z_ij = concat_m(sum_k w v) out_proj, cosine with the caption (Llip eq. 1 and 2). Memory B N D.
Scores score(const ScorerInput& input) {
  const Encoded& b = input.batch;
  const auto weights = mixtureWeights(b.mixture.keys, b.text.query, b.tau);                            // [B, M, K, N]
  const auto mixed = at::matmul(weights.transpose(2, 3), b.mixture.values);                            // [B, M, N, D/M]
  const auto z = at::matmul(mixed.transpose(1, 2).flatten(2), b.outProj);                              // [B, N, D]
  const auto cosines = at::matmul(unit(z).unsqueeze(2), unit(b.text.embeds).unsqueeze(2)).flatten(1);  // [B, N, 1, 1]
  return {cosines, weights.detach()};
}

}  // namespace

/// Cosine of captions and images mixed for each caption (Llip).
const Scorer& mixture() {
  static const Scorer kScorer{.id = "mixture",
                              .title = "Caption-conditioned mixture",
                              .citation =
                                  "Lavoie et al. 2024, Modeling Caption Diversity in Contrastive Vision-Language "
                                  "Pretraining, arXiv 2405.00740",
                              .images = ImageKind::Tokens,
                              .score = score};
  return kScorer;
}

}  // namespace scorers
}  // namespace lix::nn
