#pragma once
#include <cstdint>
#include <optional>
#include <span>

namespace lix::study {

/// What all pairs of n observations (x, y) say of the two orders.
struct PairCounts {
  std::uint64_t pairs = 0;       ///< n (n - 1) / 2
  std::uint64_t discordant = 0;  ///< ordered one way by x, the other way by y
  std::uint64_t tiedX = 0, tiedY = 0, tiedBoth = 0;
  std::uint64_t leastLevels = 0;  ///< the smaller number of distinct values of the two
  std::uint64_t observations = 0;

  std::int64_t concordantLessDiscordant() const {
    return std::int64_t(pairs + tiedBoth - tiedX - tiedY) - 2 * std::int64_t(discordant);
  }
};

/// O(n log n) by merge sort (Knight 1966, JASA 61:436). x and y are equally long and finite: anything else is a broken
/// contract.
PairCounts countPairs(std::span<const double> x, std::span<const double> y);

/// Kendall's tau-b = (C - D) / sqrt((pairs - tiedX) (pairs - tiedY)); nothing where either side has one value only.
std::optional<double> kendallTauB(const PairCounts& counts);

/// Stuart's tau-c = 2 (C - D) / (n^2 (m - 1) / m), m the smaller number of distinct values; nothing for m < 2.
std::optional<double> kendallTauC(const PairCounts& counts);

}  // namespace lix::study
