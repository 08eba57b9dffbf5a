#pragma once
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "lixp/session.h"
#include "ranks/ranks.h"
#include "study/train/need.h"
#include "study/train/train.h"

namespace lix::app {

/// What the train verb was asked.
struct TrainOrder {
  study::TrainSettings settings;
  std::string device = "auto";
  std::filesystem::path out;
  std::filesystem::path resume;
  bool dryRun = false;
  bool sizes = false;
  bool queue = false;             ///< wait for its turn instead of starting
  std::string requeue;            ///< the waiting run that gets this plan instead of its own
  std::string queued;             ///< the waiting run that is to be started
  std::filesystem::path preview;  ///< folder for pictures as the network sees them
  int previewStep = 1;
  std::shared_ptr<Ranks> ranks;   ///< the processes that train together; null where this one is alone
  std::vector<std::pair<CLI::Option*, std::string>> options;  ///< those that may be repeated on --resume, if they agree
};

/// What `lixp train` does: one run, or with a folder of recipes (llip-ladder) a run for each of them with the same
/// settings and seed, in <out>/<rung>. A rung that is complete is passed over and one that was cut off goes on, so that
/// the same command may be repeated; at the end stands a table of all.
Result<Output> trainVerb(const Session& session, TrainOrder order);

/// What a run's own numbers say: the last loss, and the median of its images a second; not a number where there is none.
struct RunNumbers {
  double loss = std::numeric_limits<double>::quiet_NaN();
  double imagesPerSecond = std::numeric_limits<double>::quiet_NaN();
};
RunNumbers summary(const std::vector<double>& losses, std::vector<double> rates);
/// Of the run whose checkpoint folder this is.
RunNumbers numbersOf(const Session& session, const std::filesystem::path& out);
/// Where the rungs of a ladder go when no folder was given.
Result<std::filesystem::path> ladderFolder(const Session& session, const std::string& recipe);

/// Runs the training in this process: with a workspace where the program has the store, else to a file of JSON lines.
Result<Output> trainRun(const Session& session, TrainOrder order);

/// Says in one line what the run will need, before anything is made for it; fails with what would fit where it cannot.
Result<void> stateNeed(const Session& session, const study::TrainSettings& settings, const nn::Recipe& recipe,
                       const nn::ModelConfig& config);

/// --sizes: what every size preset would need with these settings.
Result<Output> sizesOutput(const study::TrainSettings& settings);

nlohmann::json costJson(const nn::Cost& cost);

/// Prepared data as --dry-run tries it: nothing is kept.
Result<Output> dryRunOutput(const Session& session, const study::TrainSettings& settings, const study::TrainData& data,
                            const std::optional<nn::Checkpoint>& init);

/// A setting that two runs do not share, as its option and both values in JSON.
struct Difference {
  std::string option, before, now;
};
std::vector<Difference> differencesOf(const study::TrainSettings& before, const study::TrainSettings& now);

/// Merges a resumed run's settings with what was asked again; the error names the option that does not agree. The
/// micro-batch may change.
Result<study::TrainSettings> agree(const study::TrainSettings& kept, const TrainOrder& order);

/// The micro-batch that was asked for in words; 0 where the option was left out.
int askedMicroBatch(const TrainOrder& order);

/// Says once what was left out when the data was packed.
void noteSkipped(const Session& session, const study::Pack& pack);

bool isCheckpoint(const std::filesystem::path& folder);

/// The folder as the workspace keeps it: absolute, without "..", or a slash at its end.
std::filesystem::path placeOf(const std::filesystem::path& folder);

/// Makes the paths of a checkpoint, a pack, a file of features or a recipe's file absolute, so that --resume finds them
/// from another folder; features are for heads.
void completePaths(study::TrainSettings& settings);

/// A tenth of the usual peak rate where a run starts from a checkpoint and no rate was asked for; says so.
void lowerRateForPostTraining(const Session& session, TrainOrder& order);

/// Whether a new run may write there. The checkpoint folder is swapped in whole, so what lies there already would be
/// gone; and whether it can be written is better known now than after the first hundred steps.
Result<void> checkOut(const std::filesystem::path& out);

/// Which device a run uses; refuses "cuda" where this program cannot.
Result<std::string> deviceFor(const std::string& asked);

/// What a finished run says of itself.
Output trainOutput(const study::TrainSettings& settings, study::TrainEnd end, const std::filesystem::path& out,
                   const std::map<std::string, double>& series, const std::vector<std::string>& notices);

/// The line that shows a step: loss, temperatures, images per second.
std::string stepLine(int step, const std::map<std::string, double>& series);

}  // namespace lix::app
