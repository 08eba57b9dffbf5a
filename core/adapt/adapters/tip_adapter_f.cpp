#include "adapt/canonical.h"
#include "adapt/check.h"
#include "adapt/choice.h"
#include "adapt/key_training.h"
#include "adapt/tip_classifier.h"
#include "adapt/tip_surface.h"

namespace lix::adapt {
namespace {

/// The keys of the epoch that was chosen.
struct Chosen {
  std::vector<float> keys;
  std::size_t epoch = 0;  ///< from 1
  std::size_t correct = 0;
};

/// The task with trained keys in the place of its support.
Task withKeys(const Task& task, std::span<const float> keys) {
  Task out = task;
  out.support.features.values = keys;
  return out;
}

std::size_t correctOnValidation(const Task& task, const KeyTraining& training) {
  return tipCorrect(task, task.validation, {{training.alpha}, {training.beta}}).front();
}

/// Trains, and keeps the first of the best epochs on the validation pictures, or the last where there are none.
Result<Chosen> train(const Task& task, const KeyTraining& training, bool byValidation) {
  Chosen chosen;
  LIX_CHECK(trainKeys(task, training, [&](std::size_t epoch, std::span<const float> keys) {
    const std::size_t correct = byValidation ? correctOnValidation(withKeys(task, keys), training) : 0;
    if (!byValidation || chosen.epoch == 0 || correct > chosen.correct) {
      chosen = {{keys.begin(), keys.end()}, epoch + 1, correct};
    }
  }));
  return chosen;
}

/// Puts the best alpha and beta of the grid on validation in the place of those that were trained with.
void searchSettings(const Task& task, const TipGrid& grid, ParamValues& settings) {
  settings["alpha_trained"] = settings["alpha"];
  settings["beta_trained"] = settings["beta"];
  settings =
      withBest(std::move(settings), grid, tipCorrect(task, task.validation, grid), task.validation.labels.size());
}

std::vector<Param> trainingParams() {
  return {{.key = "alpha",
           .title = "Alpha",
           .value = 1.17,
           .min = 0.0,
           .max = 1000.0,
           .help = "Weight of the support against the text while training, and after it where it is not searched."},
          {.key = "beta",
           .title = "Beta",
           .value = 1.0,
           .min = 0.0,
           .max = 1000.0,
           .help = "How sharply a key's say falls with its distance while training, and after it where not searched."},
          {.key = "epochs",
           .title = "Epochs",
           .value = 20LL,
           .min = 1,
           .max = 10000,
           .help = "Passes over the support; 100 were released for EuroSAT."},
          {.key = "batch",
           .title = "Batch",
           .value = 256LL,
           .min = 1,
           .max = 1000000,
           .scale = ParamScale::Log,
           .help = "Pictures of one optimiser step."},
          {.key = "learning_rate",
           .title = "Learning rate",
           .value = 1e-3,
           .min = 0.0,
           .max = 1.0,
           .scale = ParamScale::Log,
           .help = "Of AdamW at the first step; falls to 0 by half a cosine."},
          {.key = "weight_decay",
           .title = "Weight decay",
           .value = 0.01,
           .min = 0.0,
           .max = 10.0,
           .help = "Of AdamW, on the keys."},
          {.key = "seed",
           .title = "Seed",
           .value = 1LL,
           .min = 1,
           .max = 2147483647,
           .help = "Of the order of the support in every epoch."}};
}

std::vector<Param> params() {
  const std::string help =
      "The grid is 0.1 + i (scale - 0.1) / steps; the released scales (beta, alpha) are 7, 3 for ImageNet, Pets and "
      "UCF, 12, 5 for Caltech, 13, 13 for DTD, 50, 50 for Flowers.";
  std::vector<Param> out = trainingParams();
  out.push_back({.key = "beta_scale", .title = "Largest beta", .value = 7.0, .min = 0.2, .max = 1000.0, .help = help});
  out.push_back(
      {.key = "alpha_scale", .title = "Largest alpha", .value = 3.0, .min = 0.2, .max = 1000.0, .help = help});
  out.push_back({.key = "beta_steps", .title = "Betas tried", .value = 200LL, .min = 1, .max = 10000, .help = help});
  out.push_back({.key = "alpha_steps", .title = "Alphas tried", .value = 20LL, .min = 1, .max = 10000, .help = help});
  out.push_back(searchParam());
  return out;
}

Result<std::unique_ptr<Classifier>> fitTrained(const Task& task, const ParamValues& asked);

}  // namespace

/// Tip-Adapter whose keys are trained on the support (values and text stay): cross-entropy of the whole logits, AdamW,
/// the gradient in closed form. The pictures are the cached features, so a picture meets its own key; the released code
/// meets augmented views. The best epoch, then alpha and beta, are chosen on validation, never on queries; without
/// validation the last epoch and the settings given hold, and settings() say so.
const Adapter& tip_adapter_f() {
  static const Adapter adapter{.id = "tip-adapter-f",
                               .title = "Tip-Adapter-F",
                               .citation = kTipCitation,
                               .params = params(),
                               .needsText = true,
                               .training = Training::Fitted,
                               .fit = fitTrained};
  return adapter;
}

namespace {

Result<std::unique_ptr<Classifier>> fitTrained(const Task& asListed, const ParamValues& asked) {
  LIX_TRY(ParamValues settings, check(tip_adapter_f(), asListed, asked));
  LIX_TRY(const Choice choice, choiceFor(tip_adapter_f(), asListed, settings));
  LIX_TRY(const TipGrid grid, tipGrid(tip_adapter_f(), settings));
  const OwnedLabelled support = inCanonicalOrder(asListed.support);  // batches must not depend on how it was listed
  Task task = asListed;
  task.support = support.view();
  const KeyTraining training{.alpha = static_cast<float>(real(settings, "alpha")),
                             .beta = static_cast<float>(real(settings, "beta")),
                             .epochs = whole(settings, "epochs"),
                             .batch = whole(settings, "batch"),
                             .learningRate = real(settings, "learning_rate"),
                             .weightDecay = real(settings, "weight_decay"),
                             .seed = whole(settings, "seed")};
  LIX_TRY(const Chosen chosen, train(task, training, choice.searched));
  const Task trained = withKeys(task, chosen.keys);
  settings[kChosenBy] = choice.reason;
  settings["epoch"] = static_cast<long long>(chosen.epoch);
  if (choice.searched) {
    searchSettings(trained, grid, settings);
    LIX_CHECK(checkStop(task));
  }
  const auto alpha = static_cast<float>(real(settings, "alpha"));
  const auto beta = static_cast<float>(real(settings, "beta"));
  return std::make_unique<TipClassifier>(trained, alpha, beta, std::move(settings));
}

}  // namespace
}  // namespace lix::adapt
