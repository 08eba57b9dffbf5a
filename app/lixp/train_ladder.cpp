#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/text.h"
#include "lixp/train_ranks.h"
#include "nn/recipe_options.h"
#include "study/train/params.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

/// A rung that was trained, and what the table says of it.
struct Rung {
  std::string name;
  fs::path out;
  RunNumbers numbers;
};

std::string nameOf(const nn::Recipe& recipe) { return recipe.id.substr(recipe.id.find('/') + 1); }

/// A rung goes on, or counts as done, only with the settings that are asked for now.
Result<void> sameSettings(const fs::path& out, const study::TrainSettings& kept, const study::TrainSettings& asked) {
  const auto differences = differencesOf(kept, asked);
  if (!differences.empty()) {
    const Difference& one = differences.front();
    return fail(ErrorCode::BadInput, cat(out.string(), " was begun with ", one.option, " ", one.before, ", not ",
                                         one.now, "; give the same options, or another --out."));
  }
  return {};
}

/// What one rung is asked: the options that mean something to it, and its own folder.
Result<TrainOrder> orderOf(const TrainOrder& whole, const nn::Recipe& rung) {
  TrainOrder order = whole;
  LIX_TRY(const nn::Recipe recipe, nn::withOptions(rung, {.towers = whole.settings.towers}));
  order.settings.recipe = rung.id;
  order.settings = study::onlyWhatApplies(order.settings, recipe);
  order.out = whole.out.empty() ? fs::path() : placeOf(whole.out / nameOf(rung));
  return order;
}

/// Everything that can be known to be wrong before the first rung.
Result<void> checkLadder(const TrainOrder& order, const std::vector<nn::Recipe>& rungs) {
  if (!order.resume.empty()) {
    return fail(ErrorCode::BadInput, cat("Repeat the command that began the rungs of ", order.settings.recipe,
                                         " instead of --resume: it goes on where they ended."));
  }
  if (!order.settings.init.empty()) {
    return fail(ErrorCode::BadInput,
                cat("The rungs of ", order.settings.recipe,
                    " have different models, so they cannot start from one checkpoint; leave --init out."));
  }
  LIX_CHECK(order.settings.validate());
  study::TrainSettings last = order.settings;  // the last rung takes every option that any of them takes
  last.recipe = rungs.back().id;
  LIX_CHECK(study::recipeFor(last));
  for (const nn::Recipe& rung : rungs) {
    LIX_TRY(const TrainOrder one, orderOf(order, rung));
    LIX_TRY(const nn::Recipe recipe, study::recipeFor(one.settings));
    if (recipe.towers != nn::Towers::Heads) {
      LIX_CHECK(nn::presetConfig(one.settings.size, study::architecture(one.settings, recipe)));
    }
  }
  return {};
}

/// Trains the rung, goes on with it, or finds it complete.
Result<Output> trainRung(const Session& session, TrainOrder order) {
  if (!order.dryRun && isCheckpoint(order.out)) {
    LIX_TRY(const study::TrainState state, study::readTrainState(order.out));
    completePaths(order.settings);
    LIX_CHECK(sameSettings(order.out, state.settings, order.settings));
    if (state.step >= state.settings.steps) {
      session.note(cat(order.settings.recipe, " is complete: ", order.out.string()));
      return Output{.json = {{"status", "done"}}, .text = ""};
    }
    order.resume = order.out;
    order.out.clear();
    order.options.clear();  // they agree: all of them were compared
  }
  return trainRun(session, std::move(order));
}

std::string numberText(double value, int decimals) { return std::isfinite(value) ? fixed(value, decimals) : "-"; }

