#include "study/train/run.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "base/text.h"
#include "nn/objective.h"
#include "nn/ops/tensor.h"
#include "study/train/locks.h"
#include "study/train/skip_report.h"
#include "study/train/weights_average.h"

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

/// CLIP and Llip keep their logit scales in [0, ln 100] (arXiv 2405.00740, released code); SigLIP, a sigmoid loss on
/// one vector an image, does not, and its released models lie above. The objective decides, on whatever towers; the rungs of
/// Llip's ladder are clamped alike, since they may differ in the image vector alone.
bool scalesAreFree(const nn::Recipe& recipe) {
  return recipe.head == nn::ImageHead::Vector && !recipe.terms.front().bias.empty() &&
         !recipe.id.starts_with("llip-ladder/");
}

void clampScales(nn::Model& model, const nn::Recipe& recipe) {
  if (scalesAreFree(recipe)) {
    return;
  }
  const at::NoGradGuard noGrad;
  for (const nn::Term& term : recipe.terms) {
    model.parameters.at(term.scale).clamp_(0.0, std::log(100.0));
  }
}

/// Weights that learn are leaves with gradients, and are averaged where that is wanted and has not begun.
Training prepared(Training training) {
  applyLocks(training.settings, training.model);
  if (training.settings.ema > 0.0 && training.average.empty()) {
    startAverage(training.average, training.model.parameters);
  }
  return training;
}

}  // namespace

fs::path bestFolder(const fs::path& out) { return out.string() + "-best"; }

fs::path keptFolder(const fs::path& out, long long step) {
  const std::string number = std::to_string(step);
  return cat(out.string(), "-step-", std::string(number.size() < 6 ? 6 - number.size() : 0, '0'), number);
}

Run::Run(Training training, nn::Recipe recipe, const TrainData& data, fs::path out, TrainObserver& observer,
         Canary* canary, Ranks* ranks)
    : training_(prepared(std::move(training))),
      recipe_(std::move(recipe)),
      data_(data),
      out_(std::move(out)),
      observer_(observer),
      canary_(canary),
      ranks_(ranks),
      optimizer_(learned(training_.model.parameters), scalarKeys(recipe_),
                 {.weightDecay = training_.settings.weightDecay}),
      loader_(data, training_.settings, training_.model.config, training_.preprocess, training_.position,
              ranks == nullptr ? BatchShare{} : BatchShare{ranks->rank(), ranks->size()}),
      multiplier_(training_.settings.scalarMultiplier > 0.0 ? training_.settings.scalarMultiplier
                                                            : scalarMultiplierRule(training_.settings)),
      saved_(training_.step) {}

Result<TrainEnd> Run::toTheEnd() {
  if (ranks_ != nullptr) {  // whatever machine drew or read them, all begin with the same weights
    std::vector<at::Tensor> weights;
    for (const auto& [name, parameter] : training_.model.parameters) {
      weights.push_back(parameter);
    }
    LIX_CHECK(ranks_->takeFromLeader(weights));
  }
  LIX_CHECK(firstReading());
  while (training_.step < training_.settings.steps) {
    LIX_TRY(const TrainRequest request, answer());
    switch (request) {
      case TrainRequest::Cancel:
        return TrainEnd::Cancelled;
      case TrainRequest::Stop:
        LIX_CHECK(save());
        return TrainEnd::Stopped;
      default:
        break;
    }
    LIX_CHECK(step());
    const bool last = training_.step >= training_.settings.steps;
    if (const int every = training_.settings.keepEvery; every > 0 && training_.step % every == 0 && !lastSkipped_) {
      LIX_CHECK(keepStep());
    }
    if (training_.settings.canaryStops) {
      LIX_TRY(const int stops, leaders(stops_));
      stops_ = stops != 0;
    }
    if (stops_ && !last) {
      LIX_CHECK(save());
      return TrainEnd::Stopped;
    }
    if (training_.step % training_.settings.checkpointEvery == 0 && !last && !lastSkipped_) {
      LIX_CHECK(save());
    }
  }
  return end();
}

