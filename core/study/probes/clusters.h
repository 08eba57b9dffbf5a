#pragma once
#include <cstddef>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

struct Clusters {
  std::vector<std::size_t> of;  ///< the cluster of each row; clusters are numbered in the order of their first rows
  double within = 0.0;          ///< mean squared distance of a row to its cluster's mean
};

/// k-means without chance: starts from the row nearest to the mean of all and adds the row farthest from the ones that
/// were chosen, then Lloyd's steps until nothing moves. Ties go to the lower row. 1 <= count <= n; fewer clusters come
/// back where fewer rows differ.
Result<Clusters> cluster(adapt::Matrix rows, std::size_t count);

}  // namespace lix::study
