#pragma once
#include "nn/ops/tensor.h"

#include <span>
#include <string>

#include "base/result.h"

namespace lix::nn {

struct MixtureBatch;

/// Turns N x N logits, whose diagonal holds the true pairs, into a scalar loss. The one-pass forms give the same from
/// what the logits are made of, with nothing of size N x N kept (nn/ops/pair_loss.h, mixture_loss.h).
struct Reducer {
  std::string id;
  std::string title;
  std::string citation;
  at::Tensor (*loss)(const at::Tensor& logits) = nullptr;
  /// Of image vectors and captions' unit vectors [N, D], scale (no logarithm) and bias, both scalars.
  at::Tensor (*pairs)(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale,
                      const at::Tensor& bias) = nullptr;
  /// Of Llip's token sets; none where only the composed form is there.
  at::Tensor (*mixture)(const MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias) = nullptr;
};

namespace reducers {
std::span<const Reducer* const> table();
}
Result<const Reducer*> findReducer(std::string_view id);

}  // namespace lix::nn
