#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "nn/adamw.h"
#include "nn/recipe.h"
#include "study/train/canary.h"
#include "study/train/loader.h"
#include "study/train/step.h"
#include "study/train/train.h"
#include "study/train/train_state.h"

namespace lix::study {

/// The loop of a run: steps, checkpoints, what its watcher asks, and its canary. Everything that decides the numbers is
/// in Training and the optimizer, so that a run that goes on from them ends in the same bytes.
class Run {
 public:
  /// Of several `ranks` rank 0 alone asks its observer, reads the canary and writes; the others follow.
  Run(Training training, nn::Recipe recipe, const TrainData& data, std::filesystem::path out, TrainObserver& observer,
      Canary* canary, Ranks* ranks = nullptr);

  nn::AdamW& optimizer() { return optimizer_; }
  Result<TrainEnd> toTheEnd();

 private:
  using Series = std::map<std::string, double>;

  bool leads() const { return ranks_ == nullptr || ranks_->leads(); }
  /// What rank 0 is asked, or decides, for all of them.
  Result<int> leaders(int value);
  /// A rank was lost in the midst of a step, which was not taken: rank 0 keeps the step before.
  std::unexpected<Error> abandon(Error why);

  /// Waits out a pause, with what was learned so far in a checkpoint; what is asked after it.
  Result<TrainRequest> answer();
  Result<TrainRequest> asked();
  Result<void> step();
  /// Moves the weights by the gradients of a batch whose loss is finite.
  void update();
  /// Leaves the weights alone, says why, and ends the run after too many.
  Result<void> skip(const BatchLoss& loss, const TrainBatch& batch);
  void warnOfUniformContext(const Series& series);

  /// The canary before the first step: what later readings are paired with.
  Result<void> firstReading();
  bool readingDue() const;
  /// Asks the canary and keeps the best; adds its series.
  Result<void> readCanary(Series& series);

  /// Writes a checkpoint of weights that are finite.
  Result<void> keep(const std::filesystem::path& folder);
  Result<void> save();
  /// A copy of this step that later ones leave alone.
  Result<void> keepStep();
  Result<TrainEnd> end();

  Training training_;
  const nn::Recipe recipe_;
  const TrainData& data_;
  const std::filesystem::path out_;
  TrainObserver& observer_;
  Canary* canary_;  ///< null also from when it sees other pictures than at the start
  Ranks* ranks_;    ///< null where one process trains alone
  nn::AdamW optimizer_;
  Loader loader_;
  const double multiplier_;
  int saved_;                 ///< step that a checkpoint holds; one that begins has nothing to lose
  bool lastSkipped_ = false;  ///< a broken model must not replace the checkpoint before it
  bool stops_ = false;        ///< the canary ends the run
};

}  // namespace lix::study
