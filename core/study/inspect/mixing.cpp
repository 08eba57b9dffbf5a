#include "study/inspect/mixing.h"

#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <limits>
#include <vector>

#include "nn/ops/tensor.h"
#include "nn/ops/unit.h"

namespace lix::study {
namespace {

at::Tensor indices(const std::vector<std::size_t>& chosen) {
  return at::tensor(std::vector<std::int64_t>(chosen.begin(), chosen.end()), at::kLong);
}

}  // namespace

Mixed mix(const nn::MixtureFeatures& picture, const at::Tensor& query, const at::Tensor& outProj, double tau,
          const InspectSettings& settings) {
  at::Tensor scores = at::matmul(query.transpose(0, 1), picture.keys[0].transpose(1, 2)) / tau;  // [M, N, T]
  if (!settings.withoutTokens.empty()) {
    scores.index_fill_(2, indices(settings.withoutTokens), -std::numeric_limits<float>::infinity());
  }
  const at::Tensor weights = at::softmax(scores, 2);
  at::Tensor parts = at::matmul(weights, picture.values[0]);  // [M, N, D/M]
  if (!settings.heads.empty()) {
    at::Tensor counts = at::zeros({parts.size(0), 1, 1}, parts.options());
    parts = parts * counts.index_fill_(0, indices(settings.heads), 1.0);
  }
  return {weights.transpose(0, 1), at::matmul(parts.transpose(0, 1).flatten(1), outProj)};
}

at::Tensor cosineDistances(const at::Tensor& rows) {
  const at::Tensor units = nn::unit(rows.to(at::kDouble));
  const at::Tensor cosines = at::matmul(units, units.t());
  return (1.0 - 0.5 * (cosines + cosines.t())).clamp_min_(0.0).fill_diagonal_(0.0);
}

}  // namespace lix::study
