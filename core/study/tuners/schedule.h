#pragma once
#include <string>
#include <vector>

#include "study/tuners/tuner.h"

namespace lix::study::tuners {

/// How learned tensors are trained: SGD by CoOp's rates (cosineRate() of sgd.h).
struct Schedule {
  double rate = 2e-3;
  double momentum = 0.9;
  double weightDecay = 5e-4;  ///< of everything learned
  double warmup = 1e-5;       ///< rate of the first epoch
  long long epochs = 0;
  long long batch = 32;
  enum class Keep { Last, Best } keep = Keep::Last;  ///< Best: the first epoch with the best validation accuracy
};

/// The settings that all tuners have, with their own defaults.
std::vector<Param> scheduleParams(const Schedule& defaults, const std::string& epochsHelp);

/// A schedule from checked settings; Keep::Best without validation pictures is refused.
Result<Schedule> scheduleFrom(const Tuner& tuner, const Task& task, const ParamValues& settings);

/// `params` with the defaults filled in; refuses the parameters and tasks that Tuner::fit refuses.
Result<ParamValues> checkTask(const Tuner& tuner, const Task& task, const ParamValues& params);

/// Refuses pictures without what `reads` says, or with features of another model. `what` names the set: "support".
Result<void> checkPictures(const nn::ModelConfig& config, Tuner::Reads reads, const Pictures& pictures,
                           const std::string& what);

/// Mean number of support pictures of a class.
double shotsOf(const Task& task);

}  // namespace lix::study::tuners
