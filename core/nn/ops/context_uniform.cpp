#include "nn/ops/context_uniform.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/nan_to_num.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include "nn/ops/tiles.h"

namespace lix::nn {
namespace {

/// Row i: the sum of the rows before i.
at::Tensor sumsBefore(const at::Tensor& rows) {
  const auto n = rows.size(0);
  return at::cat({at::zeros_like(rows.narrow(0, 0, 1)), rows.narrow(0, 0, n - 1).cumsum(0)});
}

}  // namespace

Context uniformContext(const at::Tensor& buffer, const at::Tensor& self, const at::Tensor& tau) {
  const at::Tensor rows = buffer.to(accumulationType(buffer, buffer));
  const auto count = static_cast<double>(rows.size(0));
  const at::Tensor hidden = (self >= 0).unsqueeze(1);
  const at::Tensor others = sumsBefore(rows) + sumsBefore(rows.flip(0)).flip(0);
  const at::Tensor vectors = at::where(hidden, others.index_select(0, self.clamp_min(0)) / std::max(1.0, count - 1.0),
                                       (rows.sum(0) / count).unsqueeze(0));
  const double effective = count - hidden.to(at::kDouble).mean().item<double>();
  // The temperature takes part with the gradient 0, so that every parameter of an arm has one.
  return {(vectors + (at::nan_to_num(tau) * 0.0).reshape({})).to(buffer.scalar_type()), effective};
}

}  // namespace lix::nn
