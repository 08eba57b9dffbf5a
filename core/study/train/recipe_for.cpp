#include "study/train/recipe_for.h"

#include "base/text.h"
#include "nn/recipe_options.h"
#include "study/train/params.h"

namespace lix::study {
namespace {

/// What takes a field: built-in recipes, or the MLP heads of any.
std::string takersOf(const TrainField& field) {
  std::vector<std::string> ids;
  for (const nn::Recipe& recipe : nn::recipes()) {
    if (field.appliesTo(TrainStart::Nothing, recipe)) {
      ids.push_back(recipe.id);
    }
  }
  return ids.empty() ? "those with --towers heads" : join(ids, ", ");
}

/// Options of the model; those of the objective are refused by withOptions.
Result<void> checkModelOptions(const TrainSettings& settings, const nn::Recipe& recipe) {
  const ParamValues values = paramValues(settings), defaults = paramValues({});
  for (const TrainField& field : trainFields()) {
    const std::string& key = field.param.key;
    if (field.group != TrainGroup::Model || key == "towers" || values.at(key) == defaults.at(key)) {
      continue;
    }
    if (!field.appliesTo(TrainStart::Nothing, recipe)) {
      return fail(ErrorCode::BadInput, cat("The recipe '", recipe.id, "' has no use for ", field.option(),
                                           "; recipes that take it: ", takersOf(field), "."));
    }
    if (!settings.init.empty()) {
      return fail(ErrorCode::BadInput, cat(field.option(), " belongs to a model that starts from nothing; ",
                                           settings.init, " brings its own, so leave it out."));
    }
  }
  return {};
}

/// A tower that never learned cannot be kept as it is.
Result<void> checkLocked(const TrainSettings& settings) {
  const char* option = settings.lockImage        ? "--lock-image"
                       : settings.lockText       ? "--lock-text"
                       : settings.lockBlocks > 0 ? "--lock-blocks"
                                                 : nullptr;
  if (option && settings.init.empty()) {
    return fail(ErrorCode::BadInput, cat(option, " keeps what a checkpoint learned, and a model that starts from ",
                                         "nothing has learned nothing; give --init, or leave it out."));
  }
  return {};
}

/// An image attends to one other at the least.
Result<void> checkNeighbours(const TrainSettings& settings) {
  const int others = settings.batch - (settings.unmasked ? 0 : 1);
  if (settings.neighboursAtStart > 0.0 && others > 1 && settings.neighboursAtStart * others <= 1.0) {
    return fail(ErrorCode::BadInput, cat("--neighbours-at-start ", settings.neighboursAtStart, " of ", others,
                                         " images is less than the one that a context must see; give more than ",
                                         1.0 / others, ", or a larger batch."));
  }
  return {};
}

}  // namespace

std::string postTrainingRecipe(const std::string& recipe) {
  return recipe == "siglip" ? "siglixp" : recipe == "clip" ? "clipxp" : recipe;
}

Result<nn::Recipe> recipeFor(const TrainSettings& settings) {
  LIX_TRY(nn::Recipe plain, nn::findRecipe(settings.recipe));
  LIX_TRY(nn::Recipe recipe, nn::withOptions(std::move(plain), {.towers = settings.towers,
                                                                .alpha = settings.alpha,
                                                                .neighboursAtStart = settings.neighboursAtStart,
                                                                .tauContext = settings.tauContext,
                                                                .context = {.masked = !settings.unmasked,
                                                                            .uniform = settings.uniformContext,
                                                                            .detachedValues = settings.detachedValues},
                                                                .rawContext = settings.rawContext,
                                                                .sharedScale = settings.sharedScale,
                                                                .sharedBias = settings.sharedBias}));
  LIX_CHECK(checkModelOptions(settings, recipe));
  LIX_CHECK(checkLocked(settings));
  LIX_CHECK(checkNeighbours(settings));
  return recipe;
}

}  // namespace lix::study
