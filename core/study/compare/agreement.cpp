#include "study/compare/agreement.h"

#include <algorithm>
#include <cmath>

#include "base/contracts.h"

namespace lix::study {
namespace {

void requireAnswers(std::span<const int> first, std::span<const int> second, std::span<const int> labels,
                    std::size_t classes) {
  LIX_REQUIRE(first.size() == labels.size() && second.size() == labels.size());
  for (const auto& answers : {first, second, labels}) {
    LIX_REQUIRE(std::ranges::all_of(answers, [&](int c) { return c >= 0 && std::size_t(c) < classes; }));
  }
}

}  // namespace

std::optional<Agreement> agreement(std::span<const int> first, std::span<const int> second,
                                   std::span<const int> labels, std::size_t classes) {
  requireAnswers(first, second, labels, classes);
  if (labels.empty()) {
    return std::nullopt;
  }
  Agreement found;
  std::vector<double> saidFirst(classes), saidSecond(classes);
  std::size_t same = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ++saidFirst[std::size_t(first[i])];
    ++saidSecond[std::size_t(second[i])];
    same += first[i] == second[i];
    const bool wrong = first[i] != labels[i] && second[i] != labels[i];
    found.bothWrong += wrong;
    found.sameMistake += wrong && first[i] == second[i];
  }
  const double n = double(labels.size());
  found.same = double(same) / n;
  double chance = 0.0;
  for (std::size_t c = 0; c < classes; ++c) {
    chance += saidFirst[c] / n * (saidSecond[c] / n);
  }
  if (chance < 1.0) {
    found.kappa = (found.same - chance) / (1.0 - chance);
  }
  return found;
}

std::vector<ClassFlips> classFlips(std::span<const int> first, std::span<const int> second,
                                   std::span<const int> labels, std::size_t classes) {
  requireAnswers(first, second, labels, classes);
  std::vector<ClassFlips> flips(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ClassFlips& one = flips[std::size_t(labels[i])];
    const bool before = first[i] == labels[i], after = second[i] == labels[i];
    ++one.samples;
    one.firstRight += before;
    one.secondRight += after;
    one.lost += before && !after;
    one.gained += !before && after;
  }
  return flips;
}

std::optional<PairedDifference> pairedDifference(std::size_t samples, std::size_t lost, std::size_t gained) {
  LIX_REQUIRE(lost + gained <= samples);
  if (samples == 0) {
    return std::nullopt;
  }
  constexpr double kNormal95 = 1.959963984540054;
  const double n = double(samples);
  const double a = (double(lost) + 1.0) / (n + 2.0), b = (double(gained) + 1.0) / (n + 2.0);
  const double half = kNormal95 * std::sqrt((a + b - (b - a) * (b - a)) / (n + 2.0));
  const double value = (double(gained) - double(lost)) / n;
  return PairedDifference{value, std::clamp(b - a - half, -1.0, value), std::clamp(b - a + half, value, 1.0)};
}

}  // namespace lix::study
