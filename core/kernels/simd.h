#pragma once
#include <bit>
#include <cstdint>

#include "base/clones.h"

/// Elementary functions as straight lines of arithmetic, so that the compiler makes vector code of any loop over them:
/// no branches, no tables, no calls. A NaN stays a NaN. Relative errors: fastExp 1e-7 (double 1.5e-16), the others 3e-7
/// (double 5e-16).
///
/// A hot loop is written once as a LIX_INLINE template and entered through plain functions marked LIX_CLONES
/// (base/clones.h).
#if defined(__GNUC__)
#define LIX_INLINE inline __attribute__((always_inline))
#else
#define LIX_INLINE inline
#endif
#define LIX_RESTRICT __restrict__

namespace lix::kernels {

namespace detail {

template <class T>
struct ExpTable;
template <>
struct ExpTable<float> {
  using Bits = std::uint32_t;
  static constexpr int kMantissa = 23;
  static constexpr Bits kBias = 127;
  static constexpr float kLow = -104.0f, kHigh = 89.0f;  // beyond: 0 and infinity
  static constexpr float kRound = 12582912.0f;           // 1.5 * 2^23: what is added to it is rounded to an integer
  static constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  static constexpr float kTaylor[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f};
  static constexpr int kAtanhTerms = 9;
};
template <>
struct ExpTable<double> {
  using Bits = std::uint64_t;
  static constexpr int kMantissa = 52;
  static constexpr Bits kBias = 1023;
  static constexpr double kLow = -746.0, kHigh = 710.0;
  static constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double kLn2High = 6.93145751953125e-1, kLn2Low = 1.42860682030941723212e-6;
  static constexpr double kTaylor[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
                                       1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,     1.0 / 24,
                                       1.0 / 6,          0.5,             1.0,            1.0};
  static constexpr int kAtanhTerms = 17;
};

/// 2^k of an integer k that was rounded by adding kRound: its lowest bits are k.
template <class T>
LIX_INLINE T powerOfTwo(T roundedPlusMagic) {
  using C = ExpTable<T>;
  return std::bit_cast<T>(static_cast<typename C::Bits>((std::bit_cast<typename C::Bits>(roundedPlusMagic) + C::kBias)
                                                        << C::kMantissa));
}

}  // namespace detail

/// e^x for every x, denormal results included.
template <class T>
LIX_INLINE T fastExp(T x) {
  using C = detail::ExpTable<T>;
  x = x < C::kLow ? C::kLow : x;  // both comparisons are false for a NaN, which therefore goes on
  x = x > C::kHigh ? C::kHigh : x;
  const T n = (x * T(1.4426950408889634) + C::kRound) - C::kRound;
  const T r = (x - n * C::kLn2High) - n * C::kLn2Low;
  T p = C::kTaylor[0];
#pragma GCC unroll 16
  for (unsigned i = 1; i < sizeof(C::kTaylor) / sizeof(T); ++i) p = p * r + C::kTaylor[i];
  const T halfPlusMagic = n * T(0.5) + C::kRound;  // two factors: 2^n alone may lie outside the normal range
  const T half = halfPlusMagic - C::kRound;
  return (p * detail::powerOfTwo(halfPlusMagic)) * detail::powerOfTwo((n - half) + C::kRound);
}

/// log(1 + y) for 0 <= y <= 1 as 2 atanh(y / (2 + y)): exact to the last bits for the smallest y.
template <class T>
LIX_INLINE T log1pUnit(T y) {
  using C = detail::ExpTable<T>;
  const T s = y / (T(2) + y), s2 = s * s;
  T sum = T(1) / T(2 * C::kAtanhTerms + 1);
#pragma GCC unroll 20
  for (int k = C::kAtanhTerms - 1; k >= 0; --k) sum = sum * s2 + T(1) / T(2 * k + 1);
  return T(2) * s * sum;
}

/// What a pair brings to the sigmoid loss at u = y x, y = +-1 (stable for every u).
template <class T>
struct SigmoidPair {
  T loss;   ///< -log sigma(u)
  T slope;  ///< d loss / d u = -sigma(-u)
};
template <class T>
LIX_INLINE SigmoidPair<T> sigmoidPair(T u) {
  const T magnitude = u < T(0) ? -u : u;
  const T small = fastExp(-magnitude);
  const T negative = u < T(0) ? -u : T(0);
  return {negative + log1pUnit(small), -(u < T(0) ? T(1) : small) / (T(1) + small)};
}

}  // namespace lix::kernels
