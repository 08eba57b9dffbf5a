#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "lixp/session.h"
#include "lixp/train_run.h"
#include "nn/recipe.h"
#include "study/train/params.h"

namespace lix::app {
namespace {

std::string recipeHelp() {
  std::vector<std::string> ids;
  for (const nn::Recipe& recipe : nn::recipes()) {
    ids.push_back(recipe.id);
  }
  return cat("Recipe: ", join(ids, ", "), ", or a recipe's JSON file");
}

/// What the parameter of an option says of itself, as help texts end: without a full stop.
std::string helpOf(const std::string& option) {
  std::string key = option.substr(2);
  std::ranges::replace(key, '-', '_');
  std::string help = study::trainParam(key).help;
  help.pop_back();
  return help;
}

}  // namespace

void addTrainVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<TrainOrder>();
  CLI::App* verb = app.add_subcommand("train", "Train from nothing, post-train from a checkpoint, or resume a run");
  study::TrainSettings& s = order->settings;
  const auto kept = [&](CLI::Option* added, const char* name) { order->options.emplace_back(added, name); };
  const auto option = [&](const char* name, auto& value, const std::string& help) {
    kept(verb->add_option(name, value, help), name);
  };
  const auto number = [&](const char* name, auto& value) { option(name, value, helpOf(name)); };
  const auto flag = [&](const char* name, bool& value) { kept(verb->add_flag(name, value, helpOf(name)), name); };
  verb->option_defaults()->always_capture_default();
  option("recipe", s.recipe, recipeHelp());
  option("--data", s.data, "Dataset of the workspace, emoji, scenes, or the folder of a pack");
  option("--init", s.init, "Checkpoint to start from (post-training)");
  option("--size", s.size, "Size preset of a model that starts from nothing");
  number("--steps", s.steps);
  number("--batch", s.batch);
  number("--seed", s.seed);
  number("--learning-rate", s.learningRate);
  number("--warmup", s.warmup);
  number("--weight-decay", s.weightDecay);
  number("--clip", s.clip);
  number("--scalar-multiplier", s.scalarMultiplier);
  number("--min-crop", s.minCrop);
  number("--threads", s.threads);
  number("--checkpoint-every", s.checkpointEvery);
  flag("--flip", s.flip);
  flag("--half-weights", s.halfWeights);
  verb->add_option("--device", order->device, "auto or cpu")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}).description("{auto,cpu}"));  // cuda is refused with a sentence
  verb->add_option("--out", order->out, "Checkpoint folder (default: checkpoints/<run> in the workspace)");
  CLI::Option* resume = verb->add_option("--resume", order->resume, "Continue the run whose checkpoint folder this is");
  verb->add_flag("--dry-run", order->dryRun,
                 "Prepare the data, take a few steps and say what the run would need; no run, no checkpoint")
      ->excludes(resume);
  verb->callback([&session, order] { session.action = [&session, order] { return trainRun(session, *order); }; });
}

}  // namespace lix::app
