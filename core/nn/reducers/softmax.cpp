#include <ATen/ops/log_softmax.h>

#include "nn/reducers/reducer.h"

namespace lix::nn::reducers {
namespace {

/// Mean of the two cross-entropies, image to text and text to image (InfoNCE).
at::Tensor loss(const at::Tensor& logits) {
  return -0.5 * (at::log_softmax(logits, 1).diagonal().mean() + at::log_softmax(logits, 0).diagonal().mean());
}

}  // namespace

const Reducer& softmax() {
  static const Reducer kReducer{.id = "softmax",
                                .title = "Symmetric softmax (InfoNCE)",
                                .citation = "Radford et al. 2021, arXiv 2103.00020",
                                .loss = loss};
  return kReducer;
}

}  // namespace lix::nn::reducers
