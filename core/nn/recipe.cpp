#include "nn/recipe.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "nn/head_names.h"
#include "nn/reducers/reducer.h"
#include "nn/scorers/scorer.h"
#include "resources/resource.h"

namespace lix::nn {
namespace {
using nlohmann::json;

constexpr std::pair<std::string_view, Towers> kTowers[] = {
    {"siglip", Towers::Siglip}, {"clip", Towers::Clip}, {"heads", Towers::Heads}};

template <class Variant>
Result<const Variant*> findIn(std::span<const Variant* const> table, std::string_view id, const char* kind) {
  std::vector<std::string> ids;
  for (const Variant* variant : table) {
    if (variant->id == id) {
      return variant;
    }
    ids.push_back(variant->id);
  }
  return fail(ErrorCode::NotFound, cat("There is no ", kind, " '", id, "'; choose one of: ", join(ids, ", "), "."));
}

Result<Term> termFromJson(const json& part) {
  Term term;
  LIX_TRY(term.scorer, findScorer(part.at("scorer").get<std::string>()));
  LIX_TRY(term.reducer, findReducer(part.at("reducer").get<std::string>()));
  term.weight = part.value("weight", 1.0);
  term.scale = part.at("scale");
  term.bias = part.value("bias", "");
  term.temperature = part.value("temperature", "");
  term.context = {.masked = part.value("masked", true),
                  .uniform = part.value("uniform", false),
                  .detachedValues = part.value("detached_values", false)};
  term.raw = part.value("raw", false);
  return term;
}

Result<void> validate(const Recipe& recipe) {
  if (recipe.terms.empty()) {
    return fail(ErrorCode::BadInput, "it has no terms.");
  }
  if (!(recipe.effectiveNeighboursAtStart >= 0.0 && recipe.effectiveNeighboursAtStart <= 1.0)) {
    return fail(ErrorCode::BadInput, "effective_neighbours_at_start is a share of the batch, between 0 and 1.");
  }
  if (recipe.head != ImageHead::Vector && recipe.towers == Towers::Siglip) {
    return fail(ErrorCode::BadInput, "every head but vector needs the towers clip or heads.");
  }
  for (const auto& [key, value] : recipe.scalars) {  // only these are told from the towers' weights in a checkpoint
    if (key != "logit_scale" && key != "logit_bias" && !key.starts_with("lixp.")) {
      return fail(ErrorCode::BadInput,
                  cat("'scalars' names '", key, "'; the names are logit_scale, logit_bias or begin with 'lixp.'."));
    }
  }
  for (const Term& term : recipe.terms) {
    if ((term.scorer->images == ImageKind::Tokens) != (recipe.head == ImageHead::Mixture)) {
      return fail(ErrorCode::BadInput, cat("the scorer '", term.scorer->id, "' does not fit a model ",
                                           recipe.head == ImageHead::Mixture ? "with" : "without", " mixture tokens."));
    }
    if (term.scorer->learnsTemperature == term.temperature.empty()) {
      return fail(ErrorCode::BadInput, cat("the scorer '", term.scorer->id, "' ",
                                           term.scorer->learnsTemperature ? "needs" : "has no", " temperature."));
    }
    if (!(term.weight >= 0.0)) {
      return fail(ErrorCode::BadInput, "a term has a negative weight.");
    }
    if (term.scale.empty()) {
      return fail(ErrorCode::BadInput, "a term has no scale.");
    }
    for (const std::string& key : {term.scale, term.bias, term.temperature}) {
      if (!key.empty() && !recipe.scalars.contains(key)) {
        return fail(ErrorCode::BadInput, cat("'scalars' gives no first value for '", key, "'."));
      }
    }
  }
  return {};
}

}  // namespace

Result<const Scorer*> findScorer(std::string_view id) { return findIn(scorers::table(), id, "scorer"); }
Result<const Reducer*> findReducer(std::string_view id) { return findIn(reducers::table(), id, "reducer"); }

Result<Towers> towersNamed(std::string_view name) {
  const auto known = std::ranges::find(kTowers, name, &std::pair<std::string_view, Towers>::first);
  if (known == std::end(kTowers)) {
    return fail(ErrorCode::BadInput, cat("There are no towers '", name, "'; choose siglip, clip or heads."));
  }
  return known->second;
}

Result<Recipe> recipeFromJson(const std::string& text, const std::string& source) {
  try {
    const json whole = json::parse(text);
    Recipe recipe{.id = whole.at("id"),
                  .title = whole.value("title", whole.at("id").get<std::string>()),
                  .help = whole.value("help", ""),
                  .citation = whole.value("citation", "")};
    LIX_TRY(recipe.towers, towersNamed(whole.at("towers").get<std::string>()));
    const std::string head = whole.value("head", "vector");
    const auto known = std::ranges::find(kHeadNames, head, &std::pair<std::string_view, ImageHead>::first);
    if (known == std::end(kHeadNames)) {
      return fail(ErrorCode::BadInput, cat("The recipe ", source, " names the head '", head,
                                           "'; they are vector, registers, average, learned-average and mixture."));
    }
    recipe.head = known->second;
    recipe.scalars = whole.at("scalars").get<std::map<std::string, double>>();
    recipe.effectiveNeighboursAtStart = whole.value("effective_neighbours_at_start", 0.0);
    for (const json& part : whole.at("terms")) {
      LIX_TRY(Term term, termFromJson(part));
      recipe.terms.push_back(std::move(term));
    }
    if (const auto valid = validate(recipe); !valid) {
      return fail(ErrorCode::BadInput, cat("The recipe ", source, " cannot be used: ", valid.error().message));
    }
    return recipe;
  } catch (const json::exception& problem) {
    return fail(ErrorCode::BadInput, cat("The recipe ", source, " cannot be read: ", problem.what(), "."));
  }
}

Result<Recipe> findRecipe(const std::string& idOrPath) {
  if (const auto text = resource(cat("recipes/", idOrPath, ".json"))) {
    return recipeFromJson(std::string(*text), idOrPath);
  }
  if (idOrPath.ends_with(".json")) {
    LIX_TRY(const std::string text, readFile(idOrPath, 1 << 20));
    LIX_TRY(Recipe recipe, recipeFromJson(text, idOrPath));
    recipe.fileHash = hex(hash64(text));
    return recipe;
  }
  std::vector<std::string> ids;
  for (const Recipe& recipe : recipes()) {
    ids.push_back(recipe.id);
  }
  return fail(ErrorCode::NotFound, cat("There is no recipe '", idOrPath, "'; choose one of: ", join(ids, ", "),
                                       ", or give the path of a recipe's JSON file."));
}

std::vector<Recipe> recipes() {
  std::vector<Recipe> all;
  for (const auto name : resources("recipes/")) {
    all.push_back(*recipeFromJson(std::string(*resource(name)), std::string(name)));
  }
  return all;
}

std::vector<Recipe> recipesIn(const std::string& folder) {
  std::vector<Recipe> all;
  for (const auto name : resources(cat("recipes/", folder, "/"))) {
    all.push_back(*recipeFromJson(std::string(*resource(name)), std::string(name)));
  }
  std::ranges::stable_sort(all, {}, &Recipe::title);
  return all;
}

}  // namespace lix::nn
