#include "study/compare/confusion_change.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/contracts.h"

namespace lix::study {

std::vector<double> rowShares(std::span<const std::size_t> counts, std::size_t classes) {
  LIX_REQUIRE(counts.size() == classes * classes);
  std::vector<double> shares(counts.size(), NAN);
  for (std::size_t row = 0; row < classes; ++row) {
    const auto of = counts.subspan(row * classes, classes);
    const auto sum = double(std::accumulate(of.begin(), of.end(), std::size_t(0)));
    for (std::size_t c = 0; sum > 0.0 && c < classes; ++c) {
      shares[row * classes + c] = double(of[c]) / sum;
    }
  }
  return shares;
}

std::vector<std::size_t> mostChanged(std::span<const double> first, std::span<const double> second,
                                     std::size_t classes, std::size_t most) {
  LIX_REQUIRE(first.size() == classes * classes && second.size() == first.size());
  std::vector<double> change(classes, 0.0);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double by = std::abs(second[i] - first[i]);
    if (std::isfinite(by)) {
      change[i / classes] += by;
      change[i % classes] += by;
    }
  }
  std::vector<std::size_t> chosen(classes);
  std::iota(chosen.begin(), chosen.end(), std::size_t(0));
  std::ranges::stable_sort(chosen, std::greater(), [&](std::size_t c) { return change[c]; });
  chosen.resize(std::min(most, classes));
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace lix::study
