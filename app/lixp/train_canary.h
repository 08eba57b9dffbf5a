#pragma once
#include <map>
#include <memory>
#include <string>

#include "lixp/session.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/text/tokenizer.h"
#include "store/workspace.h"
#include "study/train/train.h"

namespace lix::app {

/// Refuses a canary that cannot be, from its dataset's labels alone, before anything is made for the run.
Result<void> checkCanary(const store::Workspace& workspace, const study::TrainSettings& settings);

/// How pictures are prepared, as the trainer chooses it. `from`: checkpoint folder that the model comes from, or empty.
Result<nn::Preprocess> preprocessFor(const study::TrainSettings& settings, const study::TrainData& data,
                                     const std::optional<nn::Checkpoint>& init, const std::filesystem::path& from);

/// The tokenizer that the run's own checkpoints keep.
Result<std::shared_ptr<const nn::Tokenizer>> tokenizerOf(const study::TrainData& data);

/// The canary that the settings ask for, read and resized for the run's model; null where they ask for none. `from`:
/// checkpoint folder that the model comes from, or empty. What is left out is noted.
Result<std::unique_ptr<study::Canary>> canaryFor(const Session& session, const store::Workspace& workspace,
                                                 const study::TrainSettings& settings, const study::TrainData& data,
                                                 const std::optional<nn::Checkpoint>& init,
                                                 const std::filesystem::path& from);

/// "canary 41.2 % (+1.8)" of the newest reading, "" before the first.
std::string canaryLine(const std::map<std::string, double>& reading);

/// Adds what the canary saw first and last, and the paired change of zero-shot with its 95 % interval.
void addCanary(const store::Workspace& workspace, long long run, const std::string& dataset, Output& output);

}  // namespace lix::app
