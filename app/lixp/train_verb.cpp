#include <unistd.h>

#include "base/text.h"
#include "lixp/session.h"
#include "lixp/train_run.h"
#include "nn/recipe.h"

namespace lix::app {
namespace {

std::string recipeHelp() {
  std::vector<std::string> ids;
  for (const nn::Recipe& recipe : nn::recipes()) {
    ids.push_back(recipe.id);
  }
  return cat("Recipe: ", join(ids, ", "), ", or a recipe's JSON file");
}

}  // namespace

void addTrainVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<TrainOrder>();
  CLI::App* verb = app.add_subcommand("train", "Train from nothing, post-train from a checkpoint, or resume a run");
  study::TrainSettings& s = order->settings;
  const auto option = [&](const char* name, auto& value, const char* help) {
    CLI::Option* added = verb->add_option(name, value, help);
    order->options.emplace_back(added, added->get_name());
    return added;
  };
  verb->option_defaults()->always_capture_default();
  option("recipe", s.recipe, "")->description(recipeHelp());
  option("--data", s.data, "Dataset of the workspace, emoji, scenes, or the folder of a pack");
  option("--init", s.init, "Checkpoint to start from (post-training)");
  option("--size", s.size, "Size preset of a model that starts from nothing");
  option("--steps", s.steps, "Optimizer steps");
  option("--batch", s.batch, "Pictures per step");
  option("--seed", s.seed, "Seed of weights, order, captions and crops");
  option("--learning-rate", s.learningRate, "Peak learning rate (with --init and without this: a tenth, 1e-4)");
  option("--warmup", s.warmup, "Share of the steps with rising learning rate");
  option("--weight-decay", s.weightDecay, "Decoupled weight decay of matrices");
  option("--clip", s.clip, "Joint gradient norm, 0 = off");
  option("--scalar-multiplier", s.scalarMultiplier, "Rate of scales, biases and temperatures relative to the rest, 0 = by rule");
  option("--min-crop", s.minCrop, "Least area of the random crop, 1 = no augmentation");
  option("--threads", s.threads, "CPU threads, 0 = all cores");
  option("--checkpoint-every", s.checkpointEvery, "Steps between checkpoints");
  CLI::Option* flip = verb->add_flag("--flip", s.flip, "Mirror pictures at random");
  CLI::Option* half = verb->add_flag("--half-weights", s.halfWeights, "Write model.safetensors in fp16");
  order->options.emplace_back(flip, "--flip");
  order->options.emplace_back(half, "--half-weights");
  verb->add_option("--device", order->device, "auto or cpu")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}).description("{auto,cpu}"));  // cuda is refused with a sentence
  verb->add_option("--out", order->out, "Checkpoint folder (default: checkpoints/<run> in the workspace)");
  verb->add_option("--resume", order->resume, "Continue the run whose checkpoint folder this is");
  verb->callback([&session, order] { session.action = [&session, order] { return trainRun(session, *order); }; });
}

}  // namespace lix::app
