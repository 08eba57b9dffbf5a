#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "study/inspect/inspect.h"

namespace lix::study {

/// One map of a reading, [rows, columns] shares; of a model with one map for all captions always that one.
std::span<const float> mapOf(const MapReading& maps, std::size_t caption);

/// The mean of the captions' maps, [rows, columns]: shares that sum to one again.
std::vector<float> meanMap(const MapReading& maps);

/// How far two maps of shares over the same patches differ: half the sum of |a - b| (total variation), the part of one
/// that would have to move to make the other. 0 alike, 1 with no patch in common; nothing where sizes differ, there are no
/// patches or a number is not finite.
std::optional<double> mapDistance(std::span<const float> first, std::span<const float> second);

}  // namespace lix::study
