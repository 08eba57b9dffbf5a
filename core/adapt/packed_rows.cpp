#include "adapt/packed_rows.h"

#include "adapt/instructions.h"
#include "base/contracts.h"
#include "base/parallel.h"

namespace lix::adapt {
namespace {

constexpr std::size_t kKeyBytes = 512 << 10;  // of packed keys at a time: with a packed block in the second-level cache
constexpr std::size_t kMostPanels = 8;        // so that a tile's products stay in the first-level cache
constexpr double kWorthAThread = 2e6;         // multiplications: a tenth of a millisecond or so

template <std::size_t Bytes>
struct Vector {
  using Type __attribute__((vector_size(Bytes), aligned(4))) = float;
};

/// out[Rows][Vectors * lanes] = a [depth, 12] times panel [depth, 32], sums kept in registers.
template <std::size_t Bytes, std::size_t Rows, std::size_t Vectors>
[[gnu::always_inline]] inline void multiplyPart(const float* a, const float* panel, std::size_t depth, float* out,
                                                std::size_t stride) {
  using V = typename Vector<Bytes>::Type;
  constexpr std::size_t kLanes = Bytes / sizeof(float);
  V sums[Rows][Vectors] = {};
  for (std::size_t k = 0; k < depth; ++k) {
    V b[Vectors];
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Vectors; ++j) {
      b[j] = *reinterpret_cast<const V*>(panel + k * PackedRows::kPanel + j * kLanes);
    }
#pragma GCC unroll 12
    for (std::size_t i = 0; i < Rows; ++i) {
      const float value = a[k * TileProducts::kGroup + i];
#pragma GCC unroll 4
      for (std::size_t j = 0; j < Vectors; ++j) {
        sums[i][j] += value * b[j];
      }
    }
  }
#pragma GCC unroll 12
  for (std::size_t i = 0; i < Rows; ++i) {
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Vectors; ++j) {
      *reinterpret_cast<V*>(out + i * stride + j * kLanes) = sums[i][j];
    }
  }
}

/// One tile of 12 x 32 in parts that fit the registers.
template <std::size_t Bytes, std::size_t Rows, std::size_t Vectors>
[[gnu::always_inline]] inline void multiplyTile(const float* a, const float* panel, std::size_t depth, float* out,
                                                std::size_t stride) {
  constexpr std::size_t kColumns = Vectors * Bytes / sizeof(float);
  for (std::size_t j = 0; j < PackedRows::kPanel; j += kColumns) {
    for (std::size_t i = 0; i < TileProducts::kGroup; i += Rows) {
      multiplyPart<Bytes, Rows, Vectors>(a + i, panel + j, depth, out + i * stride + j, stride);
    }
  }
}

using Multiply = void (*)(const float* a, const float* panel, std::size_t depth, float* out, std::size_t stride);

void multiplyPlain(const float* a, const float* panel, std::size_t depth, float* out, std::size_t stride) {
  multiplyTile<16, 4, 2>(a, panel, depth, out, stride);
}

// Another shape for each width of register, so that clones of one body would not do.
#if LIX_HAS_X86_TARGETS
[[gnu::target("arch=x86-64-v3")]] void multiplyAvx2(const float* a, const float* panel, std::size_t depth, float* out,
                                                    std::size_t stride) {
  multiplyTile<32, 6, 2>(a, panel, depth, out, stride);
}
[[gnu::target("arch=x86-64-v4")]] void multiplyAvx512(const float* a, const float* panel, std::size_t depth, float* out,
                                                      std::size_t stride) {
  multiplyTile<64, 12, 2>(a, panel, depth, out, stride);
}
constexpr Multiply kMultiply[] = {multiplyPlain, multiplyAvx2, multiplyAvx512};
#else
constexpr Multiply kMultiply[] = {multiplyPlain};
#endif

/// `count` rows as [D, width] with zeros beside them; row(i) gives a pointer.
template <std::size_t Width, class Row>
void transpose(std::size_t count, std::size_t depth, const Row& row, float* out) {
  constexpr std::size_t kDepthAtOnce = 64;  // the lines written are still in the first-level cache for the next row
  for (std::size_t from = 0; from < depth; from += kDepthAtOnce) {
    const std::size_t to = std::min(depth, from + kDepthAtOnce);
    for (std::size_t i = 0; i < count; ++i) {
      const float* source = row(i);
      for (std::size_t k = from; k < to; ++k) {
        out[k * Width + i] = source[k];
      }
    }
  }
}

}  // namespace

PackedRows::PackedRows(Matrix rows, std::span<const std::uint32_t> order)
    : rows_(order.empty() ? rows.rows : order.size()),
      columns_(rows.columns),
      values_(panels() * kPanel * rows.columns) {
  LIX_REQUIRE(rows.values.size() == rows.rows * rows.columns);
  for (std::size_t i = 0; i < panels(); ++i) {
    const std::size_t first = i * kPanel;
    const auto row = [&](std::size_t r) { return rows.row(order.empty() ? first + r : order[first + r]).data(); };
    transpose<kPanel>(std::min(kPanel, rows_ - first), columns_, row, values_.data() + first * columns_);
  }
}

TileProducts::TileProducts(Matrix block, const PackedRows& keys)
    : keys_(keys),
      rows_(block.rows),
      panelsAtOnce_(std::clamp<std::size_t>(
          kKeyBytes / (PackedRows::kPanel * sizeof(float) * std::max<std::size_t>(1, keys.columns())), 1, kMostPanels)),
      packed_((block.rows + kGroup - 1) / kGroup * kGroup * block.columns),
      tile_(kGroup * stride()) {
  LIX_REQUIRE(keys.rows() == 0 || block.columns == keys.columns());
  for (std::size_t first = 0; first < rows_; first += kGroup) {
    const auto row = [&](std::size_t r) { return block.row(first + r).data(); };
    transpose<kGroup>(std::min(kGroup, rows_ - first), block.columns, row, packed_.data() + first * block.columns);
  }
}

void TileProducts::multiply(std::size_t firstRow, std::size_t firstPanel, std::size_t panels) {
  static const Multiply run = kMultiply[static_cast<std::size_t>(instructions())];
  for (std::size_t i = 0; i < panels; ++i) {
    run(packed_.data() + firstRow * keys_.columns(), keys_.panel(firstPanel + i), keys_.columns(),
        tile_.data() + i * PackedRows::kPanel, stride());
  }
}

unsigned workers(double multiplications) { return multiplications < kWorthAThread ? 1 : usualThreads(); }

}  // namespace lix::adapt
