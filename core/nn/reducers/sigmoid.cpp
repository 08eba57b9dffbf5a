#include <ATen/ops/log_sigmoid.h>

#include "nn/ops/mixture_loss.h"
#include "nn/ops/pair_loss.h"
#include "nn/reducers/reducer.h"

namespace lix::nn::reducers {
namespace {

/// L = -(1/N) sum_ij log sigma(y_ij logit_ij), y = +1 on the diagonal and -1 elsewhere (SigLIP eq. 1).
at::Tensor loss(const at::Tensor& logits) {
  // log sigma(x) - log sigma(-x) = x: all pairs as negatives, then the diagonal put right, needs no matrix of signs.
  return -(at::log_sigmoid(-logits).sum() + logits.diagonal().sum()) / logits.size(0);
}

at::Tensor mixture(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias) {
  return mixtureSigmoidLoss(batch, scale, bias);
}

}  // namespace

const Reducer& sigmoid() {
  static const Reducer kReducer{.id = "sigmoid",
                                .title = "Pairwise sigmoid",
                                .citation = "Zhai et al. 2023, arXiv 2303.15343",
                                .loss = loss,
                                .pairs = sigmoidPairLoss,
                                .mixture = mixture};
  return kReducer;
}

}  // namespace lix::nn::reducers
