#pragma once
#include <utility>
#include <vector>

#include "lixp/session.h"
#include "study/train/train.h"

namespace lix::app {

/// What the train verb was asked.
struct TrainOrder {
  study::TrainSettings settings;
  std::string device = "auto";
  std::filesystem::path out;
  std::filesystem::path resume;
  bool dryRun = false;
  std::vector<std::pair<CLI::Option*, std::string>> options;  ///< those that may be repeated on --resume, if they agree
};

/// Runs the training in this process: with a workspace where the program has the store, else to a file of JSON lines.
Result<Output> trainRun(const Session& session, TrainOrder order);

/// Prepared data as --dry-run tries it: nothing is kept.
Result<Output> dryRunOutput(const Session& session, const study::TrainSettings& settings, const study::TrainData& data,
                            const std::optional<nn::Checkpoint>& init);

/// Merges a resumed run's settings with what was asked again; the error names the option that does not agree.
Result<study::TrainSettings> agree(const study::TrainSettings& kept, const TrainOrder& order);

/// Says once what was left out when the data was packed.
void noteSkipped(const Session& session, const study::Pack& pack);

bool isCheckpoint(const std::filesystem::path& folder);

/// The folder as the workspace keeps it: absolute, without "..", or a slash at its end.
std::filesystem::path placeOf(const std::filesystem::path& folder);

/// Makes the paths of a checkpoint, a pack or a recipe's file absolute, so that --resume finds them from another folder.
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
