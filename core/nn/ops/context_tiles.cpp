#include "nn/ops/context_tiles.h"

#include <ATen/ops/exp.h>
#include <ATen/ops/full.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <limits>

namespace lix::nn {
namespace {

/// Queries along the rows of `scores` (transposed views serve the columns); the weights are returned.
at::Tensor weighByOperators(const at::Tensor& scores, Queries& q, at::Tensor& output) {
  const at::Tensor max = at::maximum(q.max, scores.amax(1));
  const at::Tensor shift = q.max.to(at::kDouble) - max.to(at::kDouble);
  const at::Tensor factor = at::exp(shift);
  const at::Tensor shifted = scores - max.unsqueeze(1);
  const at::Tensor weights = at::exp(shifted);
  // A sum of 0 has seen nothing yet, and its shift is infinite.
  q.moment.copy_(at::where(q.sum == 0.0, 0.0, factor * (q.moment + q.sum * shift)) +
                 (weights * shifted.clamp_min(-1e4)).sum(1, false, at::kDouble));
  q.sum.copy_(q.sum * factor + weights.sum(1, false, at::kDouble));
  q.max.copy_(max);
  output.mul_(factor.to(output.scalar_type()).unsqueeze(1));
  return weights;
}

void gradientByOperators(at::Tensor& scores, at::Tensor& slopes, const Queries& q, at::Tensor& byRow,
                         at::Tensor& byColumn) {
  const at::Tensor weights = at::exp(scores - q.max.unsqueeze(1)) * q.inverse.unsqueeze(1);
  const at::Tensor gradient = weights * (slopes - q.delta.unsqueeze(1));
  const at::Tensor products = (gradient * scores).to(at::kDouble);
  byRow += products.sum(1);
  byColumn += products.sum(0);
  slopes.copy_(weights);
  scores.copy_(gradient);
}

template <class T>
kernels::QueryState<T> state(const Queries& q) {
  return {q.max.data_ptr<T>(), q.sum.data_ptr<double>(), q.moment.data_ptr<double>(), q.rescale.data_ptr<T>()};
}

template <class T>
kernels::FinishedQueries<T> finished(const Queries& q) {
  return {q.max.data_ptr<T>(), q.inverse.data_ptr<T>(), q.delta.data_ptr<T>()};
}

}  // namespace

Queries Queries::none(const at::Tensor& like, std::int64_t count) {
  const auto exact = like.options().dtype(at::kDouble);
  return {at::full({count}, -std::numeric_limits<double>::infinity(), like.options()),
          at::zeros({count}, exact),
          at::zeros({count}, exact),
          at::ones({count}, like.options()),
          {},
          {}};
}

Queries Queries::of(const Blocks& blocks, std::int64_t block) const {
  const auto part = [&](const at::Tensor& all) { return all.defined() ? blocks.of(all, block) : at::Tensor(); };
  return {part(max), part(sum), part(moment), part(rescale), part(inverse), part(delta)};
}

void weighRows(TilePath path, at::Tensor& scores, Queries queries, at::Tensor output) {
  if (path == TilePath::Operators) {
    scores.copy_(weighByOperators(scores, queries, output));
    return;
  }
  byType(scores, [&](auto zero) {
    using T = decltype(zero);
    if (kernels::weighRows(scores.data_ptr<T>(), scores.size(0), scores.size(1), state<T>(queries))) {
      output.mul_(queries.rescale.unsqueeze(1));
    }
  });
}

void weighColumns(TilePath path, const at::Tensor& scores, at::Tensor& weights, Queries queries, at::Tensor output) {
  if (path == TilePath::Operators) {
    weights.copy_(weighByOperators(scores.t(), queries, output).t());
    return;
  }
  byType(scores, [&](auto zero) {
    using T = decltype(zero);
    if (kernels::weighColumns(scores.data_ptr<T>(), weights.data_ptr<T>(), scores.size(0), scores.size(1),
                              state<T>(queries))) {
      output.mul_(queries.rescale.unsqueeze(1));
    }
  });
}

void contextGradient(TilePath path, at::Tensor& scores, at::Tensor& slopes, const Queries& ofRows, at::Tensor byRow,
                     at::Tensor byColumn) {
  if (path == TilePath::Operators) {
    return gradientByOperators(scores, slopes, ofRows, byRow, byColumn);
  }
  byType(scores, [&](auto zero) {
    using T = decltype(zero);
    kernels::contextGradient(scores.data_ptr<T>(), slopes.data_ptr<T>(), scores.size(0), scores.size(1),
                             finished<T>(ofRows), byRow.data_ptr<double>(), byColumn.data_ptr<double>());
  });
}

void contextGradientBoth(TilePath path, at::Tensor& scores, at::Tensor& slopes, at::Tensor& backSlopes,
                         const Queries& ofRows, const Queries& ofColumns, at::Tensor byRow, at::Tensor byColumn) {
  if (path == TilePath::Operators) {
    at::Tensor back = scores.t().clone(), backView = backSlopes.t();
    gradientByOperators(scores, slopes, ofRows, byRow, byColumn);
    gradientByOperators(back, backView, ofColumns, byColumn, byRow);
    scores += back.t();
    return;
  }
  byType(scores, [&](auto zero) {
    using T = decltype(zero);
    kernels::contextGradientBoth(scores.data_ptr<T>(), slopes.data_ptr<T>(), backSlopes.data_ptr<T>(), scores.size(0),
                                 scores.size(1), finished<T>(ofRows), finished<T>(ofColumns), byRow.data_ptr<double>(),
                                 byColumn.data_ptr<double>());
  });
}

}  // namespace lix::nn
