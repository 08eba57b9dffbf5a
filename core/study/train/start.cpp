#include "study/train/start.h"

#include <algorithm>

#include "base/memory.h"
#include "base/text.h"
#include "nn/head_names.h"
#include "nn/objective.h"
#include "nn/ops/tensor.h"
#include "nn/scorers/scorer.h"
#include "study/train/feature_data.h"
#include "study/train/locks.h"
#include "study/train/micro_batch.h"
#include "study/train/need.h"

namespace lix::study {
namespace {
namespace fs = std::filesystem;

/// Equal ids must mean equal words: a tokenizer of another vocabulary would train on nonsense without any error.
Result<void> sameWords(const TrainData& data, const fs::path& init) {
  const auto ours = nn::wordsOf(data.tokenizerFiles);
  LIX_TRY(const nn::TokenizerFiles files, nn::readTokenizerFiles(init));
  const auto theirs = nn::wordsOf(files);
  if (!ours.empty() && !theirs.empty() && ours != theirs) {
    return fail(ErrorCode::BadInput,
                cat("The data '", data.pack.name(), "' was tokenised with another vocabulary than that of ",
                    init.string(), "; pack it again with --tokenizer ", init.string(), "."));
  }
  return {};
}

/// "CLIP towers with the head mixture": what a recipe and a checkpoint must have in common.
std::string kindOf(nn::Towers towers, nn::ImageHead head) {
  const char* name = towers == nn::Towers::Siglip ? "SigLIP towers"
                     : towers == nn::Towers::Clip ? "CLIP towers"
                                                  : "MLP heads";
  const auto named = std::ranges::find(nn::kHeadNames, head, &std::pair<std::string_view, nn::ImageHead>::second);
  return cat(name, " with the head ", named->first);
}

Result<void> fits(const nn::ModelConfig& config, const nn::Recipe& recipe, const TrainData& data,
                  const std::string& init) {
  LIX_CHECK(checkKind(recipe.towers, data));
  if (config.towers != recipe.towers || config.head != recipe.head) {
    return fail(ErrorCode::BadInput, cat("The checkpoint ", init, " has other towers than the recipe '", recipe.id,
                                         "' trains: ", kindOf(config.towers, config.head), ", not ",
                                         kindOf(recipe.towers, recipe.head),
                                         "; start from one of that kind, or take a recipe for this one."));
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
  return fitsFeatures(config, data, init);
}

/// What the recipe goes on from must be there: without its scale and bias a trained tower would be torn apart by the
/// first steps. The second term's own (lixp.*) are fresh by design.
Result<void> hasScalars(const nn::Parameters& parameters, const nn::Recipe& recipe, const std::string& init) {
  for (const nn::Term& term : recipe.terms) {
    for (const std::string& key : {term.scale, term.bias}) {
      if (!key.empty() && !key.starts_with("lixp.") && !parameters.contains(key)) {
        return fail(ErrorCode::BadInput, cat("The checkpoint ", init, " has no ", key, ", from which the recipe '",
                                             recipe.id, "' goes on; start from one that was trained with ",
                                             term.bias.empty() ? "a scale" : "a scale and a bias",
                                             ", or without --init."));
      }
    }
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

/// Fresh where the recipe has a context temperature that the model does not hold yet.
ContextTemperature contextTemperature(const nn::Model& model, const nn::Recipe& recipe) {
  const bool fresh =
      recipe.effectiveNeighboursAtStart > 0.0 && std::ranges::any_of(recipe.terms, [&](const nn::Term& term) {
        return !term.temperature.empty() && !model.parameters.contains(term.temperature);
      });
  return fresh ? ContextTemperature::Fresh : ContextTemperature::Given;
}

/// A start that was asked for takes the place of the checkpoint's context temperature.
void forgetTemperature(nn::Model& model, const nn::Recipe& recipe, const TrainSettings& settings) {
  if (settings.neighboursAtStart > 0.0 || settings.tauContext > 0.0) {
    for (const nn::Term& term : recipe.terms) {
      model.parameters.erase(term.temperature);
    }
  }
}

/// How many pictures are embedded at once; refuses a step that does not fit before anything of it is allocated.
Result<int> microBatchOf(const TrainSettings& settings, const nn::Recipe& recipe, const nn::ModelConfig& config) {
  const nn::Cost cost = costFor(settings, recipe, config);
  const auto free = freeMemory();
  if (free) {
    LIX_CHECK(nn::fits(cost, settings.batch, settings.microBatch, static_cast<double>(*free)));
  }
  return chooseMicroBatch(settings, cost, static_cast<double>(free.value_or(0)));
}

Result<void> takeModel(Training& training, const nn::Recipe& recipe, const TrainData& data,
                       const std::optional<nn::Checkpoint>& init) {
  const TrainSettings& settings = training.settings;
  if (!init) {
    LIX_TRY(const auto config, configFor(settings, recipe, data));
    LIX_TRY(training.microBatch, microBatchOf(settings, recipe, config));
    LIX_TRY(training.model, nn::makeModel(config, settings.seed));
    training.preprocess = familyPreprocess(config);
    return fits(config, recipe, data, settings.init);
  }
  LIX_CHECK(sameWords(data, settings.init));
  LIX_CHECK(fits(init->model.config, recipe, data, settings.init));
  LIX_CHECK(hasScalars(init->model.parameters, recipe, settings.init));
  LIX_TRY(training.microBatch, microBatchOf(settings, recipe, init->model.config));
  training.model.config = init->model.config;
  for (const auto& [name, value] : init->model.parameters) {  // copying a model shares its tensors, and these will change
    training.model.parameters.emplace(name, value.clone());
  }
  LIX_TRY(training.preprocess, preprocessOf(settings.init, init->model.config));
  return {};
}

}  // namespace

Result<Training> startTraining(const TrainSettings& settings, const nn::Recipe& recipe, const TrainData& data,
                               const std::optional<nn::Checkpoint>& init) {
  if (std::ranges::all_of(recipe.terms,
                          [&](const nn::Term& term) { return settings.batch < term.scorer->leastBatch; })) {
    return fail(ErrorCode::BadInput, cat("The recipe '", recipe.id, "' needs a larger batch than ", settings.batch,
                                         "; give --batch of at least 2."));
  }
  Training training;
  training.settings = settings;
  training.recipeHash = recipe.fileHash;
  LIX_CHECK(takeModel(training, recipe, data, init));
  LIX_CHECK(checkLocks(settings, training.model.config));
  forgetTemperature(training.model, recipe, settings);
  training.temperature = contextTemperature(training.model, recipe);
  nn::addScalars(training.model, recipe);
  return training;
}

}  // namespace lix::study
