#pragma once
#include <cstdint>
#include <vector>

#include "adapt/adapter.h"

namespace lix::adapt {

/// APE's criterion for each channel, to be large where channels tell classes apart: -between * (mean over ordered pairs
/// of vectors of different classes of their product) + (1 - between) * (variance of the text vectors over classes,
/// unbiased). A class' vectors are its text and its support. By class sums: O((S + C) D). One class: 0 for both terms.
std::vector<double> channelCriterion(const Task& task, double between);

/// The `count` channels of the largest criterion (the lower channel of equals), ascending.
std::vector<std::uint32_t> bestChannels(const std::vector<double>& criterion, std::size_t count);

/// APE's divergence of each support row from the one-hot of its label y under the text classifier, rows cut to the
/// channels: log2((1 + 1e-6) / (softmax(s' W')[y] + 1e-6)).
std::vector<float> supportDivergences(Matrix support, std::span<const int> labels, Matrix text);

/// The rows cut to some channels and made unit vectors again.
std::vector<float> cutTo(Matrix rows, std::span<const std::uint32_t> channels);

}  // namespace lix::adapt
