#pragma once
#include <optional>

#include "nn/ops/tiles.h"

/// Inside of the context: the sweeps over tiles, without autograd. All tensors fp32 or all fp64.
namespace lix::nn {

/// Unit rows and the norms they were divided by (at least 1e-12: unit.h).
struct UnitRows {
  explicit UnitRows(const at::Tensor& rows);
  /// The gradient by the raw rows: `slopes` dL/dunit [n, D], `along` [n] double its products with the unit rows.
  at::Tensor gradient(const at::Tensor& slopes, const at::Tensor& along) const;

  at::Tensor units;  ///< [n, D]
  at::Tensor norms;  ///< [n, 1]
};

/// What the way back needs beside the inputs.
struct ContextState {
  at::Tensor vectors;                ///< [B, D]
  at::Tensor max;                    ///< [B] of the scores
  at::Tensor inverse;                ///< [B] 1 / sum e^(s - max)
  double effectiveNeighbours = 0.0;  ///< mean exp of the entropy, exact: log Z - sum e^(s - max) (s - max) / Z
};

/// Which gradients the way back makes; `values` is that of the summed-up raw rows.
struct ContextWants {
  bool queries = true;
  bool keys = true;
  bool values = true;
};

struct ContextGradients {
  at::Tensor queries;  ///< undefined in the batch form: the buffer is the batch
  at::Tensor buffer;
  at::Tensor tau;  ///< [] double
};

/// The batch as its own buffer, one tile for both directions: 3 B^2 D operations, and 7 B^2 D back. `masked`: nobody
/// sees itself.
enum class SelfMask { None, Diagonal };
ContextState batchContext(const at::Tensor& images, double tau, SelfMask mask, const Tiling& tiling);
ContextGradients batchContextGradients(const at::Tensor& images, double tau, SelfMask mask, const ContextState& state,
                                       const at::Tensor& upstream, ContextWants wants, const Tiling& tiling);

/// Any buffer; `self` [B] int64 or undefined: 4 B S D operations, and 10 B S D back.
ContextState bufferContext(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self, double tau,
                           const Tiling& tiling);
ContextGradients bufferContextGradients(const at::Tensor& queries, const at::Tensor& buffer, const at::Tensor& self,
                                        double tau, const ContextState& state, const at::Tensor& upstream,
                                        ContextWants wants, const Tiling& tiling);

}  // namespace lix::nn
