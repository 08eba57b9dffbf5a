#pragma once
#include <cstddef>

#include "study/metrics/bootstrap.h"

namespace lix::study {

/// The 95 % score interval of a share of which `right` of `of` samples were seen (Wilson, Probable Inference, the Law of
/// Succession, and Statistical Inference, 1927): never leaves [0, 1] and holds up for few samples and shares near the
/// ends. Of no samples it is [0, 1]. More right than samples is a broken contract.
Interval wilsonInterval(std::size_t right, std::size_t of);

/// How a share has changed between two answers to the same samples.
struct PairedChange {
  std::size_t pairs = 0;   ///< samples answered both times
  std::size_t gained = 0;  ///< wrong before, right now
  std::size_t lost = 0;    ///< right before, wrong now
  Estimate share;          ///< now less before, -1 to 1
  /// Whether no change at all is a plausible reading of what was seen.
  bool isWithinNoise() const { return share.interval.low <= 0.0 && share.interval.high >= 0.0; }
};

/// With its 95 % interval: Wald's with one added to both discordant counts (Bonett and Price, Adjusted Wald Confidence
/// Interval for a Difference of Binomial Proportions Based on Paired Data, 2012), cut to [-1, 1]. Of no pairs nothing is
/// known: 0 in [-1, 1]. More changes than pairs are a broken contract.
PairedChange pairedChange(std::size_t gained, std::size_t lost, std::size_t pairs);

}  // namespace lix::study
