#pragma once
#include <ATen/ops/empty.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "nn/ops/mixture_loss.h"
#include "nn/ops/unit.h"

namespace lix::test {

/// Llip's cosines as its equations say, every z_ij formed: [B, N].
inline at::Tensor composedCosines(const nn::MixtureBatch& b) {
  const at::Tensor weights = at::softmax(at::matmul(b.keys, b.query.permute({1, 2, 0})) / b.tau, 2);
  const at::Tensor mixed = at::matmul(weights.transpose(2, 3), b.values);
  const at::Tensor z = at::matmul(mixed.transpose(1, 2).flatten(2), b.outProj);
  return at::matmul(nn::unit(z).unsqueeze(2), b.texts.unsqueeze(2)).flatten(1);
}

inline at::Tensor composedLoss(const nn::MixtureBatch& batch, const at::Tensor& scale, const at::Tensor& bias) {
  const at::Tensor logits = composedCosines(batch) * scale + bias;
  return -(at::log_sigmoid(-logits).sum() + logits.diagonal().sum()) / logits.size(0);
}

/// The seven inputs of the loss, drawn from normals, and their gradients after `backward`.
struct MixtureCase {
  nn::MixtureBatch batch;
  at::Tensor scale, bias;

  std::array<at::Tensor*, 7> all() {
    return {&batch.keys, &batch.values, &batch.query, &batch.texts, &batch.outProj, &scale, &bias};
  }
  void requireGradients() {
    for (at::Tensor* tensor : all()) *tensor = tensor->detach().clone().set_requires_grad(true);
  }
  std::vector<at::Tensor> gradientsOf(const at::Tensor& loss) {
    loss.backward();
    std::vector<at::Tensor> gradients;
    for (at::Tensor* tensor : all()) gradients.push_back(tensor->grad().clone());
    return gradients;
  }
  MixtureCase to(at::ScalarType type) const {
    MixtureCase other = *this;
    for (at::Tensor* tensor : other.all()) *tensor = tensor->detach().to(type, false, true);
    return other;
  }
};

struct MixtureSizes {
  std::int64_t images = 0, texts = 0, heads = 0, tokens = 0, headWidth = 0;
};

inline MixtureCase mixtureCase(const MixtureSizes& sizes, std::uint64_t seed, double tau = 0.7) {
  Random random(seed, 7);
  const auto draw = [&](at::IntArrayRef shape, double by) {
    at::Tensor tensor = at::empty(shape, at::kDouble);
    std::generate_n(tensor.data_ptr<double>(), tensor.numel(), [&] { return random.normal() * by; });
    return tensor;
  };
  const auto width = sizes.heads * sizes.headWidth;
  MixtureCase made;
  made.batch.keys = draw({sizes.images, sizes.heads, sizes.tokens, sizes.headWidth}, 1);
  made.batch.values = draw({sizes.images, sizes.heads, sizes.tokens, sizes.headWidth}, 1);
  made.batch.query = draw({sizes.texts, sizes.heads, sizes.headWidth}, 1);
  made.batch.texts = nn::unit(draw({sizes.texts, width}, 1));
  made.batch.outProj = draw({width, width}, 1 / std::sqrt(double(width)));
  made.batch.tau = tau;
  made.scale = draw({}, 0).fill_(10);
  made.bias = draw({}, 0).fill_(-3);
  return made;
}

}  // namespace lix::test
