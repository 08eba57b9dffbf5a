#include <algorithm>
#include <bit>

#include "adapt/instructions.h"
#include "adapt/nearest.h"
#include "base/contracts.h"

#if LIX_HAS_X86_TARGETS
#include <immintrin.h>
#endif

namespace lix::adapt {
namespace {

constexpr std::size_t kRowsAtOnce = 4096;  // of keys in one piece of work
constexpr std::size_t kScoresAtOnce = 64;  // products before they are looked at

/// The value of an IEEE half float, subnormal ones included.
float fromHalf(std::uint16_t half) {
  const std::uint32_t sign = std::uint32_t{half & 0x8000u} << 16, rest = half & 0x7fffu;
  if (rest >= 0x7c00u) {
    return std::bit_cast<float>(sign | 0x7f800000u | (rest << 13));
  }
  // The bits of a half read as a float's are too small by 2^112, subnormal or not.
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(std::bit_cast<float>(rest << 13) * 0x1p112f));
}

using Dots = void (*)(const float* query, const std::uint16_t* keys, std::size_t rows, std::size_t columns, float* out);

void dotsPlain(const float* query, const std::uint16_t* keys, std::size_t rows, std::size_t columns, float* out) {
  for (std::size_t i = 0; i < rows; ++i, keys += columns) {
    float sum = 0.f;
    for (std::size_t k = 0; k < columns; ++k) {
      sum += query[k] * fromHalf(keys[k]);
    }
    out[i] = sum;
  }
}

#if LIX_HAS_X86_TARGETS
template <std::size_t Count>
[[gnu::always_inline]] inline float sumOf(float* lanes) {
#pragma GCC unroll 4
  for (std::size_t half = Count / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < half; ++i) {
      lanes[i] += lanes[i + half];
    }
  }
  return lanes[0];
}

// Compilers make no vector code of conversions from 16-bit integers: these loops name the instructions.
[[gnu::target("arch=x86-64-v3")]] void dotsAvx2(const float* query, const std::uint16_t* keys, std::size_t rows,
                                                std::size_t columns, float* out) {
  for (std::size_t i = 0; i < rows; ++i, keys += columns) {
    __m256 sums[4] = {};
    std::size_t k = 0;
    for (; k + 32 <= columns; k += 32) {
      for (std::size_t j = 0; j < 4; ++j) {
        const __m128i half = _mm_loadu_si128(reinterpret_cast<const __m128i*>(keys + k + 8 * j));
        sums[j] = _mm256_fmadd_ps(_mm256_loadu_ps(query + k + 8 * j), _mm256_cvtph_ps(half), sums[j]);
      }
    }
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, _mm256_add_ps(_mm256_add_ps(sums[0], sums[1]), _mm256_add_ps(sums[2], sums[3])));
    float sum = sumOf<8>(lanes);
    for (; k < columns; ++k) {
      sum += query[k] * fromHalf(keys[k]);
    }
    out[i] = sum;
  }
}

[[gnu::target("arch=x86-64-v4")]] void dotsAvx512(const float* query, const std::uint16_t* keys, std::size_t rows,
                                                  std::size_t columns, float* out) {
  constexpr std::size_t kAhead = 4096;  // bytes: the processor's own prefetch stops at the end of a page
  for (std::size_t i = 0; i < rows; ++i, keys += columns) {
    __m512 sums[4] = {};
    std::size_t k = 0;
    for (; k + 64 <= columns; k += 64) {
      _mm_prefetch(reinterpret_cast<const char*>(keys + k) + kAhead, _MM_HINT_T0);
      _mm_prefetch(reinterpret_cast<const char*>(keys + k) + kAhead + 64, _MM_HINT_T0);
      for (std::size_t j = 0; j < 4; ++j) {
        const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(keys + k + 16 * j));
        const __m512 key = _mm512_maskz_cvtph_ps(0xffff, half);  // the plain form warns of GCC's own header
        sums[j] = _mm512_fmadd_ps(_mm512_loadu_ps(query + k + 16 * j), key, sums[j]);
      }
    }
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, _mm512_add_ps(_mm512_add_ps(sums[0], sums[1]), _mm512_add_ps(sums[2], sums[3])));
    float sum = sumOf<16>(lanes);
    for (; k < columns; ++k) {
      sum += query[k] * fromHalf(keys[k]);
    }
    out[i] = sum;
  }
}

constexpr Dots kDots[] = {dotsPlain, dotsAvx2, dotsAvx512};
#else
constexpr Dots kDots[] = {dotsPlain};
#endif

}  // namespace

std::vector<Neighbour> nearest(std::span<const float> query, HalfMatrix keys, std::size_t k) {
  LIX_REQUIRE(query.size() == keys.columns && keys.values.size() == keys.rows * keys.columns);
  static const Dots dots = kDots[static_cast<std::size_t>(instructions())];
  k = std::min(k, keys.rows);
  const std::size_t pieces = (keys.rows + kRowsAtOnce - 1) / kRowsAtOnce;
  std::vector<std::vector<Neighbour>> found(pieces);
  const auto search = [&](std::size_t piece) {
    TopK largest(std::min(k, kRowsAtOnce));
    const std::size_t end = std::min(keys.rows, (piece + 1) * kRowsAtOnce);
    for (std::size_t row = piece * kRowsAtOnce; row < end; row += kScoresAtOnce) {
      float scores[kScoresAtOnce];
      const std::size_t count = std::min(kScoresAtOnce, end - row);
      dots(query.data(), keys.values.data() + row * keys.columns, count, keys.columns, scores);
      largest.take(row, {scores, count});
    }
    const auto best = largest.finish();
    found[piece].assign(best.begin(), best.end());
  };
  parallelFor(pieces, search, workers(static_cast<double>(keys.rows) * static_cast<double>(keys.columns)));
  std::vector<Neighbour> all;
  for (const auto& some : found) {
    all.insert(all.end(), some.begin(), some.end());
  }
  // The pieces are in the order of their rows and falling within, so that a stable sort keeps the lower row first.
  std::ranges::stable_sort(all, std::greater{}, &Neighbour::cosine);
  all.resize(std::min(k, all.size()));
  return all;
}

}  // namespace lix::adapt
