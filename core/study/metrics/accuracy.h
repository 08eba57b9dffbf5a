#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lix::study {

/// Scores of a classifier, one row a sample: values[sample * classes + class], finite, higher = more likely.
struct Scores {
  std::span<const float> values;
  std::size_t classes = 0;
  std::size_t samples() const { return classes == 0 ? 0 : values.size() / classes; }
  std::span<const float> row(std::size_t sample) const { return values.subspan(sample * classes, classes); }
};

// Shares are 0 to 1 (conventions of CLIP_benchmark). Ties go to the lowest class index everywhere. Labels must lie in
// 0..classes-1, one for each sample: anything else is a broken contract.

/// The class of the first maximum of every row.
std::vector<int> predictions(Scores scores);

/// The share of samples whose label is the prediction; nothing for no samples.
std::optional<double> accuracy(std::span<const int> predicted, std::span<const int> labels);

/// The share of samples whose label is among the k highest scores; nothing for no samples or fewer than k classes.
std::optional<double> topAccuracy(Scores scores, std::span<const int> labels, std::size_t k);

/// The mean over the classes that occur in `labels` of the share of their samples that is predicted right (balanced
/// accuracy); nothing for no samples.
std::optional<double> meanPerClassRecall(std::span<const int> predicted, std::span<const int> labels,
                                         std::size_t classes);

/// counts[label * classes + predicted]
std::vector<std::size_t> confusion(std::span<const int> predicted, std::span<const int> labels, std::size_t classes);

/// The highest score of every row less its second highest: how sure a prediction is; 0 for one class.
std::vector<float> margins(Scores scores);

}  // namespace lix::study
