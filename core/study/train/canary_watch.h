#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/train/canary.h"
#include "study/train/settings.h"

namespace lix::study {

/// What a run remembers of its canary; part of its training state.
struct CanaryMemory {
  std::vector<std::uint8_t> baseline;  ///< zero-shot hits before the first step; empty = not read yet
  std::string draw;                    ///< CanaryReading::draw of the baseline, "" where a state of old has none
  std::optional<double> best;          ///< of the series settings.canaryBest
  int bestStep = 0;
  bool dropped = false;  ///< whether the last reading showed a real drop
};

/// What a reading means for the run.
struct CanaryVerdict {
  std::map<std::string, double> series;  ///< the reading's and the paired change since the start with its interval
  std::string notice;                    ///< that a real drop began or ended, "" = nothing to say
  bool isBest = false;                   ///< better than every reading before, the first one too
};

/// Judges a reading and remembers it. The first becomes the baseline. The change of zero-shot is the mean of the
/// differences of hits on the same pictures, with its 95 % interval by Student's t; a drop is real when the interval
/// lies below zero. Refuses a settings.canaryBest that is no series of the reading, and other pictures than before (another count
/// or draw); the memory then stays as it was.
Result<CanaryVerdict> judge(const CanaryReading& reading, const TrainSettings& settings, int step, CanaryMemory& memory);

}  // namespace lix::study