Output tableOf(const std::string& ladder, const std::vector<Rung>& rungs, const std::string& status) {
  Output output;
  output.json = {{"status", status}, {"recipe", ladder}, {"rungs", nlohmann::json::array()}};
  char line[160];
  std::snprintf(line, sizeof line, "%-18s %10s %10s  %s\n", "rung", "loss", "images/s", "checkpoint");
  output.text = line;
  for (const Rung& rung : rungs) {
    std::snprintf(line, sizeof line, "%-18s %10s %10s  ", rung.name.c_str(), numberText(rung.numbers.loss, 4).c_str(),
                  numberText(rung.numbers.imagesPerSecond, 0).c_str());
    output.text += cat(line, rung.out.string(), "\n");
    nlohmann::json row = {{"rung", rung.name}, {"checkpoint", rung.out.string()}};
    row["loss"] = std::isfinite(rung.numbers.loss) ? nlohmann::json(rung.numbers.loss) : nlohmann::json();
    row["images_per_second"] =
        std::isfinite(rung.numbers.imagesPerSecond) ? nlohmann::json(rung.numbers.imagesPerSecond) : nlohmann::json();
    output.json["rungs"].push_back(row);
  }
  if (status != "done") {
    output.text += cat(status, ": repeat the same command to go on with ", ladder, ".\n");
  }
  return output;
}

/// What every rung would need, one after another.
Result<Output> tryLadder(const Session& session, const TrainOrder& order, const std::vector<nn::Recipe>& rungs) {
  Output all;
  all.json = {{"recipe", order.settings.recipe}, {"rungs", nlohmann::json::array()}};
  for (const nn::Recipe& rung : rungs) {
    LIX_TRY(TrainOrder asked, orderOf(order, rung));
    LIX_TRY(const Output one, trainRung(session, std::move(asked)));
    all.text += cat(rung.id, "\n", one.text);
    all.json["rungs"].push_back(one.json);
  }
  return all;
}

Result<Output> trainLadder(const Session& session, TrainOrder order, const std::vector<nn::Recipe>& rungs) {
  if (order.queue || !order.requeue.empty() || !order.preview.empty()) {
    return fail(ErrorCode::BadInput, cat("A ladder is queued and looked at rung by rung; name one of them, such as ",
                                         rungs.front().id, "."));
  }
  LIX_CHECK(checkLadder(order, rungs));
  if (order.dryRun) {
    return tryLadder(session, order, rungs);
  }
  if (order.out.empty()) {
    LIX_TRY(order.out, ladderFolder(session, order.settings.recipe));
  }
  std::vector<Rung> done;
  for (const nn::Recipe& recipe : rungs) {
    LIX_TRY(const TrainOrder one, orderOf(order, recipe));
    const auto ended = trainRung(session, one);
    if (!ended) {
      const char* rest = done.empty() ? "" : " The rungs before it are kept and will not be trained again.";
      return fail(ended.error().code, cat("The rung '", nameOf(recipe), "' failed: ", ended.error().message, rest));
    }
    const std::string status = ended->json.value("status", "done");
    done.push_back({nameOf(recipe), one.out, numbersOf(session, one.out)});
    if (status != "done") {
      return tableOf(order.settings.recipe, done, status);
    }
  }
  return tableOf(order.settings.recipe, done, "done");
}

}  // namespace

RunNumbers summary(const std::vector<double>& losses, std::vector<double> rates) {
  RunNumbers numbers;
  if (!losses.empty()) {
    numbers.loss = losses.back();
  }
  if (!rates.empty()) {
    std::ranges::sort(rates);
    numbers.imagesPerSecond = rates[rates.size() / 2];
  }
  return numbers;
}

Result<Output> trainVerb(const Session& session, TrainOrder order) {
  for (const study::TrainField& field : study::trainFields()) {
    const auto given = std::ranges::find(order.options, field.option(), &std::pair<CLI::Option*, std::string>::second);
    if (given != order.options.end() && given->first->count() > 0) {
      LIX_CHECK(study::checkGiven(field, order.settings));
    }
  }
  LIX_TRY(order.ranks, joinRanks(order));
  if (order.ranks && !order.ranks->leads()) {
    return followRun(session, *order.ranks);
  }
  const std::vector<nn::Recipe> rungs = nn::recipesIn(order.settings.recipe);
  return rungs.empty() ? trainRun(session, std::move(order)) : trainLadder(session, std::move(order), rungs);
}

}  // namespace lix::app
