#pragma once
#include <array>
#include <compare>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "pages/compare/comparison.h"

namespace lix::study {
class Reader;
}

namespace lix::app {

inline constexpr std::size_t kMostQueries = 1000;

/// What is compared; equal orders give equal comparisons as long as the checkpoints stay as they are.
struct ComparisonOrder {
  std::filesystem::path checkpointA, checkpointB;
  std::string dataset, labelSet;
  data::Split split = data::Split::Test;
  std::string method = "zero-shot";  ///< or an adapter's id
  int shots = 8;                     ///< of an adapter, per class
  long long seed = 0;                ///< of its support draw
  std::vector<std::string> only;     ///< keys of pictures, whatever their split; empty: all of the split
  auto operator<=>(const ComparisonOrder&) const = default;
};

struct Comparison {
  ComparisonOrder order;
  std::vector<std::string> classes;
  std::vector<ComparedPicture> pictures;  ///< in the order of the dataset
  std::array<std::string, 2> weights;  ///< hashes of A's and B's weights
  bool sameWeights = false;
  std::vector<std::string> notes;  ///< sentences: what was left out, which vectors a Llip's adapter saw
};

/// Both models on the same pictures: at most kMostQueries labelled ones of the split (a draw by the seed where there
/// are more), by class names or by one adapter on the same support of the train split (drawSupport, draw 0). Pictures
/// that either model could not read, or that stand in the support too, are left out for both. Minutes where features
/// are not cached. An adapter never learns from pictures that were chosen by their keys. Fails with a sentence on data
/// without labels, on fewer than two classes, and where support would come from the queries' own split.
Result<Comparison> compare(const study::Reader& a, const study::Reader& b, const data::Dataset& dataset,
                           const ComparisonOrder& order, const std::optional<std::filesystem::path>& cache,
                           const Progress& progress = {});

}  // namespace lix::app
