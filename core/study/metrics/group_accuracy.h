#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lix::study {

/// How evenly a classifier serves groups of samples.
struct GroupAccuracy {
  std::vector<std::optional<double>> accuracies;  ///< by group, 0 to 1; nothing for a group without samples
  std::vector<std::size_t> counts;                ///< samples of each group
  std::size_t worst = 0;                          ///< the group of the lowest accuracy, the first of equals
  double worstAccuracy = 0.0;
  double gap = 0.0;  ///< highest less lowest accuracy
};

/// Accuracy by group; samples of group -1 belong to none and are passed over. Nothing where no sample has a group.
/// The spans are equally long, groups lie in -1..groups-1: anything else is a broken contract.
std::optional<GroupAccuracy> groupAccuracy(std::span<const int> predicted, std::span<const int> labels,
                                           std::span<const int> groupOf, std::size_t groups);

/// The area under the ROC curve: the share of (positive, negative) pairs in which the positive scores higher, equal
/// scores counting half (Mann-Whitney). `positive` holds 0 or 1 for each score. Nothing where either kind is missing or
/// a score is not finite, which has no place in an order.
std::optional<double> rocAuc(std::span<const float> scores, std::span<const int> positive);

}  // namespace lix::study
