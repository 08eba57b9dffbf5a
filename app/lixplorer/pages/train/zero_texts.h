#pragma once
#include <QString>
#include <map>
#include <string>

#include "nn/recipe.h"
#include "study/train/settings.h"

namespace lix::app {

/// What the form shows instead of a 0 that stands for something else, by the keys of the settings, with the number that a
/// run with these settings takes where that is known: "recipe's (0.9)", "all cores", "off". A 0 that is meant as such (a
/// seed, the warm-up) is not among them.
std::map<std::string, QString> zeroTexts(const study::TrainSettings& settings, const nn::Recipe& recipe);

}  // namespace lix::app
