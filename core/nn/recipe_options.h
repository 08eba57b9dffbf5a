#pragma once
#include <string>

#include "base/result.h"
#include "nn/recipe.h"

namespace lix::nn {

/// What a person may change of a recipe (docs/papers.md); empty, 0 and false leave what the recipe says.
struct RecipeOptions {
  std::string towers;              ///< "clip" or "heads", and "siglip" for recipes with one vector an image
  double alpha = 0.0;              ///< weight of the plain term, in (0, 1]; the context's is 1 - alpha
  double neighboursAtStart = 0.0;  ///< effective neighbours at the start as a share of the batch, in (0, 1)
  double tauContext = 0.0;         ///< first tau_ctx itself
  ContextOptions context;          ///< placebo, mask and values of the context
  bool rawContext = false;         ///< the context is not normalised before the second loss
  bool sharedScale = false;        ///< one temperature for both terms: the context's own vanishes
  bool sharedBias = false;
};

/// Whether a recipe has a term that attends to other images, which most options are about.
bool hasContext(const Recipe& recipe);
/// Whether its context term has a bias of its own that could be shared.
bool hasContextBias(const Recipe& recipe);

/// The recipe with these options. One that does not apply to it, or is out of range, is refused with a sentence that
/// names the built-in recipes which take it.
Result<Recipe> withOptions(Recipe recipe, const RecipeOptions& options);

/// "siglixp or clipxp": the built-in recipes of which `takes` is true.
std::string recipesThat(bool (*takes)(const Recipe&));

}  // namespace lix::nn
