#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/progress.h"
#include "study/metrics/statistics.h"
#include "study/support/support_score.h"

namespace lix::study {

/// Accuracy of an adapter with so many pictures of every class.
struct ShotsPoint {
  std::size_t shots = 0;       ///< 0: without any (zero-shot)
  std::vector<double> values;  ///< one a draw
  Summary summary;             ///< of the values; its interval is over draws of this set, on the same queries
};

struct ShotsCurve {
  std::string id, title;
  std::string refusal;  ///< why there are no points, in one sentence
  std::vector<ShotsPoint> points;
};

struct ShotsSettings {
  std::size_t draws = 5;
  std::uint64_t seed = 0;
  AdapterSettings adapters;
};

/// 1, 2, 4, ... up to `smallest`, which is the last.
std::vector<std::size_t> shotCounts(std::size_t smallest);

/// What fewer pictures would have been worth: accuracy of the quick adapters against shots, drawn from the support as it
/// stands, up to the size of its smallest class that has pictures. A draw is one order of each class's pictures by a
/// function of (seed, draw, content), so that one picture more leaves the others in their order; its first k are the k
/// shots, so that draws are nested. Where the shots are all pictures of every class there is one draw, and no interval. An adapter that does not look
/// at the support has one point, at 0. Refuses what scoreSupport refuses, and no labelled queries. `progress` hears of
/// every fit and can cancel.
Result<std::vector<ShotsCurve>> shotsCurves(const SupportTask& task, const ShotsSettings& settings = {},
                                            const Progress& progress = {});

}  // namespace lix::study
