#include "adapt/double_products.h"

#include <cstring>

#include "adapt/instructions.h"
#include "base/contracts.h"
#include "base/parallel.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kGroup = 12;                     // rows of A at a time
constexpr std::size_t kTile = PackedRows::kPanel / 2;  // 12 x 16 doubles fill 24 registers of AVX-512

template <std::size_t Lanes>
struct Vectors {
  using Floats __attribute__((vector_size(Lanes * sizeof(float)), aligned(4))) = float;
  using Doubles __attribute__((vector_size(Lanes * sizeof(double)), aligned(8))) = double;
};

/// out[Rows][Count * Lanes] = a [depth, 12] times panel [depth, 32], sums kept in registers.
template <std::size_t Lanes, std::size_t Rows, std::size_t Count>
[[gnu::always_inline]] inline void multiplyPart(const double* a, const float* panel, std::size_t depth, double* out) {
  using Floats = typename Vectors<Lanes>::Floats;
  using Doubles = typename Vectors<Lanes>::Doubles;
  Doubles sums[Rows][Count] = {};
  for (std::size_t k = 0; k < depth; ++k) {
    Doubles b[Count];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Count; ++j) {
      b[j] = __builtin_convertvector(*reinterpret_cast<const Floats*>(panel + k * PackedRows::kPanel + j * Lanes),
                                     Doubles);
    }
#pragma GCC unroll 12
    for (std::size_t i = 0; i < Rows; ++i) {
      const double value = a[k * kGroup + i];
#pragma GCC unroll 4
      for (std::size_t j = 0; j < Count; ++j) {
        sums[i][j] += value * b[j];
      }
    }
  }
#pragma GCC unroll 12
  for (std::size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Count; ++j) {
      *reinterpret_cast<Doubles*>(out + i * kTile + j * Lanes) = sums[i][j];
    }
  }
}

/// One tile of 12 x 16 in parts that fit the registers.
template <std::size_t Lanes, std::size_t Rows, std::size_t Count>
[[gnu::always_inline]] inline void multiplyTile(const double* a, const float* panel, std::size_t depth, double* out) {
  for (std::size_t j = 0; j < kTile; j += Count * Lanes) {
    for (std::size_t i = 0; i < kGroup; i += Rows) {
      multiplyPart<Lanes, Rows, Count>(a + i, panel + j, depth, out + i * kTile + j);
    }
  }
}

using Multiply = void (*)(const double* a, const float* panel, std::size_t depth, double* out);

void multiplyPlain(const double* a, const float* panel, std::size_t depth, double* out) {
  multiplyTile<2, 4, 2>(a, panel, depth, out);
}

#if LIX_HAS_X86_TARGETS
[[gnu::target("arch=x86-64-v3")]] void multiplyAvx2(const double* a, const float* panel, std::size_t depth,
                                                    double* out) {
  multiplyTile<4, 6, 2>(a, panel, depth, out);
}
[[gnu::target("arch=x86-64-v4")]] void multiplyAvx512(const double* a, const float* panel, std::size_t depth,
                                                      double* out) {
  multiplyTile<8, 12, 2>(a, panel, depth, out);
}
constexpr Multiply kMultiply[] = {multiplyPlain, multiplyAvx2, multiplyAvx512};
#else
constexpr Multiply kMultiply[] = {multiplyPlain};
#endif

/// Rows first.. of A against all of B.
void multiplyGroup(std::span<const double> a, std::size_t first, std::size_t count, const PackedRows& b,
                   std::span<double> out) {
  static const Multiply run =
      kMultiply[std::min<std::size_t>(static_cast<std::size_t>(instructions()), std::size(kMultiply) - 1)];
  const std::size_t depth = b.columns();
  std::vector<double> packed(depth * kGroup, 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < depth; ++k) {
      packed[k * kGroup + i] = a[(first + i) * depth + k];
    }
  }
  std::array<double, kGroup * kTile> tile;
  for (std::size_t column = 0; column < b.rows(); column += kTile) {
    run(packed.data(), b.panel(column / PackedRows::kPanel) + column % PackedRows::kPanel, depth, tile.data());
    const std::size_t width = std::min(kTile, b.rows() - column);
    for (std::size_t i = 0; i < count; ++i) {
      std::memcpy(out.data() + (first + i) * b.rows() + column, tile.data() + i * kTile, width * sizeof(double));
    }
  }
}

}  // namespace

void multiplyInDouble(std::span<const double> a, std::size_t rows, const PackedRows& b, std::span<double> out) {
  LIX_REQUIRE(a.size() == rows * b.columns() && out.size() == rows * b.rows());
  const double work = 2.0 * static_cast<double>(a.size()) * static_cast<double>(b.rows());  // half the lanes of floats
  parallelFor(
      (rows + kGroup - 1) / kGroup,
      [&](std::size_t group) { multiplyGroup(a, group * kGroup, std::min(kGroup, rows - group * kGroup), b, out); },
      workers(work));
}

}  // namespace lix::adapt
