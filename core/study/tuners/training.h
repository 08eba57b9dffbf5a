#pragma once
#include <memory>
#include <vector>

#include "study/tuners/prompted_model.h"
#include "study/tuners/schedule.h"

namespace lix::study::tuners {

/// Cross-entropy of one batch of support rows; its gradients are added to the learned tensors'.
Result<double> batchLoss(const Task& task, const PromptedModel& prompted, const std::vector<std::uint32_t>& rows);

/// Learns: batches are drawn anew each epoch from the task's seed; a last batch that is not full is left out where
/// there is a full one, as CoOp's loader does. Returns the mean loss of every epoch. Stops with ErrorCode::BadInput
/// where the loss is no number any more.
Result<std::vector<double>> train(const Tuner& tuner, const Task& task, const Schedule& schedule,
                                  PromptedModel& prompted, const Progress& progress);

/// Trains and holds what came out: what every fit() ends with. `settings` gains what Tuned::settings() promises.
Result<std::unique_ptr<Tuned>> tune(const Tuner& tuner, const Task& task, const Schedule& schedule,
                                    PromptedModel prompted, ParamValues settings, const Progress& progress);

}  // namespace lix::study::tuners
