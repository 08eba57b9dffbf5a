#pragma once
#include <cstdint>
#include <vector>

#include "study/pack/pack.h"

namespace lix::study {

/// One picture of a batch with the caption that was drawn for it.
struct BatchItem {
  std::uint32_t sample = 0;
  std::uint32_t caption = 0;  ///< index into the sample's captions
};
struct PlannedBatch {
  std::vector<BatchItem> items;
  double avoided = 0.0;  ///< share of the draws for it that were put off, since an equal caption or picture was in it
};
using BatchPlan = std::vector<PlannedBatch>;

/// All batches of an epoch: a pure function of (seed, epoch). Every training picture with captions comes at most once;
/// a batch never holds two equal captions or pictures (they would be false negatives): what would clash waits for a
/// later batch. The rest that fills no batch is left out. `captionHash[sample][caption]` tells captions apart.
BatchPlan planEpoch(const Pack& pack, const std::vector<std::vector<std::uint64_t>>& captionHash, int batch,
                    std::uint64_t seed, std::uint64_t epoch);

}  // namespace lix::study
