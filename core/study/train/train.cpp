#include "study/train/train.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/file.h"
#include "base/text.h"
#include "nn/adamw.h"
#include "nn/objective.h"
#include "nn/ops/tensor.h"
#include "nn/recipe.h"
#include "nn/scorers/scorer.h"
#include "study/train/train_state.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kUniform = 0.97;  // share of the other images above which a context is as good as their plain mean

std::vector<std::string> scalarKeys(const nn::Recipe& recipe) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : recipe.scalars) {
    keys.push_back(key);
  }
  return keys;
}

/// CLIP and Llip keep their logit scales in [0, ln 100] (arXiv 2405.00740, released code); SigLIP does not, and its released models lie above.
void clampScales(nn::Model& model, const nn::Recipe& recipe) {
  if (recipe.towers == nn::Towers::Siglip) {
    return;
  }
  const at::NoGradGuard noGrad;
  for (const nn::Term& term : recipe.terms) {
    model.parameters.at(term.scale).clamp_(0.0, std::log(100.0));
  }
}

/// Fresh where the recipe has a context temperature that the model does not hold yet.
ContextTemperature contextTemperature(const nn::Model& model, const nn::Recipe& recipe) {
  const bool fresh =
      recipe.effectiveNeighboursAtStart > 0.0 && std::ranges::any_of(recipe.terms, [&](const nn::Term& term) {
        return !term.temperature.empty() && !model.parameters.contains(term.temperature);
      });
  return fresh ? ContextTemperature::Fresh : ContextTemperature::Given;
}

class Run {
 public:
  Run(Training training, nn::Recipe recipe, const TrainData& data, fs::path out, TrainObserver& observer)
      : training_(std::move(training)),
        recipe_(std::move(recipe)),
        data_(data),
        out_(std::move(out)),
        observer_(observer),
        optimizer_(training_.model.parameters, scalarKeys(recipe_), {.weightDecay = training_.settings.weightDecay}),
        loader_(data, training_.settings, training_.model.config, training_.preprocess, training_.position),
        multiplier_(training_.settings.scalarMultiplier > 0.0 ? training_.settings.scalarMultiplier
                                                              : scalarMultiplierRule(training_.settings)) {
    for (auto& [name, parameter] : training_.model.parameters) {
      parameter.requires_grad_(true);
    }
  }

  nn::AdamW& optimizer() { return optimizer_; }

  Result<TrainEnd> toTheEnd() {
    while (training_.step < training_.settings.steps) {
      LIX_TRY(const TrainRequest asked, answer());
      switch (asked) {
        case TrainRequest::Cancel:
          return TrainEnd::Cancelled;
        case TrainRequest::Stop:
          LIX_CHECK(save());
          return TrainEnd::Stopped;
        default:
          break;
      }
      LIX_CHECK(step());
      if (training_.step % training_.settings.checkpointEvery == 0 && training_.step < training_.settings.steps) {
        LIX_CHECK(save());
      }
    }
    LIX_CHECK(save());
    return TrainEnd::Done;
  }

