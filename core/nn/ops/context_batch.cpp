#include <ATen/core/grad_mode.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "nn/ops/context_parts.h"

namespace lix::nn {
namespace {

/// The mask touches tiles of the diagonal only.
void hideSelf(at::Tensor& scores, SelfMask mask) {
  if (mask == SelfMask::Diagonal) {
    scores.diagonal().fill_(kernels::kHidden);
  }
}

/// The way back: what tiles read, and what they add to.
struct BatchBack {
  const at::Tensor& images;
  const at::Tensor& upstream;
  UnitRows unit;
  Blocks blocks;
  Queries queries;
  ContextWants wants;
  SelfMask mask;
  double factor;
  at::Tensor slopes, values, alongRows, alongColumns;

  /// A block and itself.
  void diagonal(TilePath path, std::int64_t i, at::Tensor scores, at::Tensor weights) const {
    const at::Tensor units = blocks.of(unit.units, i), dOut = blocks.of(upstream, i);
    scoresOf(scores, units, units, factor);
    hideSelf(scores, mask);
    at::mm_out(weights, dOut, blocks.of(images, i).t());
    contextGradient(path, scores, weights, queries.of(blocks, i), blocks.of(alongRows, i), blocks.of(alongColumns, i));
    if (slopes.defined()) {
      blocks.of(slopes, i).addmm_(scores, units, 1.0, factor).addmm_(scores.t(), units, 1.0, factor);
    }
    if (values.defined()) {
      blocks.of(values, i).addmm_(weights.t(), dOut);
    }
  }

  /// Two blocks, each of which attends to the other.
  void pair(TilePath path, std::int64_t i, std::int64_t j, at::Tensor scores, at::Tensor weights,
            at::Tensor back) const {
    const at::Tensor rows = blocks.of(unit.units, i), columns = blocks.of(unit.units, j);
    const at::Tensor dRows = blocks.of(upstream, i), dColumns = blocks.of(upstream, j);
    scoresOf(scores, rows, columns, factor);
    at::mm_out(weights, dRows, blocks.of(images, j).t());
    at::mm_out(back, blocks.of(images, i), dColumns.t());
    contextGradientBoth(path, scores, weights, back, queries.of(blocks, i), queries.of(blocks, j),
                        blocks.of(alongRows, i), blocks.of(alongColumns, j));
    if (slopes.defined()) {
      blocks.of(slopes, i).addmm_(scores, columns, 1.0, factor);
      blocks.of(slopes, j).addmm_(scores.t(), rows, 1.0, factor);
    }
    if (values.defined()) {
      blocks.of(values, j).addmm_(weights.t(), dRows);
      blocks.of(values, i).addmm_(back, dColumns);
    }
  }
};

}  // namespace

ContextState batchContext(const at::Tensor& images, double tau, SelfMask mask, const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  const auto n = images.size(0);
  const Blocks blocks(n, tiling.edge);
  const Scratch scratch(images, tiling, blocks.edge() * blocks.edge(), 2);
  const UnitRows unit(images);
  const double factor = inverseTemperature(tau, images);
  const Queries queries = Queries::none(images, n);
  at::Tensor vectors = at::zeros_like(images);
  overUnorderedPairs(blocks, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    at::Tensor scores = scratch.tile(worker, 0, blocks.size(i), blocks.size(j));
    at::Tensor rowOut = blocks.of(vectors, i), columnOut = blocks.of(vectors, j);
    scoresOf(scores, blocks.of(unit.units, i), blocks.of(unit.units, j), factor);
    if (i == j) {
      hideSelf(scores, mask);
    } else {
      at::Tensor weights = scratch.tile(worker, 1, blocks.size(i), blocks.size(j));
      weighColumns(tiling.path, scores, weights, queries.of(blocks, j), columnOut);
      columnOut.addmm_(weights.t(), blocks.of(images, i));
    }
    weighRows(tiling.path, scores, queries.of(blocks, i), rowOut);
    rowOut.addmm_(scores, blocks.of(images, j));
  });
  return finishedContext(std::move(vectors), queries);
}

ContextGradients batchContextGradients(const at::Tensor& images, double tau, SelfMask mask, const ContextState& state,
                                       const at::Tensor& upstream, ContextWants wants, const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  BatchBack back{.images = images,
                 .upstream = upstream,
                 .unit = UnitRows(images),
                 .blocks = Blocks(images.size(0), tiling.edge),
                 .queries = finishedQueries(state, upstream),
                 .wants = wants,
                 .mask = mask,
                 .factor = inverseTemperature(tau, images)};
  const auto edge = back.blocks.edge();
  const Scratch scratch(images, tiling, edge * edge, 3);
  back.alongRows = at::zeros({images.size(0)}, images.options().dtype(at::kDouble));
  back.alongColumns = at::zeros_like(back.alongRows);
  if (wants.queries || wants.keys) {
    back.slopes = at::zeros_like(images);
  }
  if (wants.values) {
    back.values = at::zeros_like(images);
  }
  overUnorderedPairs(back.blocks, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    const auto tile = [&](std::int64_t index) {
      return scratch.tile(worker, index, back.blocks.size(i), back.blocks.size(j));
    };
    i == j ? back.diagonal(tiling.path, i, tile(0), tile(1)) : back.pair(tiling.path, i, j, tile(0), tile(1), tile(2));
  });
  const at::Tensor along = back.alongRows + back.alongColumns;
  ContextGradients gradients;
  if (back.slopes.defined()) {
    gradients.buffer = back.unit.gradient(back.slopes, along);
  }
  if (back.values.defined()) {
    gradients.buffer = gradients.buffer.defined() ? gradients.buffer.add_(back.values) : back.values;
  }
  // Every score was counted once for its query and once for its key.
  gradients.tau = along.sum() * (-0.5 / tau);
  return gradients;
}

}  // namespace lix::nn
