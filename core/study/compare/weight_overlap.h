#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lix::study {

/// What two models attend to among the same things.
struct WeightOverlap {
  std::size_t top = 0;     ///< so many of each list are compared
  std::size_t shared = 0;  ///< attended among the top by both
  std::vector<bool> both;  ///< which things those are
  std::optional<double> rankCorrelation;  ///< Kendall's tau-b of the weights of what both may attend to
};

/// Weights of the same things by either model, with what each leaves out. The highest `most` of each (fewer where there
/// are fewer) are compared; among equals the earlier thing comes first. Weights that are not finite are left out. All are
/// equally long: anything else is a broken contract.
WeightOverlap weightOverlap(std::span<const double> first, const std::vector<bool>& maskedFirst,
                            std::span<const double> second, const std::vector<bool>& maskedSecond, std::size_t most);

}  // namespace lix::study
