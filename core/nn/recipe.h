#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nn/config.h"
#include "nn/ops/context_options.h"

namespace lix::nn {

struct Scorer;
struct Reducer;

/// One weighted term of a loss: scorer, reducer, and the keys of its own learned scalars.
struct Term {
  const Scorer* scorer = nullptr;
  const Reducer* reducer = nullptr;
  double weight = 1.0;
  std::string scale;        ///< key of ln(scale); exp multiplies the cosines
  std::string bias;         ///< key of the bias, "" for none
  std::string temperature;  ///< key of ln(tau_ctx), "" for none
  ContextOptions context;   ///< of a scorer that attends to other images
  bool raw = false;         ///< the context is not normalised before it meets the captions
};

/// An objective as data (resources/recipes/<id>.json): towers x terms.
struct Recipe {
  std::string id;
  std::string title;
  std::string help;
  std::string citation;
  Towers towers = Towers::Siglip;
  ImageHead head = ImageHead::Vector;
  std::vector<Term> terms;
  std::map<std::string, double> scalars;    ///< first values of the scales (as logarithms), biases and temperatures
  double effectiveNeighboursAtStart = 0.0;  ///< of tau_ctx, as a share of the batch; 0 = take the value in `scalars`
  std::string fileHash;                     ///< of the text of a person's own file, "" for a built-in recipe
};

/// "siglip", "clip" or "heads".
Result<Towers> towersNamed(std::string_view name);

Result<Recipe> recipeFromJson(const std::string& json, const std::string& source);
/// A built-in recipe by id, or one of a person's own by the path of its JSON file.
Result<Recipe> findRecipe(const std::string& idOrPath);
/// All built-in recipes.
std::vector<Recipe> recipes();
/// The recipes of a built-in folder ("llip-ladder") by their titles, which number the rungs; empty where there is no such folder.
std::vector<Recipe> recipesIn(const std::string& folder);

}  // namespace lix::nn
