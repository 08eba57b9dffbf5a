#include "study/tuners/schedule.h"

#include "adapt/check.h"
#include "base/text.h"
#include "nn/ops/tensor.h"

namespace lix::study::tuners {
namespace {

Result<void> checkSet(const Tuner& tuner, const Task& task, const LabelledPictures& set, const std::string& what) {
  LIX_CHECK(checkPictures(task.evaluator.checkpoint.model.config, tuner.reads, set.pictures, what));
  if (set.labels.size() != set.pictures.count) {
    return fail(ErrorCode::BadInput, cat("The ", what, " set has ", set.pictures.count, " pictures but ",
                                         set.labels.size(), " labels: give one label for each picture."));
  }
  for (const int label : set.labels) {
    if (label < 0 || std::size_t(label) >= task.classNames.size()) {
      return fail(ErrorCode::BadInput, cat("Label ", label, " of the ", what, " set is outside 0 to ",
                                           task.classNames.size() - 1, ": number the classes from 0."));
    }
  }
  return {};
}

Result<void> checkSupport(const Tuner& tuner, const Task& task) {
  if (task.support.pictures.count == 0) {
    return fail(ErrorCode::BadInput, cat(tuner.title,
                                         " learns from support pictures, and there are none: give at "
                                         "least one for each class."));
  }
  LIX_CHECK(checkSet(tuner, task, task.support, "support"));
  std::vector<bool> seen(task.classNames.size(), false);
  for (const int label : task.support.labels) {
    seen[std::size_t(label)] = true;
  }
  for (std::size_t c = 0; c < seen.size(); ++c) {
    if (!seen[c]) {
      return fail(ErrorCode::BadInput, cat("The class '", task.classNames[c],
                                           "' has no support picture: give at least one for each class."));
    }
  }
  return {};
}

}  // namespace

std::vector<Param> scheduleParams(const Schedule& defaults, const std::string& epochsHelp) {
  return {
      {.key = "epochs", .title = "Epochs", .value = defaults.epochs, .min = 0, .max = 100000, .help = epochsHelp},
      {.key = "lr",
       .title = "Learning rate",
       .value = defaults.rate,
       .min = 1e-8,
       .max = 100.0,
       .scale = ParamScale::Log,
       .help = "Of SGD, after the first epoch; falls along half a cosine."},
      {.key = "batch",
       .title = "Batch size",
       .value = defaults.batch,
       .min = 1,
       .max = 4096,
       .help = "Support pictures a step; a last batch that is not full is left out where there is a full one."},
      {.key = "momentum", .title = "Momentum", .value = defaults.momentum, .min = 0.0, .max = 0.999, .help = "Of SGD."},
      {.key = "weight_decay",
       .title = "Weight decay",
       .value = defaults.weightDecay,
       .min = 0.0,
       .max = 1.0,
       .help = "Pulls everything that is learned towards zero."},
      {.key = "warmup_lr",
       .title = "First epoch's rate",
       .value = defaults.warmup,
       .min = 0.0,
       .max = 100.0,
       .help = "Learning rate of the whole first epoch."},
      {.key = "keep",
       .title = "Epoch kept",
       .value = std::string("last"),
       .help = "last (as the papers), or best: the first epoch with the best validation accuracy."}};
}

Result<Schedule> scheduleFrom(const Tuner& tuner, const Task& task, const ParamValues& settings) {
  const auto real = [&](const char* key) { return std::get<double>(settings.at(key)); };
  const auto whole = [&](const char* key) { return std::get<long long>(settings.at(key)); };
  const auto& keep = std::get<std::string>(settings.at("keep"));
  if (keep != "last" && keep != "best") {
    return fail(ErrorCode::BadInput,
                cat("Setting 'keep' of adapter '", tuner.id, "' is '", keep, "', but must be last or best."));
  }
  if (keep == "best" && task.validation.pictures.count == 0) {
    return fail(ErrorCode::BadInput, cat("keep=best of adapter '", tuner.id,
                                         "' chooses the epoch on validation pictures, and there are none; give some, "
                                         "or keep the last."));
  }
  return Schedule{.rate = real("lr"),
                  .momentum = real("momentum"),
                  .weightDecay = real("weight_decay"),
                  .warmup = real("warmup_lr"),
                  .epochs = whole("epochs"),
                  .batch = whole("batch"),
                  .keep = keep == "best" ? Schedule::Keep::Best : Schedule::Keep::Last};
}

Result<ParamValues> checkTask(const Tuner& tuner, const Task& task, const ParamValues& params) {
  LIX_CHECK(needTowers(task.evaluator, tuner.title));
  if (task.evaluator.checkpoint.model.config.towers == nn::Towers::Heads) {
    return fail(ErrorCode::Unsupported,
                cat(tuner.title,
                    " learns tokens that the towers read, and this checkpoint holds MLP heads on frozen "
                    "features; use the checkpoint that made those features, or another adapter."));
  }
  if (task.classNames.size() < 2) {
    return fail(ErrorCode::BadInput, cat(tuner.title, " needs at least two classes to tell apart, and there ",
                                         task.classNames.empty() ? "are none." : "is one."));
  }
  LIX_TRY(ParamValues settings, adapt::checkParams({.id = tuner.id, .params = tuner.params, .fit = nullptr}, params));
  LIX_CHECK(checkSupport(tuner, task));
  if (task.validation.pictures.count > 0 || !task.validation.labels.empty()) {
    LIX_CHECK(checkSet(tuner, task, task.validation, "validation"));
  }
  return settings;
}

Result<void> checkPictures(const nn::ModelConfig& config, Tuner::Reads reads, const Pictures& pictures,
                           const std::string& what) {
  if (reads == Tuner::Reads::Pixels) {
    return pictures.pixels ? Result<void>{}
                           : fail(ErrorCode::BadInput, cat("The pixels of the ", what, " pictures are needed."));
  }
  const at::Tensor& features = pictures.features;
  const bool tokens = config.mixesByCaption();
  const std::int64_t width = tokens ? config.vision.width : config.embedWidth;
  if (!features.defined() || features.dim() != (tokens ? 3 : 2) || features.size(0) != std::int64_t(pictures.count) ||
      features.size(-1) != width || (tokens && features.size(1) != config.mixtureTokens())) {
    return fail(ErrorCode::BadInput, cat("The features of the ", what, " pictures are not ", pictures.count,
                                         " rows as this checkpoint's image tower gives them (width ", width,
                                         "): embed the pictures with the same checkpoint."));
  }
  return {};
}

double shotsOf(const Task& task) { return double(task.support.pictures.count) / double(task.classNames.size()); }

}  // namespace lix::study::tuners
