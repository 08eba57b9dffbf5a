#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "pages/inspect/inspect_reading.h"

namespace lix::app {

inline constexpr int kMostGroups = 8;  ///< as many colours as are told apart

/// Captions in groups of like mixture weights [heads x tokens], of one picture of the answer or (nothing given) their
/// mean over all that have weights (not scores alone), by k-means without chance (study/probes/clusters.h): the group of each caption, from 1 on in the order
/// of their first captions. Fewer groups come back where fewer captions differ. Fails for a model without mixture.
Result<std::vector<int>> captionGroups(const ReadAnswer& answer, std::optional<std::size_t> picture, std::size_t count);

/// Groups that are known or asked for, and of what.
struct KnownGroups {
  std::shared_ptr<const ReadAnswer> answer;
  std::optional<std::size_t> picture;
  int count = 0;
  std::vector<int> groups;
  bool areOf(const std::shared_ptr<const ReadAnswer>& read, std::optional<std::size_t> of, int many) const {
    return answer == read && picture == of && count == many;
  }
};

/// Captions group by group, in their own order within each.
std::vector<std::size_t> orderOfGroups(const std::vector<int>& groups);
/// Captions from the highest value to the lowest; equal ones in their own order.
std::vector<std::size_t> orderOfScores(const std::vector<float>& values);

}  // namespace lix::app
