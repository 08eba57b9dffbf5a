#pragma once
#include <optional>
#include <string>

#include "nn/cost.h"
#include "study/train/settings.h"

namespace lix::study {

/// What a run will need, from its settings and shapes alone, before anything is allocated.
struct Need {
  nn::Cost cost;
  int microBatch = 0;             ///< the person's, or as it would be chosen now
  double stepFlops = 0.0;
  double stepBytes = 0.0;
  std::optional<double> freeBytes;
  std::string sentence;           ///< all of it in one line
};

/// What the settings make of a recipe's cost: their batch, locks, average and threads, and the batches that wait.
nn::Cost costFor(const TrainSettings& settings, const nn::Recipe& recipe, const nn::ModelConfig& config);

/// `freeBytes`: what the machine has left, nothing where it is not known. Fails with a sentence that says what would fit
/// where a step cannot.
Result<Need> needOf(const TrainSettings& settings, const nn::Recipe& recipe, const nn::ModelConfig& config,
                    std::optional<double> freeBytes);

/// What a run that starts from nothing will need on this machine, or why it cannot be: one sentence for a form. "" for
/// MLP heads, whose sizes the features decide.
std::string sizeSentence(const TrainSettings& settings);

/// What training each size preset by a recipe would need, in the order of their parameters; `settings.size` is passed
/// over. Presets that the settings' architecture does not suit carry the reason instead.
struct SizeRow {
  std::string preset;
  std::string title;
  std::string help;  ///< where its widths come from
  nn::Cost cost;
  double stepFlops = 0.0;
  double stepBytes = 0.0;  ///< with the whole batch at once
  std::string refusal;     ///< "" where it can be made and fits into `freeBytes`
};
Result<std::vector<SizeRow>> sizesFor(const TrainSettings& settings, std::optional<double> freeBytes);

}  // namespace lix::study
