#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/dataset.h"

namespace lix::study {

struct CanarySettings {
  int shots = 4;                  ///< support pictures a class
  std::size_t mostQueries = 500;  ///< so that a reading with `tiny` takes about a second
  std::size_t mostSupport = 500;  ///< classes beyond it are left out, by chance
};

/// Whether the run learns from the training split of the canary's own dataset.
enum class CanaryOf { OtherDataset, TrainingDataset };

/// By the name of the dataset that is learned from, which its pack keeps wherever it lies.
CanaryOf canaryOf(const data::Dataset& canary, std::string_view learned);

/// The pictures of one class in the order in which a canary takes them (those that cannot be used make room for the
/// next), as indices of the dataset.
struct CanaryClass {
  std::string name;
  std::vector<std::size_t> support;
  std::vector<std::size_t> query;
};

struct CanaryPlan {
  std::vector<CanaryClass> classes;  ///< in the dataset's order
  data::Split supportSplit = data::Split::Train;
  std::size_t allClasses = 0;  ///< of the label set; those without the pictures are not in `classes`
};

/// Which pictures a canary may take, without reading any: queries of the test split, support of the training split, or
/// of the validation split where the run learns from the training split. First label set. The order is a function of
/// the pictures' keys and class names alone, so that every run on a dataset has the same canary. Too few classes or
/// pictures are an error with the remedy.
Result<CanaryPlan> planCanary(const data::Dataset& dataset, const CanarySettings& settings, CanaryOf of);

}  // namespace lix::study
