#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "nn/ops/context_parts.h"

namespace lix::nn {
namespace {

/// Hides the one key of each query that is itself, where it lies in this tile; `first` is the tile's first key.
void hideSelf(TilePath path, at::Tensor& scores, const at::Tensor& self, std::int64_t first) {
  if (path == TilePath::Operators) {
    const at::Tensor keys = at::arange(first, first + scores.size(1), self.options());
    scores.masked_fill_(keys == self.unsqueeze(1), kernels::kHidden);
    return;
  }
  byType(scores, [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t r = 0; r < scores.size(0); ++r) {
      const auto key = self.data_ptr<std::int64_t>()[r] - first;
      if (key >= 0 && key < scores.size(1)) {
        scores.data_ptr<T>()[r * scores.size(1) + key] = T(kernels::kHidden);
      }
    }
  });
}

}  // namespace

ContextState bufferContext(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self, double tau,
                           const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  const Blocks rows(queries.size(0), tiling.edge), columns(buffer.size(0), tiling.edge);
  const Scratch scratch(queries, tiling, rows.edge() * columns.edge(), 1);
  const UnitRows asked(queries), keys(buffer);
  const double factor = inverseTemperature(tau, queries);
  const Queries state = Queries::none(queries, queries.size(0));
  at::Tensor vectors = at::zeros_like(queries);
  overGrid(rows, columns, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    at::Tensor scores = scratch.tile(worker, 0, rows.size(i), columns.size(j));
    scoresOf(scores, rows.of(asked.units, i), columns.of(keys.units, j), factor);
    if (self.defined()) {
      hideSelf(tiling.path, scores, rows.of(self, i), columns.start(j));
    }
    at::Tensor out = rows.of(vectors, i);
    weighRows(tiling.path, scores, state.of(rows, i), out);
    out.addmm_(scores, columns.of(buffer, j));
  });
  return finishedContext(std::move(vectors), state);
}

ContextGradients bufferContextGradients(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self,
                                        double tau, const ContextState& state, const at::Tensor& upstream,
                                        ContextWants wants, const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  const Blocks rows(queries.size(0), tiling.edge), columns(buffer.size(0), tiling.edge);
  const Scratch scratch(queries, tiling, rows.edge() * columns.edge(), 2);
  const UnitRows asked(queries), keys(buffer);
  const double factor = inverseTemperature(tau, queries);
  const Queries finished = finishedQueries(state, upstream);
  const auto exact = queries.options().dtype(at::kDouble);
  const at::Tensor alongQueries = at::zeros({queries.size(0)}, exact), alongKeys = at::zeros({buffer.size(0)}, exact);
  const auto room = [](bool wanted, const at::Tensor& like) { return wanted ? at::zeros_like(like) : at::Tensor(); };
  const at::Tensor dQueries = room(wants.queries, queries), dKeys = room(wants.keys, buffer);
  const at::Tensor dValues = room(wants.values, buffer);
  overGrid(rows, columns, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    at::Tensor scores = scratch.tile(worker, 0, rows.size(i), columns.size(j));
    at::Tensor weights = scratch.tile(worker, 1, rows.size(i), columns.size(j));
    const at::Tensor q = rows.of(asked.units, i), k = columns.of(keys.units, j), dOut = rows.of(upstream, i);
    scoresOf(scores, q, k, factor);
    if (self.defined()) {
      hideSelf(tiling.path, scores, rows.of(self, i), columns.start(j));
    }
    at::mm_out(weights, dOut, columns.of(buffer, j).t());
    contextGradient(tiling.path, scores, weights, finished.of(rows, i), rows.of(alongQueries, i),
                    columns.of(alongKeys, j));
    if (wants.queries) {
      rows.of(dQueries, i).addmm_(scores, k, 1.0, factor);
    }
    if (wants.keys) {
      columns.of(dKeys, j).addmm_(scores.t(), q, 1.0, factor);
    }
    if (wants.values) {
      columns.of(dValues, j).addmm_(weights.t(), dOut);
    }
  });
  ContextGradients gradients{.tau = alongQueries.sum() * (-1.0 / tau)};
  if (wants.queries) {
    gradients.queries = asked.gradient(dQueries, alongQueries);
  }
  if (wants.keys) {
    gradients.buffer = keys.gradient(dKeys, alongKeys);
  }
  if (wants.values) {
    gradients.buffer = gradients.buffer.defined() ? gradients.buffer.add_(dValues) : dValues;
  }
  return gradients;
}

}  // namespace lix::nn
