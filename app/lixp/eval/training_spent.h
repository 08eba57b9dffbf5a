#pragma once
#include <optional>
#include <string>

#include "store/workspace.h"
#include "study/eval/embed.h"

namespace lix::app {

/// What the run that wrote a checkpoint spent until then. What came before the checkpoint that it began from is not in
/// it.
struct TrainingSpent {
  long long steps = 0;
  long long samples = 0;
  double flops = 0.0;  ///< steps x (forward once and backward twice a sample, and the pairs of the loss)
  std::string start;   ///< the checkpoint that the run began from, "" for none
};

/// From the workspace's runs, else from the training state beside the weights; nothing where neither knows the run or
/// its recipe is gone.
std::optional<TrainingSpent> trainingSpent(const store::Workspace& workspace, const std::filesystem::path& checkpoint,
                                           const study::Evaluator& evaluator);

}  // namespace lix::app
