#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lix::study {

// What two classifiers answered about the same samples. Answers and labels lie in 0..classes-1, one of each a sample:
// anything else is a broken contract.

struct Agreement {
  double same = 0.0;              ///< share of the samples with the same answer
  std::optional<double> kappa;    ///< (same - chance) / (1 - chance), chance = sum_c p1(c) p2(c); nothing where it is 1
  std::size_t bothWrong = 0;      ///< samples
  std::size_t sameMistake = 0;    ///< of those the ones with the same answer
};
/// Cohen's kappa (1960, A coefficient of agreement for nominal scales). Nothing for no samples.
std::optional<Agreement> agreement(std::span<const int> first, std::span<const int> second,
                                   std::span<const int> labels, std::size_t classes);

/// Of the samples of one class.
struct ClassFlips {
  std::size_t samples = 0;
  std::size_t firstRight = 0, secondRight = 0;
  std::size_t lost = 0;    ///< right by the first, wrong by the second
  std::size_t gained = 0;  ///< wrong by the first, right by the second
};
std::vector<ClassFlips> classFlips(std::span<const int> first, std::span<const int> second,
                                   std::span<const int> labels, std::size_t classes);

/// The second's accuracy less the first's on the same samples.
struct PairedDifference {
  double value = 0.0;  ///< (gained - lost) / samples
  double low = 0.0, high = 0.0;
};
/// With the 95 % interval of Bonett and Price (2012) for paired proportions: the normal interval of the two discordant
/// shares p = (count + 1) / (n + 2), p_gained - p_lost +- 1.96 sqrt((p_lost + p_gained - (p_gained - p_lost)^2) /
/// (n + 2)), widened where needed so that it holds the value itself. Only the samples on which the two differ move it.
/// None for no samples; more lost and gained than samples are a broken contract.
std::optional<PairedDifference> pairedDifference(std::size_t samples, std::size_t lost, std::size_t gained);

}  // namespace lix::study
