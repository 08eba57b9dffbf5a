#include "lixp/eval/training_spent.h"

#include "store/checkpoint_store.h"
#include "store/run_store.h"
#include "study/train/need.h"
#include "study/train/recipe_for.h"
#include "study/train/train.h"

namespace lix::app {
namespace {

Result<study::TrainState> stateFrom(const store::Workspace& workspace, const std::filesystem::path& checkpoint) {
  const auto row = store::CheckpointStore(workspace).find(checkpoint);
  if (row && row->run) {
    LIX_TRY(const store::RunRow run, store::RunStore(workspace).find(*row->run));
    LIX_TRY(study::TrainSettings settings, study::settingsFromJson(run.settings));
    return study::TrainState{.settings = std::move(settings), .step = static_cast<int>(row->step)};
  }
  return study::readTrainState(checkpoint);
}

}  // namespace

std::optional<TrainingSpent> trainingSpent(const store::Workspace& workspace, const std::filesystem::path& checkpoint,
                                           const study::Evaluator& evaluator) {
  const auto state = stateFrom(workspace, checkpoint);
  if (!state || state->step < 1) {
    return std::nullopt;
  }
  const study::TrainSettings& settings = state->settings;
  const auto recipe = study::recipeFor(settings);
  if (!recipe) {
    return std::nullopt;
  }
  const nn::Cost cost = study::costFor(settings, *recipe, evaluator.checkpoint.model.config);
  return TrainingSpent{.steps = state->step,
                       .samples = static_cast<long long>(state->step) * settings.batch,
                       .flops = state->step * cost.stepFlops(settings.batch, settings.batch),
                       .start = settings.init};
}

}  // namespace lix::app
