#pragma once
#include <filesystem>
#include <optional>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "study/eval/embed.h"

namespace lix::study {

/// What a file of features holds.
struct FeatureSummary {
  std::size_t pictures = 0, captions = 0;
  int width = 0;
  std::vector<data::Skipped> skipped;
};

/// Writes the unit vectors that a checkpoint makes of a dataset's pictures (of a Llip its pooled ones) and captions, as
/// heads learn on them (study/train/feature_data.h); `checkpoint` is the folder that the file names as its base. Each
/// distinct caption meets the text tower once, so that equal captions have equal rows. The first set of labels goes
/// along, so that the file can be evaluated as it is (study/eval/own_vectors.h). A name that ends in .npy gives the files of
/// npy_features.h instead, with one caption a picture, or none.
Result<FeatureSummary> writeFeatures(const Evaluator& evaluator, const std::filesystem::path& checkpoint,
                                     const data::Dataset& dataset, const std::filesystem::path& out,
                                     const std::optional<std::filesystem::path>& cache, const Progress& progress = {});

}  // namespace lix::study
