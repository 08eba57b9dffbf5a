#pragma once
#include <optional>

#include "nn/checkpoint/checkpoint.h"
#include "study/train/train.h"
#include "study/train/train_state.h"

namespace lix::study {

/// A run before its first step: the model drawn, or copied from `init`, with the recipe's scalars, its preprocessing
/// and micro-batch. Refuses what cannot be trained: a start of other towers, words or size than recipe and data, one
/// without the scale or bias that the recipe goes on from, locks beyond the towers, a step that the memory cannot hold.
Result<Training> startTraining(const TrainSettings& settings, const nn::Recipe& recipe, const TrainData& data,
                               const std::optional<nn::Checkpoint>& init);

}  // namespace lix::study
