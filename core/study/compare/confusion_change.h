#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace lix::study {

/// Each row of a confusion matrix [classes][classes] (true class, said class) as shares of its own sum; NaN where a
/// class has no samples.
std::vector<double> rowShares(std::span<const std::size_t> counts, std::size_t classes);

/// At most `most` classes, rising, in whose rows and columns two such matrices of shares differ most: by the sum of
/// |second - first| over both; among equals the lower class comes first. Blank rows count nothing.
std::vector<std::size_t> mostChanged(std::span<const double> first, std::span<const double> second,
                                     std::size_t classes, std::size_t most);

}  // namespace lix::study
