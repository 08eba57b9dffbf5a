#include "study/retrieval/kendall.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/contracts.h"

namespace lix::study {
namespace {

std::uint64_t choose2(std::uint64_t n) { return n == 0 ? 0 : n * (n - 1) / 2; }

/// Runs of equal neighbours of a sorted range: pairs within them, and how many runs there are.
struct Runs {
  std::uint64_t pairs = 0, count = 0;
};
template <class Values>
Runs runsOf(const Values& sorted) {
  Runs runs;
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    ++length;
    if (i + 1 == sorted.size() || sorted[i + 1] != sorted[i]) {
      runs.pairs += choose2(length);
      ++runs.count;
      length = 0;
    }
  }
  return runs;
}

/// Sorts [begin, end) and counts the pairs that stood the wrong way round (strictly).
std::uint64_t inversions(double* begin, double* end, double* room) {
  const auto count = end - begin;
  if (count < 2) {
    return 0;
  }
  double* const middle = begin + count / 2;
  std::uint64_t swaps = inversions(begin, middle, room) + inversions(middle, end, room);
  double *left = begin, *right = middle, *out = room;
  while (left < middle && right < end) {
    if (*right < *left) {
      swaps += std::uint64_t(middle - left);
      *out++ = *right++;
    } else {
      *out++ = *left++;
    }
  }
  out = std::copy(left, middle, out);
  std::copy(right, end, out);
  std::copy(room, room + count, begin);
  return swaps;
}

}  // namespace

PairCounts countPairs(std::span<const double> x, std::span<const double> y) {
  LIX_REQUIRE(x.size() == y.size());
  std::vector<std::pair<double, double>> both;
  std::vector<double> xs, ys, room(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    LIX_REQUIRE(std::isfinite(x[i]) && std::isfinite(y[i]));
    both.emplace_back(x[i], y[i]);
  }
  std::ranges::sort(both);
  for (const auto& [a, b] : both) {
    xs.push_back(a);
    ys.push_back(b);
  }
  const Runs ofX = runsOf(xs), ofBoth = runsOf(both);
  // Sorted by x and, within equal x, by y: what is out of order in y is discordant.
  const std::uint64_t discordant = inversions(ys.data(), ys.data() + ys.size(), room.data());
  const Runs ofY = runsOf(ys);
  return {.pairs = choose2(x.size()),
          .discordant = discordant,
          .tiedX = ofX.pairs,
          .tiedY = ofY.pairs,
          .tiedBoth = ofBoth.pairs,
          .leastLevels = std::min(ofX.count, ofY.count),
          .observations = x.size()};
}

std::optional<double> kendallTauB(const PairCounts& counts) {
  if (counts.leastLevels < 2) {
    return std::nullopt;
  }
  const double tau = double(counts.concordantLessDiscordant()) / std::sqrt(double(counts.pairs - counts.tiedX)) /
                     std::sqrt(double(counts.pairs - counts.tiedY));
  return std::clamp(tau, -1.0, 1.0);
}

std::optional<double> kendallTauC(const PairCounts& counts) {
  if (counts.leastLevels < 2) {
    return std::nullopt;
  }
  const double n = double(counts.observations), m = double(counts.leastLevels);
  return 2.0 * double(counts.concordantLessDiscordant()) / (n * n * (m - 1.0) / m);
}

}  // namespace lix::study
