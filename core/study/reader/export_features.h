#pragma once
#include <filesystem>
#include <optional>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"

namespace lix::study {

/// What was written of a dataset.
struct ExportedFeatures {
  std::size_t pictures = 0, captions = 0, skipped = 0;
  int width = 0;
};

/// Writes the unit vectors that a checkpoint makes of a dataset, as NAME.safetensors or NAME.npy with its table
/// (study/features/feature_writer.h), for programs that see no tensors.
Result<ExportedFeatures> exportFeatures(const std::filesystem::path& checkpoint, const data::Dataset& dataset,
                                        const std::filesystem::path& out,
                                        const std::optional<std::filesystem::path>& cache, const Progress& progress = {});

}  // namespace lix::study
