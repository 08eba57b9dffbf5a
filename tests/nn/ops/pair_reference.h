#pragma once
#include <ATen/ops/eye.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>

#include "nn/ops/context.h"
#include "nn/ops/unit.h"

/// The objectives as a reader of the papers, or open_clip, writes them: whole N x N matrices, gradients by autograd.
namespace lix::test {

inline at::Tensor composedSigmoid(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale,
                                  const at::Tensor& bias) {
  const auto n = images.size(0);
  const at::Tensor sign = 2.0 * at::eye(n, images.options().requires_grad(false)) - 1.0;
  at::Tensor logits = at::matmul(scale * images, texts.t());
  logits += bias;
  return -at::log_sigmoid(sign * logits).sum() / n;
}

/// Two products of all pairs, as open_clip's ClipLoss makes them.
inline at::Tensor composedSoftmax(const at::Tensor& images, const at::Tensor& texts, const at::Tensor& scale) {
  const at::Tensor byImage = at::matmul(scale * images, texts.t()), byText = at::matmul(scale * texts, images.t());
  return -0.5 * (at::log_softmax(byImage, 1).diagonal().mean() + at::log_softmax(byText, 1).diagonal().mean());
}

/// `hidden` [B, S] bool.
inline at::Tensor composedContext(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& hidden,
                                  const at::Tensor& tau, const nn::ContextOptions& options = {}) {
  at::Tensor scores = at::matmul(nn::unit(queries), nn::unit(buffer).t()) / (tau * std::sqrt(double(buffer.size(1))));
  if (options.uniform) {
    scores = scores * 0.0;
  }
  const at::Tensor weights = at::softmax(scores.masked_fill(hidden, -std::numeric_limits<double>::infinity()), 1);
  return at::matmul(weights, options.detachedValues ? buffer.detach() : buffer);
}

inline at::Tensor diagonalMask(std::int64_t n, bool masked = true) {
  return masked ? at::eye(n, at::kBool) : at::zeros({n, n}, at::kBool);
}

}  // namespace lix::test
