#pragma once
#include <filesystem>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"

namespace lix::study {

/// Decodes every picture once, squashes or centre-crops it to `pictureSize`, and writes a pack folder whole or not at
/// all. Damaged pictures are left out and listed in pack.json with their reasons.
struct PackReport {
  std::size_t packed = 0;
  std::vector<data::Skipped> skipped;
};
enum class PackFit { Squash, Crop };
Result<PackReport> writePack(const data::Dataset& dataset, int pictureSize, PackFit fit,
                             const std::filesystem::path& folder, const Progress& progress = {});

/// Equal for equal datasets (keys, captions, labels, splits and file versions): names cached packs.
std::uint64_t fingerprint(const data::Dataset& dataset);

}  // namespace lix::study
