#pragma once
#include <cmath>

#include "nn/ops/context_sweep.h"
#include "nn/ops/context_tiles.h"

/// Inside of the context: what the batch form and the buffer form share.
namespace lix::nn {

/// What multiplies the cosines: 1 / (tau sqrt(D)).
inline double inverseTemperature(double tau, const at::Tensor& rows) {
  return 1.0 / (tau * std::sqrt(static_cast<double>(rows.size(1))));
}

/// tile = factor a b'.
void scoresOf(at::Tensor& tile, const at::Tensor& a, const at::Tensor& b, double factor);

/// Divides the sums by Z; finds the effective neighbours.
ContextState finishedContext(at::Tensor vectors, const Queries& queries);

/// The queries of a finished context with their delta = dO . O.
Queries finishedQueries(const ContextState& state, const at::Tensor& upstream);

}  // namespace lix::nn
