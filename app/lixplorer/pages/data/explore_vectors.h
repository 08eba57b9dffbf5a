#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "desk/dataset_shelf.h"
#include "study/explore/half_rows.h"
#include "study/reader/reader.h"

namespace lix::app {

/// The pictures of a dataset as one checkpoint embeds them, a row each that can be read.
struct ExploreVectors {
  std::shared_ptr<const OpenDataset> of;
  std::filesystem::path checkpoint;
  std::string model, towerKey;
  bool pooled = false;  ///< of a Llip: the even mixture of a picture's tokens
  study::HalfRows rows{0};
  std::vector<std::uint32_t> samples;  ///< of each row
  std::vector<std::int32_t> rowOf;     ///< of each sample, -1: it could not be read
  std::vector<std::uint64_t> hashes;   ///< of the pixels of each row
  std::vector<data::Skipped> skipped;

  /// The rows of some samples; those that could not be read are passed over.
  std::vector<std::uint32_t> rowsOf(const std::vector<std::uint32_t>& which) const;
};

/// Embeds all pictures of a dataset part by part, with the feature cache, so that what is held beside the rows does not
/// grow with the dataset. Refuses where they do not fit into the free memory, and where none can be read.
Result<std::shared_ptr<const ExploreVectors>> embedForExploring(const study::Reader& reader,
                                                                const std::filesystem::path& checkpoint,
                                                                std::shared_ptr<const OpenDataset> set,
                                                                const std::optional<std::filesystem::path>& cache,
                                                                const Progress& progress);

}  // namespace lix::app