Result<TrainEnd> Run::end() {
  LIX_CHECK(save());
  if (const CanaryMemory& canary = training_.canary; canary.best) {
    observer_.notice(cat("The best step by ", training_.settings.canaryBest, " is ", canary.bestStep, " (",
                         *canary.best, "); its checkpoint is kept at ", bestFolder(out_).string(), "."));
  }
  return TrainEnd::Done;
}

Result<int> Run::leaders(int value) {
  if (ranks_ == nullptr) {
    return value;
  }
  const at::Tensor told = at::full({1}, value, at::kLong);
  if (auto done = ranks_->takeFromLeader({told}); !done) {
    return abandon(std::move(done).error());
  }
  return static_cast<int>(told.item<std::int64_t>());
}

std::unexpected<Error> Run::abandon(Error why) {
  optimizer_.clear();
  if (leads() && training_.step != saved_ && !lastSkipped_) {
    if (auto kept = save(); !kept) {
      why.message += cat(" The last step could not be kept either: ", kept.error().message);
    }
  }
  return std::unexpected(std::move(why));
}

Result<TrainRequest> Run::asked() {
  LIX_TRY(const int request, leaders(static_cast<int>(leads() ? observer_.request() : TrainRequest::None)));
  return static_cast<TrainRequest>(request);
}

