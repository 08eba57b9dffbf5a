#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "study/explore/neighbour_graph.h"

namespace lix::study {

/// Rows that belong together, rising.
using Group = std::vector<std::uint32_t>;

/// Rows whose value (a content hash) stands there more than once; groups by size, falling, then by first row.
std::vector<Group> equalGroups(std::span<const std::uint64_t> values);

/// Rows that are joined, through others too, by a cosine of at least `least` in the graph, ordered as equalGroups. Only
/// the k nearest of every row are looked at, so that more than k rows that are nearer to each other than to a row that
/// is near as well may leave it out.
std::vector<Group> nearGroups(const NeighbourGraph& graph, float least);

/// The groups that have members in more than one part (a split): what leaks from training to test.
std::vector<Group> crossingGroups(std::span<const Group> groups, std::span<const std::uint8_t> parts);

}  // namespace lix::study
