#pragma once
#include <filesystem>
#include <optional>

#include "lixp/train_run.h"
#include "nn/checkpoint/checkpoint.h"
#include "store/run_store.h"
#include "store/workspace.h"

namespace lix::app {

/// What can be known to be wrong of a new run from what was asked alone: data, numbers, recipe, canary, the place it
/// writes to. Whether the machine has the memory is another question (checkNeed of train_workspace.cpp).
Result<void> checkAsked(const store::Workspace& workspace, const TrainOrder& order);

/// The dataset, packed and tokenised as the model needs it. `tokenizerFolder`: of the checkpoint `init`.
Result<study::TrainData> dataFor(const Session& session, const store::Workspace& workspace,
                                 const study::TrainSettings& settings, const std::optional<nn::Checkpoint>& init,
                                 const std::filesystem::path& tokenizerFolder);

/// The row of a new run, without name, folder and moments.
store::RunRow plannedRow(const study::TrainSettings& settings, const std::filesystem::path& out);

/// --queue: the run waits for its turn; --requeue: another plan for one that waits.
Result<Output> queueRun(const Session& session, const TrainOrder& order);

/// --queued: takes the next run over, which leaves the queue; fails with ErrorCode::Busy where somebody else did. The
/// order then says what its row says.
Result<store::RunRow> takeQueued(const store::Workspace& workspace, const store::RunStore::Machine& machine,
                                 TrainOrder& order);

/// --preview: pictures and captions of a step as the network sees them, as PNG files in a folder and JSON.
Result<Output> previewRun(const Session& session, const store::Workspace& workspace, const TrainOrder& order);

}  // namespace lix::app
