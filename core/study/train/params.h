#pragma once
#include <string>
#include <vector>

#include "base/param.h"
#include "base/result.h"
#include "study/train/settings.h"

namespace lix::study {

/// What a run starts from: its usual learning rate hangs on it (docs/papers.md, post-training).
enum class TrainStart { Nothing, Checkpoint };

/// The numbers of TrainSettings as parameters: forms and the help of `lixp train` come from them. The option of the key
/// "learning_rate" is "--learning-rate". Recipe, size, data and start are chosen from lists and are not among them.
std::vector<Param> trainParams(TrainStart start = TrainStart::Nothing);
/// One of them; the key must be there.
Param trainParam(const std::string& key, TrainStart start = TrainStart::Nothing);

ParamValues paramValues(const TrainSettings& settings);
/// `settings` with these values. Refuses unknown keys, other types and values out of range.
Result<TrainSettings> withParams(TrainSettings settings, const ParamValues& values);

/// What `lixp train` has to be given for a run with these settings; defaults are left out.
std::vector<std::string> trainArguments(const TrainSettings& settings);

}  // namespace lix::study
