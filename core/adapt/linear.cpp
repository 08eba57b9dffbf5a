#include "adapt/linear.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "adapt/instructions.h"
#include "base/contracts.h"

namespace lix::adapt {
namespace {

/// exp(beta * (x - 1)) = 2^k * exp(r), k = round(v / ln 2), r in [-ln2/2, ln2/2] by a polynomial (Cephes expf); ln 2 in
/// two parts.
[[gnu::always_inline]] inline float affinity(float x, float beta) {
  float v = beta * (x - 1.f);
  v = v < -87.f ? -87.f : v;
  v = v > 88.f ? 88.f : v;
  const float shifted = v * 1.44269504f + 12582912.f;  // 1.5 * 2^23: the integer lands in the low bits
  const float k = shifted - 12582912.f;
  float r = v - k * 0.693359375f;
  r = r + k * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float e = p * r * r + r + 1.f;
  const std::int32_t power = (static_cast<std::int32_t>(k) + 127) << 23;
  return v <= -87.f ? 0.f : e * std::bit_cast<float>(power);
}

LIX_CLONES void affinityLoop(const float* x, float beta, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = affinity(x[i], beta);
  }
}

LIX_CLONES void addAffinityLoop(const float* x, float beta, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    y[i] += affinity(x[i], beta);
  }
}

LIX_CLONES void addLoop(const float* x, float* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    y[i] += x[i];
  }
}

LIX_CLONES void addScaledLoop(const float* z, float alpha, const float* x, float* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = z[i] + alpha * x[i];
  }
}

}  // namespace

void multiplyTransposed(Matrix a, const PackedRows& b, float scale, std::span<float> out) {
  LIX_REQUIRE(a.values.size() == a.rows * a.columns && out.size() == a.rows * b.rows());
  const double aRow = static_cast<double>(b.rows()) * static_cast<double>(b.columns());
  overBlocks(a.rows, aRow, TileProducts::kBlockRows, [&](std::size_t first, std::size_t count) {
    TileProducts(slice(a, first, count), b)
        .each([&](std::size_t row, std::size_t column, std::span<const float> products) {
          float* target = out.data() + (first + row) * b.rows() + column;
          for (std::size_t i = 0; i < products.size(); ++i) {
            target[i] = scale * products[i];
          }
        });
  });
}

std::vector<float> multiplyTransposed(Matrix a, const PackedRows& b, float scale) {
  std::vector<float> out(a.rows * b.rows());
  multiplyTransposed(a, b, scale, out);
  return out;
}

std::vector<float> multiplyTransposed(Matrix a, Matrix b, float scale) {
  return multiplyTransposed(a, PackedRows(b), scale);
}

void affinities(std::span<const float> x, float beta, std::span<float> out) {
  LIX_REQUIRE(x.size() == out.size());
  affinityLoop(x.data(), beta, out.data(), x.size());
}

void addAffinities(std::span<const float> x, float beta, std::span<float> y) {
  LIX_REQUIRE(x.size() == y.size());
  addAffinityLoop(x.data(), beta, y.data(), x.size());
}

void add(std::span<const float> x, std::span<float> y) {
  LIX_REQUIRE(x.size() == y.size());
  addLoop(x.data(), y.data(), x.size());
}

void addScaled(std::span<const float> z, float alpha, std::span<const float> x, std::span<float> out) {
  LIX_REQUIRE(z.size() == x.size() && z.size() == out.size());
  addScaledLoop(z.data(), alpha, x.data(), out.data(), z.size());
}

void normalise(std::span<float> row) {
  double squares = 0.0;
  for (const float value : row) {
    squares += static_cast<double>(value) * value;
  }
  const double length = std::max(std::sqrt(squares), 1e-12);
  for (float& value : row) {
    value = static_cast<float>(value / length);
  }
}

}  // namespace lix::adapt
