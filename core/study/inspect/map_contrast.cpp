#include "study/inspect/map_contrast.h"

#include <cmath>

#include "base/contracts.h"

namespace lix::study {

std::span<const float> mapOf(const MapReading& maps, std::size_t caption) {
  const std::size_t patches = maps.rows * maps.columns;
  const std::size_t at = maps.perCaption ? caption : 0;
  LIX_REQUIRE((at + 1) * patches <= maps.values.size());
  return std::span(maps.values).subspan(at * patches, patches);
}

std::vector<float> meanMap(const MapReading& maps) {
  const std::size_t patches = maps.rows * maps.columns;
  const std::size_t count = patches == 0 ? 0 : maps.values.size() / patches;
  std::vector<double> sums(patches, 0.0);
  for (std::size_t i = 0; i < count * patches; ++i) {
    sums[i % patches] += maps.values[i];
  }
  std::vector<float> mean;
  mean.reserve(patches);
  for (const double sum : sums) {
    mean.push_back(float(sum / double(count)));
  }
  return mean;
}

std::optional<double> mapDistance(std::span<const float> first, std::span<const float> second) {
  if (first.size() != second.size() || first.empty()) {
    return std::nullopt;
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    sum += std::abs(double(first[i]) - double(second[i]));
  }
  return std::isfinite(sum) ? std::optional(sum / 2.0) : std::nullopt;
}

}  // namespace lix::study
