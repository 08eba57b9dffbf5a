#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/picture_ref.h"
#include "desk/dataset_shelf.h"
#include "study/reader/reader.h"

namespace lix::app {

/// Pictures that met the image tower: row i of `vectors` (unit rows) and `hashes` belongs to pictures[i].
struct EmbeddedPictures {
  std::vector<data::PictureRef> pictures;
  std::vector<std::uint64_t> hashes;  ///< of the pictures' content
  study::Vectors vectors;
  std::vector<data::Skipped> skipped;  ///< what could not be read, and why
};

/// Embeds pictures of datasets and files alike, with the feature cache where one is given. Any thread but the window's.
Result<EmbeddedPictures> embedPictures(const study::Reader& reader, const DatasetShelf& datasets,
                                       std::span<const data::PictureRef> pictures,
                                       const std::optional<std::filesystem::path>& cache,
                                       const Progress& progress = {});

}  // namespace lix::app
