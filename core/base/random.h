#pragma once
#include <cstdint>
#include <vector>

namespace lix {

/// Counter-based random numbers: the n-th draw is a pure function of (seed, stream, a, b, n), so that any draw can be made
/// again without the ones before it. `stream` tells uses apart (kStream...), `a` and `b` are usually epoch and sample.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t a = 0, std::uint64_t b = 0);

  std::uint64_t next();
  /// Uniform in [0, 1).
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform in [0, n), without bias; n > 0.
  std::uint64_t below(std::uint64_t n);
  /// Standard normal (Box-Muller).
  double normal();

 private:
  std::uint64_t key_;
  std::uint64_t counter_ = 0;
};

/// A uniformly random order of 0..n-1 (Fisher-Yates).
std::vector<std::uint32_t> permutation(std::size_t n, Random random);

}  // namespace lix
