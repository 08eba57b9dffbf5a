#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "pages/inspect/context_compare.h"
#include "pages/inspect/context_list.h"
#include "pages/inspect/inspect_reading.h"
#include "study/reader/reader.h"

namespace lix::app {

class CheckpointShelf;
class DatasetShelf;

inline constexpr int kMostNearPictures = 50'000;
inline constexpr std::size_t kMostNearCaptions = 20'000;

/// Pictures and captions to look among, as one model embeds them: unit vectors, of a Llip's pictures the pooled ones
/// (the even mixture of their tokens).
struct NearBase {
  std::filesystem::path checkpoint;
  std::string towerKey;
  std::string name;  ///< "812 pictures of emoji, test split"
  bool pooled = false;
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> labels;
  std::vector<std::uint64_t> hashes;  ///< of pixels
  study::Vectors pictureVectors;
  std::vector<std::string> captions;  ///< of those pictures, none twice
  study::Vectors captionVectors;
  std::size_t picturesLeftOut = 0, captionsLeftOut = 0;
  std::vector<data::Skipped> skipped;
};

/// Embeds the pictures of a choice (of a dataset or support set) with the feature cache, and their captions; takes
/// seconds to minutes, so as a task. Fails where no picture can be read.
Result<std::shared_ptr<const NearBase>> embedNear(const CheckpointShelf& checkpoints, const DatasetShelf& datasets,
                                                  const std::filesystem::path& checkpoint, ContextChoice choice,
                                                  const std::optional<std::filesystem::path>& cache,
                                                  const Progress& progress,
                                                  std::size_t mostCaptions = kMostNearCaptions);

struct NearQuestion {
  std::shared_ptr<const NearBase> base;
  std::optional<LoadedPicture> picture;  ///< what to look near to: a picture, or a caption
  std::string caption;
  std::size_t count = 24;  ///< of each list
};

struct NearAnswer {
  NearQuestion question;
  std::string model;
  std::vector<NearRow> pictures, captions;
  std::vector<bool> samePicture, sameCaption;  ///< one a row: equal pixels, equal text
};

/// On the interactive lane.
Result<std::shared_ptr<const NearAnswer>> findNear(const CheckpointShelf& checkpoints, NearQuestion question,
                                                   PreparedPictures& prepared);

}  // namespace lix::app
