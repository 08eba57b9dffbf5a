#pragma once
#include <span>

#include "adapt/packed_rows.h"

namespace lix::adapt {

/// out [a.rows, b.rows] = A B' with A [rows, D] and all sums in double and B in float, for optimisers whose steps must
/// not be lost in rounding. Every product is summed in the order of D by the same instructions wherever its rows lie;
/// threads over rows of A.
void multiplyInDouble(std::span<const double> a, std::size_t rows, const PackedRows& b, std::span<double> out);

}  // namespace lix::adapt
