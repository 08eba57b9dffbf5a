#include "base/random.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/contracts.h"

namespace lix {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection of 64 bits that passes BigCrush over a counter.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed, std::uint64_t stream, std::uint64_t a, std::uint64_t b)
    : key_(mix(mix(mix(mix(seed) ^ stream) ^ a) ^ b)) {}

std::uint64_t Random::next() { return mix(key_ + 0x9E3779B97F4A7C15ULL * counter_++); }

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

std::uint64_t Random::below(std::uint64_t n) {
  LIX_REQUIRE(n > 0);
  const std::uint64_t limit =
      ~std::uint64_t{0} - (~std::uint64_t{0} % n + 1) % n;  // the largest multiple of n, less one
  while (true) {
    if (const std::uint64_t draw = next(); draw <= limit) {
      return draw % n;
    }
  }
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::uint32_t> permutation(std::size_t n, Random random) {
  std::vector<std::uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t i = n; i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
  return order;
}

}  // namespace lix
