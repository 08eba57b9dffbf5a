#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"
#include "pages/compare/comparison_run.h"

namespace lix::app {

/// The samples that are compared, and those that an adapter is fitted on; labels count the chosen classes.
struct ComparisonPlan {
  std::size_t labelSet = 0;
  std::vector<std::size_t> classes;  ///< of the label set
  std::vector<std::size_t> queries, support, validation;
  std::vector<std::string> notes;

  int labelOf(const data::Dataset& dataset, std::size_t sample) const;
};
/// What order asks for, of this dataset. Fails with a sentence where it cannot be compared.
Result<ComparisonPlan> planFor(const data::Dataset& dataset, const ComparisonOrder& order);

}  // namespace lix::app
