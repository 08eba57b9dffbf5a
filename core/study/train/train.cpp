#include "study/train/train.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>

#include "base/memory.h"
#include "base/text.h"
#include "nn/recipe.h"
#include "study/train/loader.h"
#include "study/train/micro_batch.h"
#include "study/train/need.h"
#include "study/train/recipe_for.h"
#include "study/train/run.h"
#include "study/train/start.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

/// Where none were asked for, ranks share the cores of their machine: a launcher may have left each of them one.
void useThreads(int threads, const Ranks* ranks) {
  if (threads == 0 && ranks != nullptr) {
    threads = std::max(1, int(std::thread::hardware_concurrency()) / ranks->place().localSize);
  }
  if (threads > 0) {
    at::set_num_threads(threads);
  }
}

/// What the ranks that do not lead tell: nothing.
struct Follower : TrainObserver {
  void stepped(int, const std::map<std::string, double>&) override {}
  void saved(int, const fs::path&) override {}
  void notice(const std::string&) override {}
};

Result<void> divides(const TrainSettings& settings, const Ranks* ranks) {
  if (ranks != nullptr && settings.batch % ranks->size() != 0) {
    return fail(ErrorCode::BadInput, cat("A batch of ", settings.batch, " cannot be shared equally by ", ranks->size(),
                                         " ranks; give a --batch that ", ranks->size(), " divides."));
  }
  return {};
}

/// Each rank embeds its part of the batch, in no larger pieces than that.
void shareBatch(Training& training, const Ranks* ranks) {
  if (ranks != nullptr) {
    training.microBatch = std::min(training.microBatch, training.settings.batch / ranks->size());
  }
}

Result<void> checkCanary(const TrainSettings& settings, const Canary* canary) {
  if (canary == nullptr && !settings.canary.empty()) {
    return fail(ErrorCode::BadInput, cat("The canary '", settings.canary,
                                         "' cannot be read here, where no pictures are; train without --canary."));
  }
  if (canary == nullptr && !settings.canaryBest.empty()) {
    return fail(ErrorCode::BadInput, cat("The best step by '", settings.canaryBest, "' needs a canary; give --canary."));
  }
  if (canary != nullptr && settings.canaryEvery < 1) {
    return fail(ErrorCode::BadInput, "The canary is read every so many steps; give --canary-every of at least 1.");
  }
  return {};
}

/// What a person should know before the first step.
void tellStart(const Training& training, const TrainData& data, const Ranks* ranks, TrainObserver& observer) {
  const TrainSettings& settings = training.settings;
  if (data.truncated > 0) {
    observer.notice(cat(data.truncated, data.truncated == 1 ? " caption is" : " captions are", " longer than ",
                        data.contextLength, " tokens and cut off."));
  }
  const int share = settings.batch / (ranks == nullptr ? 1 : ranks->size());
  if (settings.microBatch == 0 && training.microBatch < share) {
    observer.notice(cat("Gradients are cached: ", training.microBatch, " pictures of the ", share,
                        " are embedded at once, by the memory that is free; the gradients are those of the whole batch."));
  }
  if (settings.lockImage && settings.lockText) {
    observer.notice("Both towers are locked: only scales, biases and temperatures learn.");
  }
}

/// What of a step's memory is taken already when a run goes on: the weights.
double heldBytes(const nn::Parameters& parameters) {
  double bytes = 0.0;
  for (const auto& [name, parameter] : parameters) {
    bytes += static_cast<double>(parameter.nbytes());
  }
  return bytes;
}

/// The micro-batch that the run went on with last, unless the person gives another, which is kept, or the memory no
/// longer holds it. Refuses where not even one picture fits, or not the number that a person gave.
Result<void> chooseAgain(Training& training, const nn::Recipe& recipe, int asked, TrainObserver& observer) {
  TrainSettings& settings = training.settings;
  const int before = training.microBatch;
  if (asked > 0) {
    settings.microBatch = asked;
    training.microBatch = std::min(asked, settings.batch);
  }
  const nn::Cost cost = costFor(settings, recipe, training.model.config);
  if (const auto told = freeMemory()) {
    const double free = static_cast<double>(*told) + heldBytes(training.model.parameters);
    LIX_CHECK(nn::fits(cost, settings.batch, settings.microBatch > 0 ? training.microBatch : 1, free));
    if (cost.stepBytes(settings.batch, training.microBatch) > free) {
      training.microBatch = std::min(before, chooseMicroBatch(settings, cost, free));
    }
  }
  if (training.microBatch != before) {
    observer.notice(cat("The run began with micro-batches of ", before, " pictures and goes on with ",
                        training.microBatch, asked > 0 ? ", as asked" : ", since there is less memory",
                        ": the numbers will differ in the last bits."));
  }
  return {};
}

}  // namespace

