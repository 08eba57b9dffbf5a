#include "pages/curves/reach.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "base/text.h"

namespace lix::app {
namespace {

std::vector<figures::CurvePoint> measured(const figures::CurveSeries& series) {
  std::vector<figures::CurvePoint> points;
  std::ranges::copy_if(series.points, std::back_inserter(points), [](const auto& point) { return point.x > 0.0; });
  std::ranges::sort(points, {}, &figures::CurvePoint::x);
  return points;
}

/// "8", "13.5".
std::string number(double value) {
  char text[32];
  const bool whole = std::abs(value - std::round(value)) < 0.05;
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.1f", value);
  return text;
}

std::string shotsText(double value) { return cat(number(value), number(value) == "1" ? " shot" : " shots"); }

}  // namespace

std::optional<ReachAnswer> shotsToReach(const figures::CurveSeries& curve, double shots,
                                        const figures::CurveSeries& other) {
  const auto here = measured(curve), there = measured(other);
  const auto at = std::ranges::find(here, shots, &figures::CurvePoint::x);
  if (at == here.end() || there.empty()) {
    return std::nullopt;
  }
  const double wanted = at->mean;
  if (there.front().mean >= wanted) {
    return ReachAnswer{ReachAnswer::Kind::AtFirst, there.front().x, wanted};
  }
  for (std::size_t i = 1; i < there.size(); ++i) {
    const figures::CurvePoint &low = there[i - 1], &high = there[i];
    if (high.mean >= wanted) {  // and low is below it
      const double share = (wanted - low.mean) / (high.mean - low.mean);
      const double exponent = std::log2(low.x) + share * (std::log2(high.x) - std::log2(low.x));
      return ReachAnswer{ReachAnswer::Kind::Reached, std::exp2(exponent), wanted};
    }
  }
  return ReachAnswer{ReachAnswer::Kind::NotReached, there.back().x, wanted};
}

std::string sentenceOf(const ReachAnswer& answer, const std::string& curve, double shots, const std::string& other) {
  const std::string here =
      cat(shotsText(shots), " of ", curve, shots == 1.0 ? " gives " : " give ", number(100.0 * answer.accuracy), " %");
  switch (answer.kind) {
    case ReachAnswer::Kind::Reached:
      return cat(here, "; ", other, " needs about ", shotsText(answer.shots), " for that.");
    case ReachAnswer::Kind::AtFirst:
      return cat(here, "; ", other, " has that already at ", shotsText(answer.shots),
                 ", the fewest that were measured.");
    case ReachAnswer::Kind::NotReached:
      break;
  }
  return cat(here, "; ", other, " does not reach that with up to ", shotsText(answer.shots), ", the most measured.");
}

}  // namespace lix::app
