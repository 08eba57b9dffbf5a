#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "study/metrics/wilson.h"
#include "study/support/support_score.h"

namespace lix::study {

// What the predictions of one adapter say of the classes of a set. Queries without a label count nowhere.

/// Of the queries of one class, how many were predicted as it.
struct ClassRecall {
  std::size_t classIndex = 0;  ///< in the set
  std::size_t right = 0, of = 0;
  Interval interval;  ///< 95 % of the share, by Wilson
  /// Nothing without queries.
  std::optional<double> share() const {
    return of == 0 ? std::nullopt : std::optional(static_cast<double>(right) / static_cast<double>(of));
  }
};

/// One a class of the set, in its order.
std::vector<ClassRecall> classRecalls(std::span<const SupportPrediction> predictions, std::size_t classes);
/// Lowest share first, of equal ones that of more queries, then the set's order; classes without queries come last.
std::vector<ClassRecall> worstFirst(std::vector<ClassRecall> recalls);

/// counts[label * classes + predicted]
std::vector<std::size_t> confusionCounts(std::span<const SupportPrediction> predictions, std::size_t classes);
/// The queries of class `label` that were predicted as `predicted`, the surest first.
std::vector<SupportPrediction> confusionCell(std::span<const SupportPrediction> predictions, int label, int predicted);

/// How many answers to the same queries (by row) have changed; nothing where none was scored both times.
std::optional<PairedChange> changeBetween(const AdapterScore& before, const AdapterScore& after);

}  // namespace lix::study