Result<TrainRequest> Run::answer() {
  LIX_TRY(TrainRequest request, asked());
  while (request == TrainRequest::Pause || request == TrainRequest::Keep) {
    if (request == TrainRequest::Keep) {
      LIX_CHECK(keepStep());
    } else if (training_.step != saved_) {
      LIX_CHECK(save());
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    LIX_TRY(request, asked());
  }
  return request;
}

Result<void> Run::step() {
  const auto begin = Clock::now();
  const TrainBatch batch = loader_.next();
  const auto seen = [&](const nn::Encoded& features) {
    if (training_.temperature == ContextTemperature::Fresh) {
      nn::startTemperature(training_.model, recipe_, features, recipe_.effectiveNeighboursAtStart);
      training_.temperature = ContextTemperature::Given;
    }
  };
  auto found = lossAndGradients(training_.model, recipe_, batch.pixels, batch.ids, training_.microBatch, seen, ranks_);
  if (!found) {
    return abandon(std::move(found).error());
  }
  BatchLoss& loss = *found;
  if (loss.broken == Finite::All) {
    loss.series["gradient_norm"] = optimizer_.clip(training_.settings.clip);
    if (!std::isfinite(loss.series.at("gradient_norm"))) {  // a step would put it into every weight
      loss.broken = Finite::Gradient;
    }
  }
  Series series;
  lastSkipped_ = loss.broken != Finite::All;
  if (lastSkipped_) {
    LIX_CHECK(skip(loss, batch));
  } else {
    series = std::move(loss.series);
    update();
  }
  series["learning_rate"] = learningRate(training_.settings, training_.step);
  series["equal_captions_avoided"] = batch.avoided;
  if (training_.skipped > 0) {
    series["skipped_steps"] = training_.skipped;
  }
  training_.position = batch.next;
  ++training_.step;
  series["images_per_second"] = training_.settings.batch / std::chrono::duration<double>(Clock::now() - begin).count();
  warnOfUniformContext(series);
  if (readingDue()) {
    LIX_CHECK(readCanary(series));
  }
  observer_.stepped(training_.step, series);
  return {};
}

void Run::update() {
  optimizer_.step(learningRate(training_.settings, training_.step), multiplier_);
  clampScales(training_.model, recipe_);
  updateAverage(training_.average, training_.model.parameters, training_.settings.ema,
                training_.step - training_.skipped);
}

Result<void> Run::skip(const BatchLoss& loss, const TrainBatch& batch) {
  optimizer_.clear();
  ++training_.skipped;
  const std::string cause = causeOf(loss, batch.items, data_);
  const int most = training_.settings.mostSkipped;
  if (training_.skipped > most) {
    return fail(ErrorCode::BadInput,
                cat("The loss or its gradient is not finite at step ", training_.step + 1, ": ", cause, ". After ",
                    most, " skipped steps, all that --most-skipped allows, the run was stopped and its last ",
                    "checkpoint kept. Lower the learning rate (now ", training_.settings.learningRate,
                    "), or leave out the pictures and captions that were named."));
  }
  observer_.notice(cat("Step ", training_.step + 1, " was skipped: ", cause, ". This is number ", training_.skipped,
                       " of the ", most, " that may be; the next one after those stops the run."));
  return {};
}

void Run::warnOfUniformContext(const Series& series) {
  const auto neighbours = series.find("effective_neighbours");
  const bool halfway =
      training_.step == (training_.settings.steps + 1) / 2 || training_.step == training_.settings.steps;
  // A placebo is uniform by design, a context without weight teaches nothing, and of two images one has no choice.
  const auto attends = std::ranges::find_if(recipe_.terms, [](const nn::Term& term) {
    return !term.temperature.empty() && !term.context.uniform && term.weight > 0.0;
  });
  if (neighbours == series.end() || !halfway || attends == recipe_.terms.end() || training_.settings.batch < 4) {
    return;
  }
  const int seen = training_.settings.batch - (attends->context.masked ? 1 : 0);
  if (neighbours->second < kUniform * seen) {
    return;
  }
  observer_.notice(cat("The context is still uniform at step ", training_.step, " (", neighbours->second,
                       " effective neighbours of ", seen,
                       "): so far the run learns from the mean of the batch, not from LIxP's context. ",
                       "Train longer, or raise --scalar-multiplier (now ", multiplier_, ")."));
}

Result<void> Run::keep(const fs::path& folder) {
  for (const auto& [name, parameter] : training_.model.parameters) {
    if (!parameter.isfinite().all().item<bool>()) {
      return fail(ErrorCode::BadInput, cat("The weight '", name, "' is not finite at step ", training_.step,
                                           "; the run was stopped and its last checkpoint kept. ",
                                           "Lower the learning rate (now ", training_.settings.learningRate, ")."));
    }
  }
  if (!leads()) {
    return {};
  }
  if (folder == out_) {
    observer_.saving(training_.step);
  }
  return saveTraining(training_, optimizer_, data_, folder);
}

Result<void> Run::save() {
  LIX_CHECK(keep(out_));
  saved_ = training_.step;
  observer_.saved(training_.step, out_);
  return {};
}

Result<void> Run::keepStep() {
  const fs::path folder = keptFolder(out_, training_.step);
  LIX_CHECK(keep(folder));
  observer_.kept(training_.step, folder);
  return {};
}

Result<void> Run::firstReading() {
  if (canary_ == nullptr || training_.step > 0 || !training_.canary.baseline.empty()) {
    return {};
  }
  Series series;
  LIX_CHECK(readCanary(series));
  observer_.stepped(0, series);
  return {};
}

bool Run::readingDue() const {
  return canary_ != nullptr && !training_.canary.baseline.empty() &&
         (training_.step % training_.settings.canaryEvery == 0 || training_.step == training_.settings.steps);
}

Result<void> Run::readCanary(Series& series) {
  const at::NoGradGuard noGrad;
  const auto reading = canary_->read(shown(training_), training_.preprocess);
  if (!reading && training_.step > 0) {  // a run of hours is worth more than one reading
    observer_.notice(cat("The canary could not be read at step ", training_.step, ": ", reading.error().message));
    return {};
  }
  if (!reading) {
    return std::unexpected(reading.error());
  }
  const auto judged = judge(*reading, training_.settings, training_.step, training_.canary);
  if (!judged && training_.step > 0) {
    observer_.notice(cat(judged.error().message, " The run goes on without its canary."));
    canary_ = nullptr;
    return {};
  }
  LIX_TRY(const CanaryVerdict verdict, judged);
  series.insert(verdict.series.begin(), verdict.series.end());
  const bool stops = training_.canary.dropped && training_.settings.canaryStops;
  if (!verdict.notice.empty()) {
    observer_.notice(verdict.notice);
  }
  if (stops && training_.step < training_.settings.steps) {
    stops_ = true;
    observer_.notice(cat("The run stops at step ", training_.step, ", as it was asked to when zero-shot really drops."));
  }
  return verdict.isBest ? keep(bestFolder(out_)) : Result<void>();
}

}  // namespace lix::study
