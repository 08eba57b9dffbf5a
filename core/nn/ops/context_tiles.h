#pragma once
#include "kernels/context_tile.h"
#include "nn/ops/tiles.h"

/// Inside of the context: kernels/context_tile.h on tensors, and the same by ATen's operators.
namespace lix::nn {

/// What is known of queries [n] while the tiles of their keys go by, and after.
struct Queries {
  at::Tensor max;      ///< of the scores
  at::Tensor sum;      ///< double, Z = sum e^(s - max)
  at::Tensor moment;   ///< double, sum e^(s - max) (s - max)
  at::Tensor rescale;  ///< what the last tile did to the output before it
  at::Tensor inverse;  ///< 1 / Z, once all tiles were seen
  at::Tensor delta;    ///< dO . O, for the way back

  static Queries none(const at::Tensor& like, std::int64_t count);
  Queries of(const Blocks& blocks, std::int64_t block) const;
};

/// Rows of the tile are queries: s becomes e^(s - max), and `output` [rows, D] so far is rescaled.
void weighRows(TilePath path, at::Tensor& scores, Queries queries, at::Tensor output);
/// Columns are queries: their weights go to `weights`, laid out as the scores.
void weighColumns(TilePath path, const at::Tensor& scores, at::Tensor& weights, Queries queries, at::Tensor output);

/// `slopes` dL/dp becomes p, the scores become dL/ds; `byRow`, `byColumn` (double) grow by the sums of s dL/ds.
void contextGradient(TilePath path, at::Tensor& scores, at::Tensor& slopes, const Queries& ofRows, at::Tensor byRow,
                     at::Tensor byColumn);
/// The same for a tile that is met once for both directions; the scores become the sum of both dL/ds.
void contextGradientBoth(TilePath path, at::Tensor& scores, at::Tensor& slopes, at::Tensor& backSlopes,
                         const Queries& ofRows, const Queries& ofColumns, at::Tensor byRow, at::Tensor byColumn);

}  // namespace lix::nn
