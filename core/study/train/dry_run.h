#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "study/train/need.h"
#include "study/train/train.h"

namespace lix::study {

/// What a few real steps tell of a run before it is begun.
struct DryRun {
  Need stated;                  ///< by shapes alone, before the steps
  long long parameters = 0;     ///< learned numbers of the towers
  long long peakMemory = 0;     ///< bytes: the most that this process has held at any time so far, data included
  double secondsPerStep = 0.0;  ///< median of the timed steps, on this machine as busy as it is now
  double imagesPerSecond = 0.0;
  double totalSeconds = 0.0;         ///< of all steps, without preparing the data and writing checkpoints
  double multiplier = 0.0;           ///< of the rate of scales, biases and temperatures
  std::optional<double> neighbours;  ///< effective neighbours at the start as a share of the batch's others; LIxP only
  std::vector<std::string> warnings;
};

/// Takes one step to warm up and three timed ones with these settings, and keeps nothing: no checkpoint, no run. Fails
/// as train() would at once (a batch that the data cannot fill, a start that does not fit); Cancelled by the progress.
Result<DryRun> dryRun(const TrainSettings& settings, const TrainData& data, const std::optional<nn::Checkpoint>& init,
                      const Progress& progress = {});

}  // namespace lix::study
