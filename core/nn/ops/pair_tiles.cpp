#include "nn/ops/pair_tiles.h"

#include <ATen/ops/exp.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/log_sigmoid.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/zeros.h>

#include <limits>

namespace lix::nn {
namespace {

using kernels::Diagonal;

/// Finite, so that a row of nothing else is no NaN; what it adds is gone as soon as anything real comes.
constexpr double kLeftOut = -1e30;

void sigmoidByOperators(at::Tensor& c, Diagonal diagonal, const SigmoidNumbers& numbers, at::Tensor& sums) {
  at::Tensor sign = at::full_like(c, -1.0);
  if (diagonal == Diagonal::TruePairs) {
    sign.diagonal().fill_(1.0);
  }
  const at::Tensor u = sign * (c * numbers.scale + numbers.bias);
  const at::Tensor slope = -sign * at::sigmoid(-u);
  sums.select(0, 0).copy_(-at::log_sigmoid(u).sum(at::kDouble));
  sums.select(0, 1).copy_(slope.sum(at::kDouble));
  sums.select(0, 2).copy_((slope.to(at::kDouble) * c).sum());
  c.copy_(slope * numbers.gain);
}

/// Rows of x, or its columns where x is given transposed.
void addByOperators(const at::Tensor& x, SoftmaxSums& sums) {
  const at::Tensor max = at::maximum(sums.max, x.amax(1));
  const at::Tensor moved = sums.sum * at::exp(sums.max.to(at::kDouble) - max.to(at::kDouble));
  sums.sum.copy_(moved + at::exp(x - max.unsqueeze(1)).sum(1, false, at::kDouble));
  sums.max.copy_(max);
}

void softmaxByOperators(at::Tensor& c, Diagonal diagonal, double scale, double gain, const SoftmaxSums& rows,
                        const SoftmaxSums& columns, at::Tensor& slopeCosine) {
  const at::Tensor x = c * scale;
  at::Tensor byRow = at::exp(x - rows.max.unsqueeze(1)) * rows.inverse.unsqueeze(1);
  const at::Tensor byColumn = at::exp(x - columns.max) * columns.inverse;
  slopeCosine.copy_((byRow * (c - rows.truePair.unsqueeze(1))).sum(at::kDouble) +
                    (byColumn * (c - columns.truePair)).sum(at::kDouble));
  byRow += byColumn;
  if (diagonal == Diagonal::TruePairs) {
    byRow.diagonal().copy_(-(rows.others + columns.others));
  }
  c.copy_(byRow * gain);
}

template <class T>
kernels::RunningSums<T> running(const SoftmaxSums& sums) {
  return {sums.max.data_ptr<T>(), sums.sum.data_ptr<double>()};
}

template <class T>
kernels::FinishedSums<T> finished(const SoftmaxSums& sums) {
  return {sums.max.data_ptr<T>(), sums.inverse.data_ptr<T>(), sums.truePair.data_ptr<T>(), sums.others.data_ptr<T>()};
}

}  // namespace

SoftmaxSums SoftmaxSums::none(const at::Tensor& like, const at::Tensor& truePair) {
  const auto n = truePair.size(0);
  return {at::full({n}, -std::numeric_limits<double>::infinity(), like.options()),
          at::zeros({n}, like.options().dtype(at::kDouble)),
          truePair,
          {},
          {}};
}

SoftmaxSums SoftmaxSums::of(const Blocks& blocks, std::int64_t block) const {
  const auto part = [&](const at::Tensor& all) { return all.defined() ? blocks.of(all, block) : at::Tensor(); };
  return {part(max), part(sum), part(truePair), part(inverse), part(others)};
}

at::Tensor SoftmaxSums::finish(double scale) {
  const at::Tensor truth = truePair.to(at::kDouble) * scale, before = max.to(at::kDouble);
  max = at::maximum(max, truth.to(max.scalar_type()));
  const at::Tensor top = max.to(at::kDouble), beside = sum * at::exp(before - top);
  sum = beside + at::exp(truth - top);
  inverse = sum.reciprocal().to(max.scalar_type());
  others = (beside / sum).to(max.scalar_type());
  return ((top - truth) + sum.log()).sum();
}

void sigmoidTile(TilePath path, at::Tensor& cosines, Diagonal diagonal, const SigmoidNumbers& numbers,
                 at::Tensor sums) {
  if (path == TilePath::Operators) {
    return sigmoidByOperators(cosines, diagonal, numbers, sums);
  }
  byType(cosines, [&](auto zero) {
    using T = decltype(zero);
    const auto found = kernels::sigmoidTile(cosines.data_ptr<T>(), cosines.size(0), cosines.size(1), diagonal,
                                            T(numbers.scale), T(numbers.bias), T(numbers.gain));
    double* const out = sums.data_ptr<double>();
    out[0] = found.loss;
    out[1] = found.slope;
    out[2] = found.slopeCosine;
  });
}

void addToSums(TilePath path, at::Tensor& cosines, Diagonal diagonal, double scale, SoftmaxSums ofRows,
               SoftmaxSums ofColumns) {
  if (path == TilePath::Operators) {
    at::Tensor x = cosines * scale;
    if (diagonal == Diagonal::TruePairs) {
      x.diagonal().fill_(kLeftOut);
    }
    addByOperators(x, ofRows);
    return addByOperators(x.t(), ofColumns);
  }
  byType(cosines, [&](auto zero) {
    using T = decltype(zero);
    kernels::addToSums(cosines.data_ptr<T>(), cosines.size(0), cosines.size(1), diagonal, T(scale), running<T>(ofRows),
                       running<T>(ofColumns));
  });
}

void softmaxTile(TilePath path, at::Tensor& cosines, Diagonal diagonal, double scale, double gain,
                 const SoftmaxSums& ofRows, const SoftmaxSums& ofColumns, at::Tensor slopeCosine) {
  if (path == TilePath::Operators) {
    return softmaxByOperators(cosines, diagonal, scale, gain, ofRows, ofColumns, slopeCosine);
  }
  byType(cosines, [&](auto zero) {
    using T = decltype(zero);
    *slopeCosine.data_ptr<double>() =
        kernels::softmaxTile(cosines.data_ptr<T>(), cosines.size(0), cosines.size(1), diagonal, T(scale), T(gain),
                             finished<T>(ofRows), finished<T>(ofColumns));
  });
}

}  // namespace lix::nn
