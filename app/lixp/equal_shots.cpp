#include "lixp/equal_shots.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "shared/curves_figure_data.h"
#include "shared/sample_efficiency.h"

namespace lix::app {
namespace {
using nlohmann::json;

json finite(double value) { return std::isfinite(value) ? json(value) : json(); }

json entry(const study::SampleEfficiency& found, const store::CurvePoint& at, const std::string& other) {
  return {{"dataset", at.of.dataset},
          {"split", at.of.split},
          {"label_set", at.of.labelSet},
          {"templates", at.of.templates},
          {"adapter", at.of.adapter},
          {"checkpoint", at.of.checkpointLabel},
          {"shots", at.of.shots},
          {"top1", found.level},
          {"other", other},
          {"equal_shots", finite(found.shots)},
          {"equal_shots_low", found.interval ? finite(found.interval->low) : json()},
          {"equal_shots_high", found.interval ? finite(found.interval->high) : json()},
          {"fewest", found.fewest},
          {"most", found.most},
          {"sentence", sentenceOf(found, at, other)}};
}

}  // namespace

EqualShots equalShots(std::span<const store::CurvePoint> points, const std::vector<std::string>& order,
                      const store::OutcomeTable& outcomes) {
  std::set<std::string> labels;
  for (const store::CurvePoint& point : points) {
    labels.insert(point.of.checkpointLabel);
  }
  EqualShots result;
  if (labels.size() != 2) {
    return result;
  }
  const auto wanted = std::ranges::find_if(order, [&](const std::string& label) { return labels.contains(label); });
  const std::string first = wanted == order.end() ? *labels.begin() : *wanted;
  const std::string other = first == *labels.begin() ? *labels.rbegin() : *labels.begin();
  for (const store::CurvePoint& at : points) {
    if (at.of.checkpointLabel != first || at.of.shots == 0) {
      continue;
    }
    if (const auto found = sampleEfficiency(at, points, other, outcomes)) {
      result.list.push_back(entry(*found, at, other));
      result.text += cat(at.of.dataset, ", ", at.of.labelSet, ", ", adapterTitle(at.of.adapter), ": ",
                         sentenceOf(*found, at, other), "\n");
    }
  }
  return result;
}

}  // namespace lix::app
