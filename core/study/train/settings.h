#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace lix::study {

/// Everything that decides the numbers of a training run. Kept in the training state and in the run's row.
struct TrainSettings {
  std::string recipe = "siglip";
  std::string size = "tiny";
  std::string data;  ///< name of the dataset or pack
  std::string init;  ///< checkpoint to start from, "" = from nothing
  int steps = 1000;
  int batch = 128;
  std::uint64_t seed = 0;
  double learningRate = 1e-3;
  double warmup = 0.1;  ///< share of the steps with a linearly rising rate; cosine to zero afterwards
  double weightDecay = 0.1;
  double clip = 1.0;  ///< joint gradient norm, 0 = off
  double scalarMultiplier =
      0.0;               ///< of the rate of scales, biases and temperatures; 0 = by the rule of scalarMultiplierRule
  double minCrop = 0.6;  ///< least area of the random crop, 1 = no augmentation
  bool flip = false;     ///< mirroring at random; off because captions say left and right
  int threads = 0;       ///< 0 = all cores; the same number gives the same bytes
  int checkpointEvery = 200;
  bool halfWeights = false;  ///< model.safetensors in fp16 (the training state keeps fp32)

  Result<void> validate() const;
};

std::string toJson(const TrainSettings& settings);
Result<TrainSettings> settingsFromJson(const std::string& json);

/// Learning rate of a step: linear warm-up, cosine to zero.
double learningRate(const TrainSettings& settings, int step);

/// clamp(15 / sum of all learning rates, 1, 100): how much faster scales, biases and temperatures must move to cross
/// their range in a run this short, since Adam moves a logarithm by about one learning rate a step (docs/papers.md).
double scalarMultiplierRule(const TrainSettings& settings);

}  // namespace lix::study
