#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// Cosines of some pairs: how many there are, their mean (nothing for none) and the share of them in each bin.
struct CosineHistogram {
  std::size_t pairs = 0;
  std::optional<double> mean;
  std::vector<double> shares;  ///< one less than the edges; sum to one, or all zero for no pairs
};

/// Pairs of different pictures, each once, by whether they have the same label.
struct ClassSimilarity {
  CosineHistogram within, between;
};

/// The bins' edges: -1 to 1 in steps of 0.05, the same for every model, so that histograms lie over each other. A bin
/// holds its lower edge, the last one both.
const std::vector<double>& cosineEdges();

/// Of unit vectors [n, D] and a label each; needs two rows.
Result<ClassSimilarity> classSimilarity(adapt::Matrix rows, std::span<const int> labels);

}  // namespace lix::study