nn::Architecture architecture(const TrainSettings& settings, const nn::Recipe& recipe) {
  return {.towers = recipe.towers,
          .head = recipe.head,
          .tokens = settings.tokens,
          .mixtureHeads = settings.mixtureHeads,
          .tau = settings.tau,
          .norms = settings.mixtureNorms,
          .patches = settings.patchTokens};
}

Result<nn::ModelConfig> freshConfig(const TrainSettings& settings, int vocabulary, int contextLength) {
  LIX_TRY(const nn::Recipe recipe, recipeFor(settings));
  LIX_TRY(nn::ModelConfig config, nn::presetConfig(settings.size, architecture(settings, recipe)));
  config.vocabulary = vocabulary;
  config.contextLength = contextLength;
  return config;
}

Result<TrainEnd> train(const TrainSettings& settings, const TrainData& data, const std::optional<nn::Checkpoint>& init,
                       const fs::path& out, TrainObserver& leadersObserver, Canary* canary, Ranks* ranks) {
  LIX_CHECK(settings.validate());
  Follower follower;
  const bool leads = ranks == nullptr || ranks->leads();
  TrainObserver& observer = leads ? leadersObserver : follower;
  LIX_CHECK(divides(settings, ranks));
  LIX_CHECK(leads ? checkCanary(settings, canary) : Result<void>());
  LIX_CHECK(checkBatch(data, settings));
  LIX_TRY(nn::Recipe recipe, recipeFor(settings));
  useThreads(settings.threads, ranks);
  LIX_TRY(Training training, startTraining(settings, recipe, data, init));
  shareBatch(training, ranks);
  tellStart(training, data, ranks, observer);
  return Run(std::move(training), std::move(recipe), data, out, observer, leads ? canary : nullptr, ranks).toTheEnd();
}

Result<TrainEnd> resume(const TrainData& data, const fs::path& out, TrainObserver& leadersObserver, Canary* canary,
                        int microBatch, Ranks* ranks) {
  LIX_TRY(Restored restored, restoreTraining(data, out));
  Training& training = restored.training;
  Follower follower;
  const bool leads = ranks == nullptr || ranks->leads();
  TrainObserver& observer = leads ? leadersObserver : follower;
  LIX_CHECK(divides(training.settings, ranks));
  LIX_TRY(nn::Recipe recipe, recipeFor(training.settings));
  if (recipe.fileHash != training.recipeHash) {
    return fail(ErrorCode::BadInput, cat("The recipe ", training.settings.recipe, " was changed since the run at ",
                                         out.string(), " began; put it back, or start a new run with --init ",
                                         out.string(), "."));
  }
  useThreads(restored.threads, ranks);
  if (restored.threads != at::get_num_threads() || restored.cpuCapability != cpuCapability()) {
    observer.notice(cat("The run began with ", restored.threads, " threads on ", restored.cpuCapability,
                        " and goes on with ", at::get_num_threads(), " on ", cpuCapability(),
                        ": the numbers will differ in the last bits."));
  }
  if (canary == nullptr && !training.canary.baseline.empty()) {
    observer.notice(cat("The run goes on without its canary '", training.settings.canary, "', which cannot be read here."));
  }
  LIX_CHECK(chooseAgain(training, recipe, microBatch, observer));
  shareBatch(training, ranks);
  Run run(std::move(training), std::move(recipe), data, out, observer, leads ? canary : nullptr, ranks);
  LIX_CHECK(run.optimizer().restore(restored.optimizer));
  return run.toTheEnd();
}

}  // namespace lix::study
