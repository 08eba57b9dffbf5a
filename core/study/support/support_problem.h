#pragma once
#include <cstddef>
#include <vector>

#include "study/support/support_score.h"

namespace lix::study {

/// Says that a query's class is not known, or that a class has no pictures.
inline constexpr int kNoClass = -1;

/// The classes that have pictures as a problem of their own, counted from 0 in the order of the set.
struct SupportProblem {
  std::vector<std::size_t> classes;  ///< position in classNames of each
  std::vector<int> indexOf;          ///< of a position among `classes`, or kNoClass
  std::vector<int> supportLabels;
  std::vector<float> text;
  std::vector<int> queryLabels;     ///< kNoClass where nothing can be right
  std::vector<std::size_t> scored;  ///< queries with a label

  /// What adapters are fitted on; views this and the task.
  adapt::Task fitTask(const SupportTask& task) const;
};

/// Refuses sizes that do not fit together, and fewer than two classes with pictures.
Result<SupportProblem> supportProblem(const SupportTask& task);

}  // namespace lix::study
