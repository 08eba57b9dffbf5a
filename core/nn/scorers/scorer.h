#pragma once
#include "nn/ops/tensor.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "nn/features.h"
#include "nn/ops/context_options.h"

namespace lix::nn {

/// What a scorer may need beside the batch.
struct ScorerInput {
  const Encoded& batch;
  at::Tensor logTemperature = {};  ///< scalar, where the scorer learns one (context: ln tau_ctx)
  ContextOptions context = {};     ///< of a scorer that attends to other images
  bool raw = false;                ///< its vectors are not normalised
};

/// Similarities of images and captions.
struct Scores {
  at::Tensor cosines;  ///< [B, N] in [-1, 1], but where vectors stay raw
  at::Tensor weights;  ///< what was attended, if anything: context [B, B], mixture [B, M, K, N]
};

/// What meets the captions' unit vectors, where an image does so with one vector whatever the caption.
struct ScorerVectors {
  at::Tensor images;                         ///< [B, D], unit but where they stay raw
  std::optional<double> effectiveNeighbours; ///< of a context
};

enum class ImageKind { Vector, Tokens };

/// A way to compare a batch of images with a batch of captions. `score` makes all similarities, by operators whose
/// gradients autograd finds; `vectors`, where there is one, makes what a reducer's one-pass loss takes instead.
struct Scorer {
  std::string id;
  std::string title;
  std::string citation;
  ImageKind images = ImageKind::Vector;
  bool learnsTemperature = false;
  int leastBatch = 1;  ///< with fewer images the term is left out (context needs another image)
  Scores (*score)(const ScorerInput& input) = nullptr;
  ScorerVectors (*vectors)(const ScorerInput& input) = nullptr;  ///< none of a scorer of token sets
};

namespace scorers {
std::span<const Scorer* const> table();
}
Result<const Scorer*> findScorer(std::string_view id);

/// Context weights of unit embeddings [B, d]: softmax_j(x_i.x_j / (tau sqrt(d))), the diagonal zero by construction
/// where masked. LIxP (arXiv 2411.15099). B >= 2.
at::Tensor contextWeights(const at::Tensor& unitImages, const at::Tensor& tau, const ContextOptions& options = {});

/// Mean over rows of exp(entropy): how many images a row of weights [B, B] effectively attends to.
double effectiveNeighbours(const at::Tensor& weights);

/// Mixture weights [B, M, K, N] of keys [B, M, K, D/M] and queries [N, M, D/M]: softmax over the K tokens of q.k / tau.
at::Tensor mixtureWeights(const at::Tensor& keys, const at::Tensor& query, double tau);

}  // namespace lix::nn
