#pragma once
#include <filesystem>
#include <memory>

#include "lixp/train_run.h"
#include "ranks/ranks.h"

namespace lix::app {

/// Joins the processes that a launcher (torchrun, srun) started with this one; null where there is none. Fails for what
/// one process does (a ladder, a preview, --dry-run, the queue).
Result<std::shared_ptr<Ranks>> joinRanks(const TrainOrder& order);

/// What rank 0 has made ready: all others train with it.
struct SharedRun {
  study::TrainSettings settings;
  std::filesystem::path out;
  bool again = false;  ///< goes on from the checkpoint at `out`
  int microBatch = 0;  ///< asked for, where it goes on
};

/// Rank 0 lets the others begin; nothing to do where it is alone.
Result<void> beginTogether(Ranks* ranks, const SharedRun& run);

/// What a rank that does not lead does: waits until rank 0 has packed the data, opens it, and trains. It keeps no row
/// and writes nothing; its output is empty.
Result<Output> followRun(const Session& session, Ranks& ranks);

/// The data of a run that rank 0 has made ready, opened once more.
Result<study::TrainData> preparedData(const Session& session, const study::TrainSettings& settings,
                                      const std::optional<nn::Checkpoint>& init,
                                      const std::filesystem::path& tokenizerFolder);

}  // namespace lix::app
