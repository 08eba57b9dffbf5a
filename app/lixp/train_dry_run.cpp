#include "base/text.h"
#include "lixp/train_run.h"
#include "study/train/dry_run.h"

namespace lix::app {
namespace {

/// "3 s", "12 min", "5.2 h", as exact as three timed steps are.
std::string roughly(double seconds) {
  return seconds < 90.0       ? cat(fixed(seconds, seconds < 10.0 ? 1 : 0), " s")
         : seconds < 5400.0   ? cat(fixed(seconds / 60.0, 0), " min")
         : seconds < 172800.0 ? cat(fixed(seconds / 3600.0, 1), " h")
                              : cat(fixed(seconds / 86400.0, 1), " days");
}

}  // namespace

Result<Output> dryRunOutput(const Session& session, const study::TrainSettings& settings, const study::TrainData& data,
                            const std::optional<nn::Checkpoint>& init) {
  LIX_TRY(const study::DryRun found, study::dryRun(settings, data, init, session.progress()));
  Output output;
  output.json = {{"recipe", settings.recipe},
                 {"steps", settings.steps},
                 {"batch", settings.batch},
                 {"parameters", found.parameters},
                 {"peak_memory_bytes", found.peakMemory},
                 {"seconds_per_step", found.secondsPerStep},
                 {"images_per_second", found.imagesPerSecond},
                 {"estimated_seconds", found.totalSeconds},
                 {"scalar_multiplier", found.multiplier},
                 {"threads", study::threadsFor(settings.threads)},
                 {"warnings", found.warnings}};
  if (found.neighbours) {
    output.json["effective_neighbours_share"] = *found.neighbours;
  }
  output.text = cat("Parameters        ", found.parameters, "\n", "Peak memory       ", found.peakMemory >> 20,
                    " MiB (", found.peakMemory, " bytes)\n", "A step            ", fixed(found.secondsPerStep, 3),
                    " s, ", fixed(found.imagesPerSecond, 0), " images/s\n", "All ", settings.steps, " steps: about ",
                    roughly(found.totalSeconds),
                    " at the pace of three steps measured now, without preparing data and writing checkpoints\n");
  for (const std::string& warning : found.warnings) {
    output.text += cat("Warning: ", warning, "\n");
  }
  return output;
}

}  // namespace lix::app
