#include "base/memory.h"
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

nlohmann::json needJson(const study::Need& need) {
  nlohmann::json json = costJson(need.cost);
  json.update({{"step_flops", need.stepFlops}, {"step_bytes", need.stepBytes}, {"micro_batch", need.microBatch}});
  if (need.freeBytes) {
    json["free_bytes"] = *need.freeBytes;
  }
  return json;
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
                 {"stated", needJson(found.stated)},
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
  output.text = cat("Parameters        ", found.parameters, "\n", "By shapes         ", found.stated.sentence, "\n",
                    "Peak memory       ", found.peakMemory >> 20, " MiB (", found.peakMemory,
                    " bytes) of the whole process; a step by shapes ", bytesText(found.stated.stepBytes), "\n",
                    "A step            ", fixed(found.secondsPerStep, 3),
                    " s, ", fixed(found.imagesPerSecond, found.imagesPerSecond < 10.0 ? 1 : 0), " images/s\n", "All ", settings.steps, " steps: about ",
                    roughly(found.totalSeconds),
                    " at the pace of three steps measured now, without preparing data and writing checkpoints\n");
  for (const std::string& warning : found.warnings) {
    output.text += cat("Warning: ", warning, "\n");
  }
  return output;
}

}  // namespace lix::app
