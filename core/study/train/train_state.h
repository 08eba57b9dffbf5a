#pragma once
#include <filesystem>

#include "nn/adamw.h"
#include "nn/model.h"
#include "study/train/canary_watch.h"
#include "study/train/loader.h"
#include "study/train/train.h"

namespace lix::study {

/// Whether tau_ctx is fresh and must be set from the first batch, or was learned or set already.
enum class ContextTemperature { Fresh, Given };

/// Everything a step needs and a checkpoint keeps.
struct Training {
  TrainSettings settings;
  nn::Model model;
  nn::Preprocess preprocess;
  int step = 0;
  DataPosition position;
  int microBatch = 0;       ///< pictures embedded at once; the whole batch where nothing is cached
  int skipped = 0;          ///< steps whose batch gave no finite loss and gradient
  nn::Parameters average;   ///< of the weights that learn, where settings.ema asks for one (weights_average.h)
  CanaryMemory canary;
  ContextTemperature temperature = ContextTemperature::Given;
  std::string recipeHash;  ///< Recipe::fileHash
};

/// The model that a checkpoint shows: the averaged weights where there are any.
nn::Model shown(const Training& training);

/// Writes the whole checkpoint folder beside `out` and swaps it in: model.safetensors is the shown model, the training
/// state keeps the weights that learn.
Result<void> saveTraining(const Training& training, const nn::AdamW& optimizer, const TrainData& data,
                          const std::filesystem::path& out);

/// Reads parameters (fp32, bit for bit), optimizer state, position, average and canary back. Refuses other data.
struct Restored {
  Training training;
  std::map<std::string, at::Tensor> optimizer;
  int threads = 0;
  std::string cpuCapability;
};
Result<Restored> restoreTraining(const TrainData& data, const std::filesystem::path& out);

}  // namespace lix::study
