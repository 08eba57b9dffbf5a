#include "adapt/linear.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/contracts.h"

// One body, three machine codes. Sanitizers run before the loader's choice would be made safely, and other processors
// have other names: both get the plain code.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LIX_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LIX_CLONES
#endif

namespace lix::adapt {
namespace {

constexpr std::size_t kTileRows = 6;             // with 16 columns: 12 accumulators of the 16 registers of AVX2
constexpr std::size_t kTileColumns = 16;         // two vectors
constexpr std::size_t kPackedBytes = 256 << 10;  // of B at a time: stays in the second-level cache

using Lanes = float __attribute__((vector_size(32), aligned(4)));

/// One tile: out[6][16] = rows of A (pointers) times a packed panel [D, 16] of B.
LIX_CLONES void multiplyTile(const float* const* rows, const float* panel, std::size_t depth, float* out) {
  Lanes sums[kTileRows][2] = {};
  for (std::size_t k = 0; k < depth; ++k) {
    const Lanes left = *reinterpret_cast<const Lanes*>(panel + k * kTileColumns);
    const Lanes right = *reinterpret_cast<const Lanes*>(panel + k * kTileColumns + kTileColumns / 2);
#pragma GCC unroll 6
    for (std::size_t i = 0; i < kTileRows; ++i) {
      sums[i][0] += rows[i][k] * left;
      sums[i][1] += rows[i][k] * right;
    }
  }
  std::memcpy(out, sums, sizeof(sums));
}

/// Rows first..first+15 of B, transposed to [D, 16]; rows past the end are zero.
void pack(Matrix b, std::size_t first, float* panel) {
  const std::size_t count = std::min(kTileColumns, b.rows - first);
  for (std::size_t j = 0; j < kTileColumns; ++j) {
    const float* row = j < count ? b.row(first + j).data() : nullptr;
    for (std::size_t k = 0; k < b.columns; ++k) {
      panel[k * kTileColumns + j] = row ? row[k] : 0.f;
    }
  }
}

/// All rows of A against the packed rows first..first+count-1 of B.
void multiplyPanels(Matrix a, const float* packed, std::size_t first, std::size_t count, float scale,
                    std::size_t stride, float* out) {
  std::array<float, kTileRows * kTileColumns> tile;
  for (std::size_t i = 0; i < a.rows; i += kTileRows) {
    const std::size_t tileRows = std::min(kTileRows, a.rows - i);
    std::array<const float*, kTileRows> rows;
    for (std::size_t r = 0; r < kTileRows; ++r) {
      rows[r] =
          a.row(i + std::min(r, tileRows - 1)).data();  // a short last tile repeats its last row: one code for all
    }
    for (std::size_t j = 0; j < count; j += kTileColumns) {
      multiplyTile(rows.data(), packed + j * a.columns, a.columns, tile.data());
      const std::size_t tileColumns = std::min(kTileColumns, count - j);
      for (std::size_t r = 0; r < tileRows; ++r) {
        float* target = out + (i + r) * stride + first + j;
        for (std::size_t c = 0; c < tileColumns; ++c) {
          target[c] = scale * tile[r * kTileColumns + c];
        }
      }
    }
  }
}

LIX_CLONES void affinityLoop(const float* x, float beta, float* out, std::size_t n) {
  // exp(v) = 2^k * exp(r), k = round(v / ln 2), r in [-ln2/2, ln2/2] by a polynomial (Cephes expf); ln 2 in two parts.
  for (std::size_t i = 0; i < n; ++i) {
    const float v = std::min(std::max(beta * (x[i] - 1.f), -87.f), 88.f);
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
    float two;
    std::memcpy(&two, &power, sizeof two);
    out[i] = v <= -87.f ? 0.f : e * two;
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

LIX_CLONES bool predictsLoop(const float* z, float alpha, const float* x, std::size_t n, std::size_t label) {
  const float own = z[label] + alpha * x[label];
  int beaten = 0;
  for (std::size_t i = 0; i < label; ++i) {
    beaten |= z[i] + alpha * x[i] >= own;
  }
  for (std::size_t i = label + 1; i < n; ++i) {
    beaten |= z[i] + alpha * x[i] > own;
  }
  return beaten == 0;
}

}  // namespace

std::vector<float> multiplyTransposed(Matrix a, Matrix b, float scale) {
  LIX_REQUIRE(a.columns == b.columns);
  LIX_REQUIRE(a.values.size() == a.rows * a.columns && b.values.size() == b.rows * b.columns);
  std::vector<float> out(a.rows * b.rows);
  if (out.empty()) {
    return out;
  }
  const std::size_t panelBytes = std::max<std::size_t>(1, a.columns) * kTileColumns * sizeof(float);
  const std::size_t panels = (b.rows + kTileColumns - 1) / kTileColumns;
  const std::size_t panelsAtOnce = std::clamp<std::size_t>(kPackedBytes / panelBytes, 1, panels);
  std::vector<float> packed(panelsAtOnce * kTileColumns * a.columns);
  for (std::size_t first = 0; first < b.rows; first += panelsAtOnce * kTileColumns) {
    const std::size_t count = std::min(panelsAtOnce * kTileColumns, b.rows - first);
    for (std::size_t j = 0; j < count; j += kTileColumns) {
      pack(b, first + j, packed.data() + j * a.columns);
    }
    multiplyPanels(a, packed.data(), first, count, scale, b.rows, out.data());
  }
  return out;
}

void affinities(std::span<const float> x, float beta, std::span<float> out) {
  LIX_REQUIRE(x.size() == out.size());
  affinityLoop(x.data(), beta, out.data(), x.size());
}

void add(std::span<const float> x, std::span<float> y) {
  LIX_REQUIRE(x.size() == y.size());
  addLoop(x.data(), y.data(), x.size());
}

void addScaled(std::span<const float> z, float alpha, std::span<const float> x, std::span<float> out) {
  LIX_REQUIRE(z.size() == x.size() && z.size() == out.size());
  addScaledLoop(z.data(), alpha, x.data(), out.data(), z.size());
}

bool predicts(std::span<const float> z, float alpha, std::span<const float> x, std::size_t label) {
  LIX_REQUIRE(z.size() == x.size() && label < z.size());
  return predictsLoop(z.data(), alpha, x.data(), z.size(), label);
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
