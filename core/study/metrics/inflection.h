#pragma once
#include <optional>
#include <span>

namespace lix::study {

/// Where a context stops being the mean of the batch: the first of `steps` at which the effective neighbours are below
/// half of what they were at first; nothing where they never are. Values that are not finite are passed over. Both
/// spans are equally long: anything else is a broken contract.
std::optional<long long> inflection(std::span<const double> steps, std::span<const double> effectiveNeighbours);

}  // namespace lix::study
