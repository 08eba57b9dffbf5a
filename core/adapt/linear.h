#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "adapt/packed_rows.h"

namespace lix::adapt {

// The few loops in which adapters spend their time, each compiled for AVX-512, AVX2 with FMA and the base instruction
// set, and chosen when the program is loaded.

/// scale * A * B' as [a.rows, b.rows], A [m, D], B [n, D]. Every product is summed in the order of D by the same
/// instructions wherever its row lies, so that reordering rows reorders the result bit for bit, and so that it does not
/// depend on the number of threads.
std::vector<float> multiplyTransposed(Matrix a, Matrix b, float scale = 1.f);

/// The same with B packed before, where it meets many A; the second form writes into `out` [a.rows, b.rows].
std::vector<float> multiplyTransposed(Matrix a, const PackedRows& b, float scale = 1.f);
void multiplyTransposed(Matrix a, const PackedRows& b, float scale, std::span<float> out);

/// Rows first..first+count-1.
inline Matrix slice(Matrix m, std::size_t first, std::size_t count) {
  return {m.values.subspan(first * m.columns, count * m.columns), count, m.columns};
}

/// out[i] = exp(beta * (x[i] - 1)), the Tip-Adapter affinity of a cosine x; relative error below 3e-7, 0 below e^-87.
void affinities(std::span<const float> x, float beta, std::span<float> out);

/// y[i] += exp(beta * (x[i] - 1))
void addAffinities(std::span<const float> x, float beta, std::span<float> y);

/// y[i] += x[i]
void add(std::span<const float> x, std::span<float> y);

/// out[i] = z[i] + alpha * x[i]
void addScaled(std::span<const float> z, float alpha, std::span<const float> x, std::span<float> out);

/// Scales a row to length 1; a row shorter than 1e-12 becomes zero (torch's normalize).
void normalise(std::span<float> row);

}  // namespace lix::adapt
