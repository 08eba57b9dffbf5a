#include "study/train/outlook.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/text.h"
#include "nn/recipe_options.h"
#include "study/train/params.h"

namespace lix::study {
namespace {

constexpr double kAttentive = 0.25;  // of the share at the start: here the context is no plain mean any more
constexpr double kMargin = 2.0;      // gradients do not point one way at every step, and the images have to learn first
constexpr double kFarRate = 30.0;    // times the usual learning rate, or its share
constexpr int kMostSteps = 100'000'000;

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

double multiplierOf(const TrainSettings& settings) {
  return settings.scalarMultiplier > 0.0 ? settings.scalarMultiplier : scalarMultiplierRule(settings);
}

std::string temperatureWarning(const TrainSettings& settings, double from, double to) {
  const double reach = scalarReach(settings), distance = temperatureDistance(from, to);
  if (reach >= kMargin * distance) {
    return "";
  }
  std::string remedy = settings.scalarMultiplier > 0.0 ? "raise the multiplier of scalars or the learning rate"
                                                       : "raise the learning rate";
  if (const auto steps = stepsToReach(settings, kMargin * distance)) {
    remedy = cat("take at least ", *steps, " steps, or ", remedy);
  }
  return cat("The run is too short for tau_ctx to move: its logarithm can fall by at most about ", rounded(reach),
             " (the sum of all learning rates times ", rounded(multiplierOf(settings)), "), and from ",
             static_cast<int>(std::lround(100.0 * from)), " % effective neighbours to ",
             static_cast<int>(std::lround(100.0 * to)), " % it is about ", rounded(distance),
             ", with gradients that do not always agree. So it would learn from the plain mean of ",
             "the batch: ", remedy, ".");
}

/// Learning rates far from what is usual for such a start are mostly a slip of the keyboard.
std::string rateWarning(const TrainSettings& settings) {
  const TrainStart start = settings.init.empty() ? TrainStart::Nothing : TrainStart::Checkpoint;
  const double usual = std::get<double>(trainParam("learning_rate", start).value), times = settings.learningRate / usual;
  if (times < kFarRate && times > 1.0 / kFarRate) {
    return "";
  }
  const long long far = std::llround(times > 1.0 ? times : 1.0 / times);
  return times > 1.0 ? cat("The learning rate is ", far, " times the usual ", rounded(usual), ": the loss will most likely not fall.")
                     : cat("The learning rate is the usual ", rounded(usual), " divided by ", far, ": hardly anything will be learned.");
}

bool learnsContext(const nn::Recipe& recipe) {
  const double start = recipe.effectiveNeighboursAtStart;
  return start > 0.0 && start < 1.0 && std::ranges::any_of(recipe.terms, [](const nn::Term& term) {
           return !term.temperature.empty() && !term.context.uniform;
         });
}

}  // namespace

double scalarReach(const TrainSettings& settings) {
  // The sums of learningRate() over the rising and the falling part: 1/w + ... + w/w, and the half cosine.
  const double warm = std::min<double>(settings.steps, std::max(1.0, std::round(settings.warmup * settings.steps)));
  const double falling = settings.steps - warm;
  const double sum = settings.learningRate * ((warm + 1.0) / 2.0 + (falling > 0.0 ? (falling + 1.0) / 2.0 : 0.0));
  const double multiplier =
      settings.scalarMultiplier > 0.0 ? settings.scalarMultiplier : std::clamp(15.0 / sum, 1.0, 100.0);
  return multiplier * sum;
}

double temperatureDistance(double from, double to) { return 0.5 * std::log(std::log(to) / std::log(from)); }

std::optional<int> stepsToReach(TrainSettings settings, double reach) {
  const auto enough = [&](int steps) {
    settings.steps = steps;
    return scalarReach(settings) >= reach;
  };
  if (!enough(kMostSteps)) {
    return {};
  }
  int low = 0, high = kMostSteps;
  while (high - low > 1) {
    const int middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

std::string temperatureOutlook(const TrainSettings& settings, const nn::Recipe& recipe) {
  if (!learnsContext(recipe)) {
    return "";
  }
  const double start = recipe.effectiveNeighboursAtStart;
  const double reach = scalarReach(settings), distance = temperatureDistance(start, kAttentive * start);
  const std::string found = cat("In ", settings.steps, settings.steps == 1 ? " step" : " steps", " ln tau_ctx can fall by about ",
                                rounded(reach), "; for the context to attend it has to by about ", rounded(distance));
  if (reach >= kMargin * distance) {
    return cat(found, ", so it has the room.");
  }
  const auto enough = stepsToReach(settings, kMargin * distance);
  return cat(found, reach < distance ? ": it cannot" : ": that is too close, since gradients do not always agree", ". ",
             enough ? cat("Take at least ", *enough, " steps, or raise the learning rate.")
                    : std::string("Raise the learning rate or the multiplier of scalars."));
}

std::vector<std::string> settingsWarnings(const TrainSettings& settings, const nn::Recipe& recipe,
                                          std::optional<double> neighbours) {
  std::vector<std::string> warnings;
  const double start = recipe.effectiveNeighboursAtStart;
  if (learnsContext(recipe)) {
    const double from = std::clamp(neighbours.value_or(start), 0.0, 0.9999);  // a uniform context is never quite so
    if (const double to = kAttentive * start; from > to) {
      if (std::string sentence = temperatureWarning(settings, from, to); !sentence.empty()) {
        warnings.push_back(std::move(sentence));
      }
    }
  }
  if (settings.batch == 1 && nn::hasContext(recipe)) {
    warnings.push_back(
        "With a batch of one picture there is no other that it could attend to, so the context term is left out; take "
        "a larger batch.");
  }
  if (std::string sentence = rateWarning(settings); !sentence.empty()) {
    warnings.push_back(std::move(sentence));
  }
  if (!settings.canary.empty() && settings.canaryEvery >= settings.steps) {
    warnings.push_back(cat("The canary is read before the first step and after the last one alone: every ", settings.canaryEvery,
                           " steps is no sooner than the run's ", settings.steps, "; take a smaller number to see it on the way."));
  }
  if (settings.warmup > 0.5) {
    warnings.push_back(cat("The learning rate rises for ", static_cast<int>(std::lround(100.0 * settings.warmup)),
                           " % of the steps, which leaves little time to fall; a tenth is usual."));
  } else if (settings.warmup > 0.0 && settings.warmup * settings.steps < 1.0) {
    warnings.push_back(cat("With ", settings.steps, settings.steps == 1 ? " step" : " steps",
                           " there is no warm-up: ", "the run begins at its full learning rate."));
  }
  return warnings;
}

}  // namespace lix::study
