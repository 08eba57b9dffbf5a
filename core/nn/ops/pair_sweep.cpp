#include "nn/ops/pair_sweep.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "nn/ops/pair_tiles.h"

namespace lix::nn {
namespace {

using kernels::Diagonal;

Diagonal diagonalOf(std::int64_t i, std::int64_t j) { return i == j ? Diagonal::TruePairs : Diagonal::Outside; }

/// One tile of a sweep: its cosines, and where the gradients made of them go.
struct PairTile {
  at::Tensor images, texts, cosines;

  void spread(PairSweep& sweep, const Blocks& blocks, std::int64_t i, std::int64_t j) const {
    if (sweep.images.defined()) {
      blocks.of(sweep.images, i).addmm_(cosines, texts);
    }
    if (sweep.texts.defined()) {
      blocks.of(sweep.texts, j).addmm_(cosines.t(), images);
    }
  }
};

class PairTiles {
 public:
  PairTiles(const at::Tensor& images, const at::Tensor& texts, const Tiling& tiling)
      : images_(images),
        texts_(texts),
        blocks_(images.size(0), tiling.edge),
        scratch_(images, tiling, blocks_.edge() * blocks_.edge(), 1) {}

  const Blocks& blocks() const { return blocks_; }
  PairTile tile(std::int64_t i, std::int64_t j, std::int64_t worker) const {
    PairTile tile{blocks_.of(images_, i), blocks_.of(texts_, j),
                  scratch_.tile(worker, 0, blocks_.size(i), blocks_.size(j))};
    at::mm_out(tile.cosines, tile.images, tile.texts.t());
    return tile;
  }

 private:
  at::Tensor images_, texts_;
  Blocks blocks_;
  Scratch scratch_;
};

PairSweep gradientsFor(const at::Tensor& images, const at::Tensor& texts, PairWants wants) {
  PairSweep sweep;
  if (wants.images) {
    sweep.images = at::zeros_like(images);
  }
  if (wants.texts) {
    sweep.texts = at::zeros_like(texts);
  }
  return sweep;
}

}  // namespace

PairSweep sigmoidSweep(const at::Tensor& images, const at::Tensor& texts, double scale, double bias, PairWants wants,
                       const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  const PairTiles tiles(images, texts, tiling);
  const Blocks& blocks = tiles.blocks();
  const auto n = static_cast<double>(images.size(0));
  PairSweep sweep = gradientsFor(images, texts, wants);
  const at::Tensor sums = at::zeros({blocks.count() * blocks.count(), 3}, images.options().dtype(at::kDouble));
  overGrid(blocks, blocks, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    PairTile tile = tiles.tile(i, j, worker);
    sigmoidTile(tiling.path, tile.cosines, diagonalOf(i, j), {scale, bias, scale / n},
                sums.select(0, i * blocks.count() + j));
    tile.spread(sweep, blocks, i, j);
  });
  const at::Tensor total = sums.sum(0) / n;
  sweep.loss = total.select(0, 0);
  sweep.bias = total.select(0, 1);
  sweep.scale = total.select(0, 2);
  return sweep;
}

PairSweep softmaxSweep(const at::Tensor& images, const at::Tensor& texts, double scale, PairWants wants,
                       const Tiling& tiling) {
  const at::NoGradGuard noGrad;
  const PairTiles tiles(images, texts, tiling);
  const Blocks& blocks = tiles.blocks();
  const auto n = images.size(0);
  if (images.scalar_type() == at::kFloat) {
    scale = static_cast<float>(scale);
  }
  const at::Tensor truePair = at::empty({n}, images.options());
  SoftmaxSums rows = SoftmaxSums::none(images, truePair), columns = SoftmaxSums::none(images, truePair);
  overGrid(blocks, blocks, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    PairTile tile = tiles.tile(i, j, worker);
    if (i == j) {
      blocks.of(truePair, i).copy_(tile.cosines.diagonal());
    }
    addToSums(tiling.path, tile.cosines, diagonalOf(i, j), scale, rows.of(blocks, i), columns.of(blocks, j));
  });
  PairSweep sweep = gradientsFor(images, texts, wants);
  const double share = 0.5 / static_cast<double>(n);
  sweep.loss = (rows.finish(scale) + columns.finish(scale)) * share;
  if (!wants.images && !wants.texts && !wants.scalars) {
    return sweep;
  }
  const at::Tensor sums = at::zeros({blocks.count() * blocks.count()}, rows.sum.options());
  overGrid(blocks, blocks, tiling.path, [&](std::int64_t i, std::int64_t j, std::int64_t worker) {
    PairTile tile = tiles.tile(i, j, worker);
    softmaxTile(tiling.path, tile.cosines, diagonalOf(i, j), scale, scale * share, rows.of(blocks, i),
                columns.of(blocks, j), sums.select(0, i * blocks.count() + j));
    tile.spread(sweep, blocks, i, j);
  });
  sweep.scale = sums.sum() * share;
  return sweep;
}

}  // namespace lix::nn
