#include "study/compare/weight_overlap.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/contracts.h"
#include "study/retrieval/kendall.h"

namespace lix::study {
namespace {

std::vector<std::size_t> topOf(std::span<const double> weights, const std::vector<bool>& masked, std::size_t most) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!masked[i] && std::isfinite(weights[i])) {
      rows.push_back(i);
    }
  }
  std::ranges::stable_sort(rows, std::greater(), [&](std::size_t i) { return weights[i]; });
  rows.resize(std::min(rows.size(), most));
  return rows;
}

}  // namespace

WeightOverlap weightOverlap(std::span<const double> first, const std::vector<bool>& maskedFirst,
                            std::span<const double> second, const std::vector<bool>& maskedSecond, std::size_t most) {
  LIX_REQUIRE(first.size() == second.size() && maskedFirst.size() == first.size() &&
              maskedSecond.size() == first.size());
  const auto top = topOf(first, maskedFirst, most), otherTop = topOf(second, maskedSecond, most);
  WeightOverlap overlap;
  overlap.top = std::min(top.size(), otherTop.size());
  overlap.both.assign(first.size(), false);
  for (const std::size_t row : top) {
    if (std::ranges::find(otherTop, row) != otherTop.end()) {
      overlap.both[row] = true;
      ++overlap.shared;
    }
  }
  std::vector<double> x, y;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!maskedFirst[i] && !maskedSecond[i] && std::isfinite(first[i]) && std::isfinite(second[i])) {
      x.push_back(first[i]);
      y.push_back(second[i]);
    }
  }
  if (x.size() >= 2) {
    overlap.rankCorrelation = kendallTauB(countPairs(x, y));
  }
  return overlap;
}

}  // namespace lix::study
