#pragma once
#include <cstddef>
#include <optional>

#include "imaging/image.h"
#include "study/inspect/inspect.h"

namespace lix::study {

/// Whether a caption's map points at what the caption speaks of.
struct Pointing {
  bool hit = false;     ///< the map's highest patch has its centre in the mask (the pointing game, arXiv 1608.00507)
  double share = 0.0;   ///< of the map that lies in the mask, each patch by the part of it that the mask covers
  double chance = 0.0;  ///< the part of the picture that the mask covers: what an even map gives as share
};

/// Map `caption` of a reading (0 where it is one map for all) against a mask over the part of the picture that the model
/// reads (partRead), of any size. Nothing where the mask is empty or the map sums to nothing.
std::optional<Pointing> pointing(const MapReading& map, std::size_t caption, const imaging::Mask& mask);

}  // namespace lix::study
