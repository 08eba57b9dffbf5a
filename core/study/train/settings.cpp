#include "study/train/settings.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "study/train/params.h"

namespace lix::study {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE_WITH_DEFAULT(TrainSettings, recipe, size, data, init, steps, batch, seed,
                                                learningRate, warmup, weightDecay, clip, scalarMultiplier, minCrop,
                                                flip, threads, checkpointEvery, keepEvery, halfWeights, microBatch, mostSkipped, towers,
                                                tokens, mixtureHeads, tau, mixtureNorms, patchTokens, hidden, headDepth,
                                                embedWidth, alpha,
                                                neighboursAtStart, tauContext, unmasked, uniformContext, detachedValues,
                                                rawContext, sharedScale, sharedBias, lockImage, lockText, lockBlocks,
                                                ema, canary, canaryEvery, canaryShots, canaryBest, canaryStops)

Result<void> TrainSettings::validate() const {
  const auto bad = [](auto... parts) { return fail(ErrorCode::BadInput, cat(parts...)); };
  if (steps < 1 || steps > 100'000'000) {
    return bad("A run of ", steps, " steps is not possible; give --steps of at least 1.");
  }
  if (batch < 1 || batch > 1'000'000) {
    return bad("A batch of ", batch, " is not possible; give --batch of at least 1.");
  }
  if (!(learningRate > 0.0) || !std::isfinite(learningRate)) {
    return bad("The learning rate must be positive.");
  }
  if (!(warmup >= 0.0 && warmup <= 1.0) || !(minCrop > 0.0 && minCrop <= 1.0)) {
    return bad("The warm-up and the least crop are shares between 0 and 1.");
  }
  if (!(weightDecay >= 0.0) || !(clip >= 0.0) || !(scalarMultiplier >= 0.0)) {
    return bad("Weight decay, gradient clipping and the scalars' multiplier cannot be negative.");
  }
  if (threads < 0 || threads > 1024 || checkpointEvery < 1) {
    return bad("The number of threads or the steps between checkpoints is out of range.");
  }
  if (keepEvery < 0) {
    return bad("The steps between kept copies cannot be negative; give --keep-every of at least 1, or 0 for none.");
  }
  if (microBatch < 0 || mostSkipped < 0) {
    return bad("The micro-batch and the number of skipped steps cannot be negative.");
  }
  return checkRanges(*this);
}

std::string toJson(const TrainSettings& settings) { return nlohmann::json(settings).dump(); }

Result<TrainSettings> settingsFromJson(const std::string& text) {
  try {
    return nlohmann::json::parse(text).get<TrainSettings>();
  } catch (const nlohmann::json::exception& problem) {
    return fail(ErrorCode::BadInput, cat("The settings of the run cannot be read: ", problem.what(), "."));
  }
}

double learningRate(const TrainSettings& settings, int step) {
  const double warm = std::max(1.0, std::round(settings.warmup * settings.steps));
  if (step < warm) {
    return settings.learningRate * (step + 1) / warm;
  }
  const double done = (step - warm) / std::max(1.0, settings.steps - warm);
  return settings.learningRate * 0.5 * (1.0 + std::cos(std::numbers::pi * std::min(1.0, done)));
}

double scalarMultiplierRule(const TrainSettings& settings) {
  double sum = 0.0;
  for (int step = 0; step < settings.steps; ++step) {
    sum += learningRate(settings, step);
  }
  return std::clamp(15.0 / sum, 1.0, 100.0);
}

}  // namespace lix::study
