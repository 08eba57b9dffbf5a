#pragma once
#include <cstdint>

#include "kernels/simd.h"

namespace lix::kernels {

/// A sum kept in as many parts as a vector has lanes: the compiler may not reorder a plain sum, this one it makes
/// vectors of, and its value is the same for every instruction set.
constexpr std::int64_t kLanes = 16;
struct LaneSum {
  double lanes[kLanes] = {};
  double total() const {
    double sum = 0.0;
    for (const double lane : lanes)
      sum += lane;
    return sum;
  }
};

/// body(k, lane) for every k of [0, n).
template <class Body>
LIX_INLINE void overLanes(std::int64_t n, const Body& body) {
  std::int64_t k = 0;
  for (; k + kLanes <= n; k += kLanes) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane)
      body(k + lane, lane);
  }
  for (; k < n; ++k)
    body(k, k % kLanes);
}

/// The largest of n values; a NaN is passed over (what is computed from the values shows it).
template <class T>
LIX_INLINE T largest(const T* values, std::int64_t n, T start) {
  T lanes[kLanes];
  for (T& lane : lanes)
    lane = start;
  overLanes(
      n, [&](std::int64_t k, std::int64_t lane) { lanes[lane] = values[k] > lanes[lane] ? values[k] : lanes[lane]; });
  for (const T lane : lanes)
    start = lane > start ? lane : start;
  return start;
}

}  // namespace lix::kernels
