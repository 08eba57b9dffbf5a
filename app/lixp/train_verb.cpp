#include <unistd.h>

#include "base/text.h"
#include "lixp/session.h"
#include "lixp/train_run.h"
#include "nn/recipe.h"
#include "study/train/params.h"

namespace lix::app {
namespace {

/// Recipes, and folders of recipes once.
std::string recipeHelp() {
  std::vector<std::string> ids;
  for (const nn::Recipe& recipe : nn::recipes()) {
    const std::string folder = recipe.id.substr(0, recipe.id.find('/'));
    if (folder != recipe.id && (ids.empty() || !ids.back().starts_with(folder + "/"))) {
      ids.push_back(folder + " (all of it)");
    }
    ids.push_back(recipe.id);
  }
  return cat("Recipe: ", join(ids, ", "), ", or a recipe's JSON file");
}

/// An option for every setting of a training, with its range's own sentence, as the fields say.
void addFields(CLI::App& verb, TrainOrder& order) {
  for (const study::TrainField& field : study::trainFields()) {
    std::string help = field.param.help;
    help.pop_back();  // help texts end without a full stop
    std::visit(
        [&](auto at) {
          auto& value = order.settings.*at;
          CLI::Option* option = nullptr;
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(value)>, bool>) {
            option = verb.add_flag(field.option(), value, help);
          } else {
            option = verb.add_option(field.option(), value, help);
          }
          option->group(study::titleOf(field.group));
          order.options.emplace_back(option, field.option());
        },
        field.member);
  }
}

}  // namespace

void addTrainVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<TrainOrder>();
  CLI::App* verb = app.add_subcommand("train", "Train from nothing, post-train from a checkpoint, or resume a run");
  study::TrainSettings& s = order->settings;
  const auto option = [&](const char* name, auto& value, const std::string& help) {
    order->options.emplace_back(verb->add_option(name, value, help), name);
  };
  verb->option_defaults()->always_capture_default();
  option("recipe", s.recipe, recipeHelp());
  option("--data", s.data, "Dataset of the workspace, emoji, scenes, or the folder of a pack");
  option("--init", s.init, "Checkpoint to start from (post-training)");
  option("--size", s.size, "Size preset of a model that starts from nothing");
  addFields(*verb, *order);
  verb->add_option("--device", order->device, "auto or cpu")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}).description("{auto,cpu}"));  // cuda is refused with a sentence
  verb->add_option("--out", order->out, "Checkpoint folder (default: checkpoints/<run> in the workspace)");
  CLI::Option* resume = verb->add_option("--resume", order->resume, "Continue the run whose checkpoint folder this is");
  verb->add_flag("--dry-run", order->dryRun,
                 "Prepare the data, take a few steps and say what the run would need; no run, no checkpoint")
      ->excludes(resume);
  CLI::Option* dryRun = verb->get_option("--dry-run");
  CLI::Option* queue = verb->add_flag("--queue", order->queue,
                                      "Let the run wait for its turn: the window starts it when the ones before it ended");
  CLI::Option* requeue = verb->add_option("--requeue", order->requeue,
                                          "Give the waiting run of this name these settings instead of its own");
  CLI::Option* queued = verb->add_option("--queued", order->queued, "Start the waiting run of this name now");
  for (CLI::Option* one : {queue, requeue, queued}) {
    one->excludes(resume)->excludes(dryRun);
  }
  queue->excludes(requeue)->excludes(queued);
  requeue->excludes(queued);
  verb->add_option("--preview", order->preview,
                   "Write the pictures of a step into this folder as the network sees them, say what becomes of their "
                   "captions, and do nothing else")
      ->excludes(resume)
      ->excludes(dryRun)
      ->excludes(queue)
      ->excludes(queued);
  verb->add_option("--preview-step", order->previewStep, "Which step, from 1");
  verb->add_flag("--sizes", order->sizes,
                 "List what training each size preset by this recipe and batch would need, and do nothing else");
  verb->callback([&session, order] {
    session.action = [&session, order] {
      return order->sizes ? sizesOutput(order->settings) : trainVerb(session, *order);
    };
  });
}

}  // namespace lix::app
