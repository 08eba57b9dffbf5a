#pragma once
#include "nn/ops/tensor.h"

#include <map>
#include <string>

#include "nn/features.h"
#include "nn/model.h"
#include "nn/recipe.h"

namespace lix::nn {

/// A recipe's loss of one batch.
struct Loss {
  at::Tensor total;                      ///< scalar, with gradient
  std::map<std::string, double> series;  ///< each term by scorer, temperatures, scales, effective neighbours
};

/// Adds the recipe's scalars that the model does not have yet (fresh tau_ctx, second scale and bias after a plain
/// pretraining), as fp32 tensors of one element ([1] for SigLIP's own, as in its files; else []).
void addScalars(Model& model, const Recipe& recipe);

/// Encodes a batch: pixels [N, 3, S, S] and token ids [N, L].
Encoded encodeBatch(const Model& model, const at::Tensor& pixels, const at::Tensor& ids);

/// sum_t weight_t reducer_t(exp(scale_t) scorer_t(batch) + bias_t), image i and caption i being a pair.
Loss loss(const Model& model, const Recipe& recipe, const Encoded& batch);

/// Sets the fresh ln(tau_ctx) of a context term so that this batch's effective neighbours are `share` of the others.
void startTemperature(Model& model, const Recipe& recipe, const Encoded& batch, double share);

}  // namespace lix::nn
