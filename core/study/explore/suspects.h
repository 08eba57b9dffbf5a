#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "study/explore/neighbour_graph.h"

namespace lix::study {

/// A row that stands alone: 1 - the mean cosine with its k nearest (Ramaswamy et al. 2000, Efficient algorithms for
/// mining outliers from large data sets, with the mean of k instead of the k-th).
struct Outlier {
  std::uint32_t row = 0;
  float distance = 0.f;  ///< 0 to 2
};

/// The `most` farthest rows, falling; of equal ones the lower row first.
std::vector<Outlier> outliers(const NeighbourGraph& graph, std::size_t most);

/// A row whose label another class would explain better.
struct LabelDoubt {
  std::uint32_t row = 0;
  int label = 0, nearer = 0;
  float own = 0.f, other = 0.f;  ///< cosines with the unit means of both classes, its own without the row itself
  float margin() const { return other - own; }
};

/// Labelled rows (label >= 0) that are nearer to the mean of another class than to that of the others of their own, by
/// falling margin. A class of one picture has no others: such rows are left out, but are looked at as another class.
/// Fails where fewer than two classes have a labelled row, and as cancelled.
Result<std::vector<LabelDoubt>> labelDoubts(const HalfRows& rows, std::span<const int> labels, std::size_t classes,
                                            const Progress& progress = {});

}  // namespace lix::study