 private:
  /// Waits out a pause, with what was learned so far in a checkpoint; what is asked after it.
  Result<TrainRequest> answer() {
    TrainRequest request = observer_.request();
    if (request == TrainRequest::Pause && training_.step != saved_) {
      LIX_CHECK(save());
    }
    while (request == TrainRequest::Pause) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      request = observer_.request();
    }
    return request;
  }

  Result<void> step() {
    const auto begin = Clock::now();
    const TrainBatch batch = loader_.next();
    const nn::Encoded encoded = nn::encodeBatch(training_.model, batch.pixels, batch.ids);
    if (training_.temperature == ContextTemperature::Fresh) {
      nn::startTemperature(training_.model, recipe_, encoded, recipe_.effectiveNeighboursAtStart);
      training_.temperature = ContextTemperature::Given;
    }
    nn::Loss loss = nn::loss(training_.model, recipe_, encoded);
    if (!std::isfinite(loss.series.at("loss"))) {
      return notFinite("loss");
    }
    loss.total.backward();
    loss.series["gradient_norm"] = optimizer_.clip(training_.settings.clip);
    if (!std::isfinite(loss.series.at(
            "gradient_norm"))) {  // a step would put it into every weight, and a save into the checkpoint
      return notFinite("gradient");
    }
    const double rate = learningRate(training_.settings, training_.step);
    optimizer_.step(rate, multiplier_);
    clampScales(training_.model, recipe_);
    training_.position = batch.next;
    ++training_.step;
    loss.series["learning_rate"] = rate;
    loss.series["images_per_second"] =
        training_.settings.batch / std::chrono::duration<double>(Clock::now() - begin).count();
    warnOfUniformContext(loss.series);
    observer_.stepped(training_.step, loss.series);
    return {};
  }

  Result<void> notFinite(const std::string& what) const {
    return fail(ErrorCode::BadInput, cat("The ", what, " is not finite at step ", training_.step,
                                         "; the run was stopped and its last checkpoint kept. ",
                                         "Lower the learning rate (now ", training_.settings.learningRate, ")."));
  }

  void warnOfUniformContext(const std::map<std::string, double>& series) {
    const auto neighbours = series.find("effective_neighbours");
    const bool halfway =
        training_.step == (training_.settings.steps + 1) / 2 || training_.step == training_.settings.steps;
    if (neighbours == series.end() || !halfway || neighbours->second < kUniform * (training_.settings.batch - 1)) {
      return;
    }
    observer_.notice(cat("The context is still uniform at step ", training_.step, " (", neighbours->second,
                         " effective neighbours of ", training_.settings.batch - 1,
                         "): so far the run learns from the mean of the batch, not from LIxP's context. ",
                         "Train longer, or raise --scalar-multiplier (now ", multiplier_, ")."));
  }

  Result<void> save() {
    for (const auto& [name, parameter] : training_.model.parameters) {
      if (!parameter.isfinite().all().item<bool>()) {
        return notFinite(cat("weight '", name, "'"));
      }
    }
    observer_.saving(training_.step);
    LIX_CHECK(saveTraining(training_, optimizer_, data_, out_));
    saved_ = training_.step;
    observer_.saved(training_.step, out_);
    return {};
  }

  Training training_;
  const nn::Recipe recipe_;
  const TrainData& data_;
  const fs::path out_;
  TrainObserver& observer_;
  nn::AdamW optimizer_;
  Loader loader_;
  const double multiplier_;
  int saved_ = training_.step;  ///< that a checkpoint holds; one that begins has nothing to lose
};

void useThreads(int threads) {
  if (threads > 0) {
    at::set_num_threads(threads);
  }
}

/// Equal ids must mean equal words: a tokenizer of another vocabulary would train on nonsense without any error.
Result<void> sameWords(const TrainData& data, const fs::path& init) {
  const auto ours = data.tokenizerFiles.find("spiece.model");
  const auto theirs = readFile(init / "spiece.model", 64 << 20);
  if (ours != data.tokenizerFiles.end() && theirs && *theirs != ours->second) {
    return fail(ErrorCode::BadInput,
                cat("The data '", data.pack.name(), "' was tokenised with another vocabulary than that of ",
                    init.string(), "; pack it again with --tokenizer ", init.string(), "."));
  }
  return {};
}

Result<void> fits(const nn::ModelConfig& config, const nn::Recipe& recipe, const TrainData& data,
                  const std::string& init) {
  if (config.towers != recipe.towers || config.head != recipe.head) {
    return fail(ErrorCode::BadInput, cat("The checkpoint ", init, " has other towers than the recipe '", recipe.id,
                                         "' trains; start from one of its kind."));
  }
  if (config.vocabulary < data.vocabulary || config.contextLength != data.contextLength) {
    return fail(ErrorCode::BadInput,
                cat("The checkpoint ", init, " reads ", config.contextLength, " tokens of a vocabulary of ",
                    config.vocabulary, ", the data holds ", data.contextLength, " of ", data.vocabulary,
                    "; pack the data with the checkpoint's tokenizer."));
  }
  if (data.pack.pictureSize() < config.imageSize) {
    return fail(ErrorCode::BadInput, cat("The pack's pictures have ", data.pack.pictureSize(),
                                         " pixels, the model needs ", config.imageSize, "; pack them larger."));
  }
  return {};
}

