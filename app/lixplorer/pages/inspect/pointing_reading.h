#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "figures/bars_figure.h"
#include "pages/inspect/inspect_reading.h"
#include "study/inspect/pointing.h"
#include "study/inspect/pointing_set.h"

namespace lix::app {

/// What one caption of a reading speaks of, where the picture's dataset knows it.
struct KnownPart {
  imaging::Mask mask;  ///< over the part of the picture that the model reads
  std::optional<study::Pointing> pointing;
};

/// One a caption of the answer; nothing for captions that are none of the sample's own, and for all of a picture whose
/// dataset knows no masks. On a lane.
Result<std::vector<std::optional<KnownPart>>> knownParts(const CheckpointShelf& checkpoints,
                                                         const DatasetShelf& datasets, const ReadAnswer& answer,
                                                         std::size_t picture);

/// The part of a picture that the model reads, at most 1024 pixels a side; for pictures of many pixels the smaller one
/// that the answer holds. On a lane.
Result<std::shared_ptr<const imaging::Image>> largePicture(const CheckpointShelf& checkpoints, const ReadAnswer& answer,
                                                           std::size_t picture);

/// Pointing over the test split of a dataset that knows masks.
struct PointingQuestion {
  std::filesystem::path checkpoint;
  std::string dataset = "scenes";
  std::size_t most = 200;  ///< pictures: the first of the split
  study::InspectSettings settings;
  bool operator==(const PointingQuestion&) const = default;
};
struct PointingAnswer {
  PointingQuestion question;
  std::string towerKey;  ///< of the weights and preprocessing that were measured
  std::string model;
  study::PointingSet set;
};
/// As a task, with progress.
Result<std::shared_ptr<const PointingAnswer>> pointOver(const CheckpointShelf& checkpoints,
                                                        const DatasetShelf& datasets, const PointingQuestion& question,
                                                        const Progress& progress);

/// Hit rate, share and chance a kind of caption, in percent, with intervals.
figures::BarsData pointingBars(const PointingAnswer& answer);

}  // namespace lix::app
