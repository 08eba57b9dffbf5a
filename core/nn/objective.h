#pragma once
#include "nn/ops/tensor.h"

#include <map>
#include <string>

#include "nn/features.h"
#include "nn/model.h"
#include "nn/recipe.h"

namespace lix::nn {

/// A recipe's loss of one batch. Series, T being the scorer of a term ("dot", "context", "mixture"):
/// "loss"; "loss.T" unweighted; "scale.T" what multiplies the cosines; "bias.T"; "tau_ctx" and "effective_neighbours" of
/// a context; of a mixture "mixture_entropy" (mean entropy of the weights over images, captions and heads as a share of
/// ln K, left out for K = 1) and "dead_tokens" (share of the tokens whose mean weight is below 1 / (10 K) in every
/// head), both over the first 32 images and captions.
struct Loss {
  at::Tensor total;  ///< scalar, with gradient
  std::map<std::string, double> series;
};

/// How a loss is computed: in one pass where scorer and reducer have it (a mixture under a softmax has not), or by
/// autograd through all N x N similarities, which is the reference. Both give the same numbers but for rounding.
enum class LossForm { OnePass, Composed };

/// Adds the recipe's scalars that the model does not have yet (fresh tau_ctx, second scale and bias after a plain
/// pretraining), as fp32 tensors of one element ([1] for SigLIP's own, as in its files; else []).
void addScalars(Model& model, const Recipe& recipe);

/// Encodes a batch: pixels [N, 3, S, S] and token ids [N, L].
Encoded encodeBatch(const Model& model, const at::Tensor& pixels, const at::Tensor& ids);

/// sum_t weight_t reducer_t(exp(scale_t) scorer_t(batch) + bias_t), image i and caption i being a pair. A context term
/// needs two images; with one it is left out.
Loss loss(const Model& model, const Recipe& recipe, const Encoded& batch, LossForm form = LossForm::OnePass);

/// Sets the fresh ln(tau_ctx) of a context term so that this batch's effective neighbours are `share` of what an image
/// may see, to a thousandth of ln(tau_ctx). A uniform context has no such temperature.
void startTemperature(Model& model, const Recipe& recipe, const Encoded& batch, double share);

}  // namespace lix::nn