nn::Preprocess familyPreprocess(const nn::ModelConfig& config) {
  return config.towers == nn::Towers::Siglip ? nn::siglipPreprocess(config.imageSize) : nn::clipPreprocess(config.imageSize);
}

/// The start's own preprocessing, which its weights are used to; the family's where its folder has none.
Result<nn::Preprocess> preprocessOf(const fs::path& init, const nn::ModelConfig& config) {
  std::error_code ignored;
  return fs::exists(init / "preprocessor_config.json", ignored) ? nn::loadPreprocess(init)
                                                                : Result<nn::Preprocess>(familyPreprocess(config));
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
  LIX_TRY(const nn::Recipe recipe, nn::findRecipe(settings.recipe));
  LIX_TRY(nn::ModelConfig config, nn::presetConfig(settings.size, architecture(settings, recipe)));
  config.vocabulary = vocabulary;
  config.contextLength = contextLength;
  return config;
}

Result<TrainEnd> train(const TrainSettings& settings, const TrainData& data, const std::optional<nn::Checkpoint>& init,
                       const fs::path& out, TrainObserver& observer, Canary*) {
  LIX_CHECK(settings.validate());
  LIX_CHECK(checkBatch(data, settings));
  LIX_TRY(nn::Recipe recipe, nn::findRecipe(settings.recipe));
  if (std::ranges::all_of(recipe.terms,
                          [&](const nn::Term& term) { return settings.batch < term.scorer->leastBatch; })) {
    return fail(ErrorCode::BadInput, cat("The recipe '", recipe.id, "' needs a larger batch than ", settings.batch,
                                         "; give --batch of at least 2."));
  }
  useThreads(settings.threads);
  Training training{.settings = settings, .recipeHash = recipe.fileHash};
  if (init) {
    LIX_CHECK(sameWords(data, settings.init));
    training.model.config = init->model.config;
    for (const auto& [name, value] :
         init->model.parameters) {  // copying a model shares its tensors, and these will change
      training.model.parameters.emplace(name, value.clone());
    }
    LIX_TRY(training.preprocess, preprocessOf(settings.init, init->model.config));
  } else {
    LIX_TRY(const auto config, freshConfig(settings, data.vocabulary, data.contextLength));
    LIX_TRY(training.model, nn::makeModel(config, settings.seed));
    training.preprocess = familyPreprocess(config);
  }
  LIX_CHECK(fits(training.model.config, recipe, data, settings.init));
  training.temperature = contextTemperature(training.model, recipe);
  nn::addScalars(training.model, recipe);
  if (data.truncated > 0) {
    observer.notice(cat(data.truncated, " captions are longer than ", data.contextLength, " tokens and are cut off."));
  }
  return Run(std::move(training), std::move(recipe), data, out, observer).toTheEnd();
}

Result<TrainEnd> resume(const TrainData& data, const fs::path& out, TrainObserver& observer, Canary*) {
  LIX_TRY(Restored restored, restoreTraining(data, out));
  LIX_TRY(nn::Recipe recipe, nn::findRecipe(restored.training.settings.recipe));
  if (recipe.fileHash != restored.training.recipeHash) {
    return fail(ErrorCode::BadInput, cat("The recipe ", restored.training.settings.recipe, " was changed since the run at ",
                                         out.string(), " began; put it back, or start a new run with --init ",
                                         out.string(), "."));
  }
  useThreads(restored.threads);
  if (restored.threads != at::get_num_threads() || restored.cpuCapability != cpuCapability()) {
    observer.notice(cat("The run began with ", restored.threads, " threads on ", restored.cpuCapability,
                        " and goes on with ", at::get_num_threads(), " on ", cpuCapability(),
                        ": the numbers will differ in the last bits."));
  }
  Run run(std::move(restored.training), std::move(recipe), data, out, observer);
  LIX_CHECK(run.optimizer().restore(restored.optimizer));
  return run.toTheEnd();
}

}  // namespace lix::study
