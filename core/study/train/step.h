#pragma once
#include <ATen/core/TensorBody.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "nn/features.h"
#include "nn/model.h"
#include "nn/recipe.h"
#include "ranks/ranks.h"

namespace lix::study {

/// Where the numbers of a step stop being finite.
enum class Finite { All, Features, Loss, Gradient };

/// What a batch says of the weights.
struct BatchLoss {
  std::map<std::string, double> series;   ///< as nn::Loss has it; empty where features are not finite
  Finite broken = Finite::All;            ///< what was not finite first; gradients are only there for All
  std::vector<std::int64_t> badPictures;  ///< rows of the batch whose picture's features are not finite
  std::vector<std::int64_t> badCaptions;  ///< and whose caption's are not
};

/// Sees the features of the whole batch, without a graph, before the loss is taken; only finite ones.
using FeaturesSeen = std::function<void(const nn::Encoded&)>;

/// Loss of a batch; its gradients are left in the parameters that want them. `pixels` [N, 3, S, S], `ids` [N, L].
///
/// With `microBatch` < N by gradient caching (Gao et al. 2021, arXiv 2101.06983): all are encoded in micro-batches
/// without a graph, the loss of the whole batch gives the gradients of the features, and each micro-batch is encoded
/// again, with a graph, to carry them to the weights. Activations of one micro-batch are held at a time, for one
/// forward pass more. The encoders draw nothing at random, so the gradients are those of the whole batch up to
/// rounding, for every objective. A side whose weights are all locked is encoded once.
///
/// With `ranks` every process gives its own rows of the batch, the same number everywhere. Features are gathered from all
/// of them, each computes the loss of the whole batch from them, carries the gradients of its own rows to the weights,
/// and these are summed over all while the next tower is still at work: loss and gradients, everywhere the same, are
/// those of one process with the whole batch, for every objective. Rows in what is returned, and what `seen` sees, are
/// of the whole batch. Fails only where a rank is lost.
Result<BatchLoss> lossAndGradients(const nn::Model& model, const nn::Recipe& recipe, const at::Tensor& pixels,
                                   const at::Tensor& ids, std::int64_t microBatch, const FeaturesSeen& seen = {},
                                   Ranks* ranks = nullptr);

}  // namespace lix::study
