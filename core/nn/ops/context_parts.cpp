#include "nn/ops/context_parts.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/mm.h>

namespace lix::nn {

namespace {
constexpr double kLeastNorm = 1e-12;
}

UnitRows::UnitRows(const at::Tensor& rows) : norms(rows.norm(2, {-1}, true).clamp_min_(kLeastNorm)) {
  units = rows / norms;
}

at::Tensor UnitRows::gradient(const at::Tensor& slopes, const at::Tensor& along) const {
  // A row shorter than the floor is divided by a constant: nothing to take away.
  const at::Tensor taken = along.to(units.scalar_type()).unsqueeze(1) * (norms > kLeastNorm);
  return (slopes - units * taken).div_(norms);
}

void scoresOf(at::Tensor& tile, const at::Tensor& a, const at::Tensor& b, double factor) {
  at::addmm_out(tile, tile, a, b.t(), 0.0, factor);
}

ContextState finishedContext(at::Tensor vectors, const Queries& queries) {
  ContextState state{.vectors = std::move(vectors),
                     .max = queries.max,
                     .inverse = queries.sum.reciprocal().to(queries.max.scalar_type())};
  state.vectors.mul_(state.inverse.unsqueeze(1));
  const at::Tensor entropy = queries.sum.log() - queries.moment / queries.sum;
  state.effectiveNeighbours = at::exp(entropy).mean().item<double>();
  return state;
}

Queries finishedQueries(const ContextState& state, const at::Tensor& upstream) {
  return {.max = state.max, .inverse = state.inverse, .delta = (upstream * state.vectors).sum(1)};
}

}  // namespace lix::nn
