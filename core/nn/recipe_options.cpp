#include "nn/recipe_options.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "nn/scorers/scorer.h"

namespace lix::nn {
namespace {

bool isContext(const Term& term) { return !term.temperature.empty(); }

bool hasVector(const Recipe& recipe) { return recipe.head == ImageHead::Vector; }

std::unexpected<Error> notFor(const Recipe& recipe, const char* what, bool (*takes)(const Recipe&)) {
  return fail(ErrorCode::BadInput,
              cat("The recipe '", recipe.id, "' has no ", what, "; take ", recipesThat(takes), ", or leave it out."));
}

/// Both weights follow from alpha: alpha for what is no context, the rest for the context.
Result<void> setAlpha(Recipe& recipe, double alpha) {
  if (!(alpha > 0.0 && alpha <= 1.0)) {
    return fail(ErrorCode::BadInput, cat("alpha is ", alpha, "; it is the plain term's weight, above 0 and at most 1."));
  }
  for (Term& term : recipe.terms) {
    term.weight = isContext(term) ? 1.0 - alpha : alpha;
  }
  return {};
}

Result<void> setTemperature(Recipe& recipe, const RecipeOptions& options) {
  if (options.neighboursAtStart != 0.0 && options.tauContext != 0.0) {
    return fail(ErrorCode::BadInput,
                "The context's temperature starts by effective neighbours or at a value of its own; give one of "
                "--neighbours-at-start and --tau-context.");
  }
  if (options.neighboursAtStart != 0.0) {
    if (!(options.neighboursAtStart > 0.0 && options.neighboursAtStart < 1.0)) {
      return fail(ErrorCode::BadInput, cat("Effective neighbours at the start are ", options.neighboursAtStart,
                                           "; they are a share of the batch, between 0 and 1."));
    }
    recipe.effectiveNeighboursAtStart = options.neighboursAtStart;
  }
  if (options.tauContext != 0.0) {
    if (!(options.tauContext > 0.0) || !std::isfinite(options.tauContext)) {
      return fail(ErrorCode::BadInput, cat("tau_ctx is ", options.tauContext, "; it must be a positive number."));
    }
    recipe.effectiveNeighboursAtStart = 0.0;
    for (const Term& term : recipe.terms) {
      if (isContext(term)) {
        recipe.scalars.at(term.temperature) = std::log(options.tauContext);
      }
    }
  }
  return {};
}

/// Context terms take the first term's key; scalars that no term names any more vanish.
void share(Recipe& recipe, std::string Term::*key) {
  for (Term& term : recipe.terms) {
    if (isContext(term) && !(term.*key).empty()) {
      term.*key = recipe.terms.front().*key;
    }
  }
  std::erase_if(recipe.scalars, [&](const auto& scalar) {
    return std::ranges::none_of(recipe.terms, [&](const Term& term) {
      return scalar.first == term.scale || scalar.first == term.bias || scalar.first == term.temperature;
    });
  });
}

Result<void> setContext(Recipe& recipe, const RecipeOptions& options) {
  const ContextOptions& context = options.context;
  if (context.uniform && (options.neighboursAtStart != 0.0 || options.tauContext != 0.0)) {
    return fail(ErrorCode::BadInput,
                "A uniform context weighs all images alike, whatever its temperature; leave --neighbours-at-start and "
                "--tau-context out.");
  }
  for (Term& term : recipe.terms) {
    if (isContext(term)) {
      term.context.masked = term.context.masked && context.masked;
      term.context.uniform = term.context.uniform || context.uniform;
      term.context.detachedValues = term.context.detachedValues || context.detachedValues;
      term.raw = term.raw || options.rawContext;
    }
  }
  return setTemperature(recipe, options);
}

bool asksOfContext(const RecipeOptions& o) {
  return o.alpha != 0.0 || o.neighboursAtStart != 0.0 || o.tauContext != 0.0 || !o.context.masked || o.context.uniform ||
         o.context.detachedValues || o.rawContext || o.sharedScale || o.sharedBias;
}

}  // namespace

bool hasContext(const Recipe& recipe) { return std::ranges::any_of(recipe.terms, isContext); }

bool hasContextBias(const Recipe& recipe) {
  return std::ranges::any_of(recipe.terms, [](const Term& term) { return isContext(term) && !term.bias.empty(); });
}

std::string recipesThat(bool (*takes)(const Recipe&)) {
  std::string text;
  for (const Recipe& recipe : recipes()) {
    if (takes(recipe)) {
      text += cat(text.empty() ? "" : ", ", recipe.id);
    }
  }
  const auto last = text.rfind(", ");
  return last == std::string::npos ? text : text.replace(last, 2, " or ");
}

Result<Recipe> withOptions(Recipe recipe, const RecipeOptions& options) {
  if (!options.towers.empty()) {
    LIX_TRY(const Towers towers, towersNamed(options.towers));
    if (towers == Towers::Siglip && !hasVector(recipe)) {
      return fail(ErrorCode::BadInput, cat("The recipe '", recipe.id, "' averages or mixes tokens, which SigLIP towers ",
                                           "do not have; take --towers clip or heads, or leave it out."));
    }
    recipe.towers = towers;
  }
  if (asksOfContext(options)) {
    if (!hasContext(recipe)) {
      return notFor(recipe, "context term that could be changed", hasContext);
    }
    if (options.sharedBias && !hasContextBias(recipe)) {
      return notFor(recipe, "second bias that could be shared", hasContextBias);
    }
    LIX_CHECK(setContext(recipe, options));
    if (options.alpha != 0.0) {
      LIX_CHECK(setAlpha(recipe, options.alpha));
    }
    if (options.sharedScale) {
      share(recipe, &Term::scale);
    }
    if (options.sharedBias) {
      share(recipe, &Term::bias);
    }
  }
  return recipe;
}

}  // namespace lix::nn
