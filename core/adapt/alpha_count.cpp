#include "adapt/alpha_count.h"

#include <algorithm>
#include <cmath>

#include "adapt/instructions.h"

namespace lix::adapt {
namespace {

/// What another class must reach at the smallest or at the largest alpha to be the answer at any.
struct Threshold {
  float low, high;
};

LIX_CLONES float largestMagnitude(const float* x, std::size_t n) {
  constexpr std::size_t kLanes = 32;  // as a plain loop the compiler may not reorder it into vectors
  float lanes[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const float magnitude = std::abs(x[i + lane]);
      lanes[lane] = magnitude > lanes[lane] ? magnitude : lanes[lane];
    }
  }
  for (; i < n; ++i) {
    lanes[0] = std::max(lanes[0], std::abs(x[i]));
  }
  return *std::ranges::max_element(lanes);
}

/// Which classes z + alpha x reach `own` at the smallest or the largest alpha.
LIX_CLONES std::size_t findRivals(const float* z, const float* x, std::size_t n, float low, float high, Threshold own,
                                  std::uint32_t* out) {
  constexpr std::size_t kAtOnce = 32;
  std::size_t found = 0;
  for (std::size_t first = 0; first < n; first += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, n - first);
    int any = 0;
    for (std::size_t i = first; i < first + count; ++i) {
      any |= (z[i] + low * x[i] >= own.low) | (z[i] + high * x[i] >= own.high);
    }
    for (std::size_t i = first; any != 0 && i < first + count; ++i) {
      out[found] = static_cast<std::uint32_t>(i);
      found += (z[i] + low * x[i] >= own.low) | (z[i] + high * x[i] >= own.high);
    }
  }
  return found;
}

/// Marks the alphas at which a class before the label (an equal logit beats it) or after it is the answer.
LIX_CLONES void markBeaten(float z, float x, float ownZ, float ownX, const float* alphas, std::size_t n, int before,
                           int* beaten) {
  for (std::size_t a = 0; a < n; ++a) {
    const float other = z + alphas[a] * x, own = ownZ + alphas[a] * ownX;
    beaten[a] |= (other > own) | (before & (other == own));
  }
}

}  // namespace

AlphaCount::AlphaCount(std::size_t classes, const std::vector<double>& alphas)
    : alphas_(alphas.begin(), alphas.end()), rivals_(classes), beaten_(alphas.size()) {
  const auto [low, high] = std::ranges::minmax(alphas_);
  low_ = low;
  high_ = high;
}

void AlphaCount::start(std::span<const float> z, std::size_t label) {
  z_ = z;
  label_ = label;
  largestZ_ = largestMagnitude(z.data(), z.size());
}

void AlphaCount::add(std::span<const float> x, std::span<std::size_t> correct) {
  const auto z = z_;
  const std::size_t label = label_;
  const float strongest = std::max(std::abs(low_), std::abs(high_));
  const float largest = largestZ_ + strongest * largestMagnitude(x.data(), x.size());
  const float room = 0x1p-19f * largest;  // each logit is off by at most 2^-23 of that
  const Threshold own{z[label] + low_ * x[label] - room, z[label] + high_ * x[label] - room};
  const std::size_t found = findRivals(z.data(), x.data(), z.size(), low_, high_, own, rivals_.data());
  std::ranges::fill(beaten_, 0);
  for (const std::uint32_t c : std::span(rivals_).first(found)) {
    if (c != label) {
      markBeaten(z[c], x[c], z[label], x[label], alphas_.data(), alphas_.size(), c < label ? 1 : 0, beaten_.data());
    }
  }
  for (std::size_t a = 0; a < correct.size(); ++a) {
    correct[a] += beaten_[a] == 0 ? 1 : 0;
  }
}

}  // namespace lix::adapt
