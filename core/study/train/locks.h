#pragma once
#include <string>

#include "base/result.h"
#include "nn/model.h"
#include "study/train/settings.h"

namespace lix::study {

/// Where a parameter belongs: what turns pictures into features (with the matrices that mix them), what turns captions
/// into features, or the objective's scales, biases and temperatures.
enum class Side { Image, Text, Scalar };
Side sideOf(const std::string& parameter, nn::ImageHead head);

/// Whether the settings keep this weight as it is: all of a locked tower, or a tower's embeddings and first blocks.
/// Scales, biases and temperatures always learn.
bool isLocked(const TrainSettings& settings, const std::string& parameter, nn::ImageHead head);

/// Refuses more locked blocks than a tower that learns has.
Result<void> checkLocks(const TrainSettings& settings, const nn::ModelConfig& config);

/// Lets the weights that are not locked have gradients and takes them from the others, so that no graph is made for a
/// locked tower or for the blocks below the first that learns.
void applyLocks(const TrainSettings& settings, nn::Model& model);

/// Those that have gradients: what the optimizer steps and what an average follows.
nn::Parameters learned(const nn::Parameters& parameters);

/// Whether any weight of a side learns.
bool learns(const nn::Model& model, Side side);

}  // namespace lix::study
