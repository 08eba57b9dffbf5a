#pragma once
#include "base/result.h"
#include "nn/recipe.h"
#include "study/train/settings.h"

namespace lix::study {

/// The recipe of a run: settings.recipe with the options that the settings give it (nn/recipe_options.h). An option that
/// the recipe, or a start from a checkpoint, has no use for is refused with a sentence that says what takes it.
Result<nn::Recipe> recipeFor(const TrainSettings& settings);

/// The recipe by which a checkpoint of `recipe` is best gone on with: its objective with LIxP's context (SigLIxP for
/// SigLIP, CLIPxP for CLIP), or the same where there is none.
std::string postTrainingRecipe(const std::string& recipe);

}  // namespace lix::study
