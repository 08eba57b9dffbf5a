#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "study/inspect/inspect.h"
#include "study/metrics/bootstrap.h"

namespace lix::study {

/// What a caption of a scene speaks of: "object", "place", "texture", "size", "relation", "count" or "background", by
/// the words that the scenes' own captions are made of (data/scenes/scene_captions.h).
std::string_view sceneKind(std::string_view caption);

/// Pointing over the captions of one kind. Captions of one picture are not independent, so each number is the mean over
/// pictures of the mean over the picture's captions, with Student's 95 % interval over pictures, cut at 0 and 1 (where
/// all pictures agree, of a hit rate Wilson's).
struct PointingKind {
  std::string kind;  ///< "all", else of sceneKind()
  std::size_t captions = 0;
  std::size_t pictures = 0;
  Estimate hit, share;
  double chance = 0.0;  ///< the part of the pictures that the masks cover: what an even map gives, and a random point hits
};

struct PointingSet {
  std::size_t pictures = 0;
  bool perCaption = false;           ///< else one map for all captions of a picture
  std::string explanation;           ///< of the maps
  std::vector<PointingKind> kinds;   ///< "all" first
  std::vector<data::Skipped> skipped;
};

/// Maps of samples under their own captions against the masks that the dataset's source knows (data/dataset.h). Fails
/// where it knows none, where no picture could be read, and when `progress` says stop.
Result<PointingSet> pointingOver(const Evaluator& evaluator, const data::Dataset& dataset,
                                 const std::vector<std::size_t>& samples, const InspectSettings& settings = {},
                                 const Progress& progress = {});

}  // namespace lix::study
