#pragma once
#include <span>
#include <string>
#include <vector>
#include <nlohmann/json.hpp>

#include "store/curve.h"

namespace lix::app {

/// "A at n shots = B at m" for every few-shot point of the first of two checkpoint labels that the second has a curve
/// for (shared/sample_efficiency.h).
struct EqualShots {
  nlohmann::json list = nlohmann::json::array();  ///< a number that is not reached, or not known, is null
  std::string text;                               ///< a line each
};

/// Of points with exactly two labels; nothing of others. The first of `order` that is among them comes first, else the
/// first of the alphabet.
EqualShots equalShots(std::span<const store::CurvePoint> points, const std::vector<std::string>& order,
                      const store::OutcomeTable& outcomes);

}  // namespace lix::app
