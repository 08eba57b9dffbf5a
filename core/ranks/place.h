#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix {

/// Which of several processes that train one model together this one is, and where they meet.
struct RankPlace {
  int rank = 0;       ///< 0 leads: it alone writes
  int size = 1;       ///< how many there are, on all machines
  int localRank = 0;  ///< on this machine: the GPU that it takes
  int localSize = 1;  ///< how many share this machine, its cores and its memory
  std::string host;   ///< of the meeting point
  std::uint16_t port = 0;
  bool hosted = false;  ///< the launcher keeps the meeting point open; else rank 0 does
  std::string attempt;  ///< tells restarts of one launch apart
};

using Environment = std::function<std::optional<std::string>(const char* name)>;
std::optional<std::string> processEnvironment(const char* name);

/// What the launcher says: torchrun's RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR and MASTER_PORT, else
/// those of a Slurm step (srun: SLURM_PROCID, SLURM_STEP_NUM_TASKS, SLURM_LOCALID, SLURM_STEP_TASKS_PER_NODE; they meet
/// at the first host of SLURM_STEP_NODELIST, at a port made of SLURM_JOB_ID, unless MASTER_ADDR and MASTER_PORT say
/// otherwise). Nothing for a process alone. A batch
/// script of Slurm that starts the program without srun is alone too. Fails where a value is missing or is no number.
Result<std::optional<RankPlace>> rankPlace(const Environment& environment = processEnvironment);

/// The first host of a Slurm list: "gpu[03-05,09],cpu1" -> "gpu03"; "" where it cannot be told.
std::string firstHost(const std::string& nodes);

}  // namespace lix
