#include "study/metrics/inflection.h"

#include <cmath>

#include "base/contracts.h"

namespace lix::study {

std::optional<long long> inflection(std::span<const double> steps, std::span<const double> effectiveNeighbours) {
  LIX_REQUIRE(steps.size() == effectiveNeighbours.size());
  std::optional<double> start;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!std::isfinite(effectiveNeighbours[i])) {
      continue;
    }
    start = start.value_or(effectiveNeighbours[i]);
    if (effectiveNeighbours[i] < 0.5 * *start) {
      return std::llround(steps[i]);
    }
  }
  return {};
}

}  // namespace lix::study
