#pragma once
#include <optional>
#include <string>
#include <vector>

#include "nn/recipe.h"
#include "study/train/settings.h"

namespace lix::study {

/// What can be known of a run from its settings alone, before a model or data is read.

/// How far the run can move a scale, bias or temperature at most: the sum of its learning rates times their multiplier,
/// since Adam moves a parameter by about one learning rate a step.
double scalarReach(const TrainSettings& settings);

/// How far ln(tau_ctx) has to fall for the share of effective neighbours to go from `from` to `to` (0 < to < from < 1)
/// while the images stay where they are. With normal cosines the share is exp(-s^2 / 2), where s, the deviation of
/// cosine / (tau sqrt(d)), grows as 1 / tau; so it is ln(ln to / ln from) / 2.
double temperatureDistance(double from, double to);

/// The fewest steps with which the reach is at least `reach`; nothing where no number of steps is enough.
std::optional<int> stepsToReach(TrainSettings settings, double reach);

/// What a run's steps mean for tau_ctx of a context that begins with it: how far its logarithm can fall, how far it has to
/// for the context to attend, and whether that is enough. "" for recipes without a context that learns.
std::string temperatureOutlook(const TrainSettings& settings, const nn::Recipe& recipe);

/// Sentences about settings that cannot do what the recipe is for: a context temperature without the steps to move, a
/// warm-up that leaves no time. `neighbours`: measured share of effective neighbours at the start, where known.
std::vector<std::string> settingsWarnings(const TrainSettings& settings, const nn::Recipe& recipe,
                                          std::optional<double> neighbours = {});

}  // namespace lix::study
