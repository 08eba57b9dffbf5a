#include "shared/sample_efficiency.h"

#include <cmath>
#include <cstdio>
#include <map>

#include "base/text.h"

namespace lix::app {
namespace {

/// The points of the other curve by shots; of two kinds of vectors those that `at` has too.
std::map<int, const store::CurvePoint*> otherCurve(const store::CurvePoint& at,
                                                   std::span<const store::CurvePoint> points,
                                                   const std::string& label) {
  std::map<int, const store::CurvePoint*> curve;
  for (const store::CurvePoint& point : points) {
    if (point.of.checkpointLabel == label && point.of.shots > 0 && differInModelAlone(at.of, point.of)) {
      const store::CurvePoint*& kept = curve[point.of.shots];
      kept = kept == nullptr || point.of.vectors == at.of.vectors ? &point : kept;
    }
  }
  return curve;
}

/// Outcomes of the point and of each point of the curve, paired by their seeds; none where they cannot be.
std::vector<study::OutcomeGrid> pairedGrids(const store::CurvePoint& at,
                                            const std::map<int, const store::CurvePoint*>& curve,
                                            const store::OutcomeTable& outcomes) {
  std::vector<const store::CurvePoint*> all{&at};
  for (const auto& [shots, point] : curve) {
    all.push_back(point);
  }
  return store::alignedGrids(all, outcomes).value_or(std::vector<study::OutcomeGrid>());
}

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100.0 * share);
  return text;
}

/// "8", "13.5", "more than 32", "1 or fewer".
std::string shotsText(double shots, const study::SampleEfficiency& found) {
  char text[32];
  if (std::isinf(shots)) {
    std::snprintf(text, sizeof text, "more than %.0f", found.most);
  } else if (shots <= found.fewest) {
    std::snprintf(text, sizeof text, "%.0f or fewer", found.fewest);
  } else {
    std::snprintf(text, sizeof text, std::abs(shots - std::round(shots)) < 0.05 ? "%.0f" : "%.1f", shots);
  }
  return text;
}

}  // namespace

std::optional<study::SampleEfficiency> sampleEfficiency(const store::CurvePoint& at,
                                                        std::span<const store::CurvePoint> points,
                                                        const std::string& label, const store::OutcomeTable& outcomes) {
  const auto curve = otherCurve(at, points, label);
  if (at.of.shots == 0 || curve.empty()) {
    return std::nullopt;
  }
  std::vector<double> shots, means;
  for (const auto& [count, point] : curve) {
    shots.push_back(count);
    means.push_back(point->mean);
  }
  const auto grids = pairedGrids(at, curve, outcomes);
  if (grids.empty()) {
    return study::sampleEfficiency(at.mean, shots, means, {}, {});
  }
  for (std::size_t i = 0; i < means.size(); ++i) {
    means[i] = study::meanOutcome(grids[i + 1]);
  }
  const auto resampled = study::resampledMeans(grids);
  return study::sampleEfficiency(study::meanOutcome(grids[0]), shots, means, resampled[0],
                                 std::span(resampled).subspan(1));
}

std::string sentenceOf(const study::SampleEfficiency& found, const store::CurvePoint& at, const std::string& label) {
  const auto word = [](bool one) { return one ? " shot" : " shots"; };
  std::string text = cat(at.of.checkpointLabel, " at ", at.of.shots, word(at.of.shots == 1), " (", percent(found.level),
                         ") = ", label, " at ", shotsText(found.shots, found), " shots");
  if (found.interval) {
    text += cat(" (95 % interval ", shotsText(found.interval->low, found), " to ",
                shotsText(found.interval->high, found), ")");
  }
  return text;
}

}  // namespace lix::app
