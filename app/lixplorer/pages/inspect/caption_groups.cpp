#include "pages/inspect/caption_groups.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/text.h"
#include "study/probes/clusters.h"

namespace lix::app {
namespace {

std::vector<std::size_t> own(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t(0));
  return order;
}

}  // namespace

Result<std::vector<int>> captionGroups(const ReadAnswer& answer, std::optional<std::size_t> picture,
                                       std::size_t count) {
  const std::size_t captions = answer.question.captions.size();
  if (!answer.facts.mixture) {
    return fail(ErrorCode::Unsupported, cat(answer.model(), " has no mixture weights by which captions could be grouped."));
  }
  std::vector<float> rows;
  std::size_t used = 0;
  for (std::size_t i = 0; i < answer.reading.pictures.size(); ++i) {
    const auto& mixture = answer.reading.pictures[i].mixture;
    if (!mixture || (picture && *picture != i)) {
      continue;
    }
    rows.resize(mixture->weights.size());
    std::ranges::transform(rows, mixture->weights, rows.begin(), std::plus<float>());
    ++used;
  }
  if (used == 0 || captions == 0) {
    return fail(ErrorCode::BadInput,
                "So many pictures and captions leave this picture with scores alone: remove some, or choose a picture "
                "before it, to group captions by its mixture weights.");
  }
  for (float& weight : rows) {
    weight /= float(used);
  }
  LIX_TRY(const study::Clusters clusters,
          study::cluster({rows, captions, rows.size() / captions}, std::clamp<std::size_t>(count, 1, captions)));
  std::vector<int> groups(captions);
  std::ranges::transform(clusters.of, groups.begin(), [](std::size_t cluster) { return int(cluster) + 1; });
  return groups;
}

std::vector<std::size_t> orderOfGroups(const std::vector<int>& groups) {
  auto order = own(groups.size());
  std::ranges::stable_sort(order, {}, [&](std::size_t caption) { return groups[caption]; });
  return order;
}

std::vector<std::size_t> orderOfScores(const std::vector<float>& values) {
  auto order = own(values.size());
  const auto value = [&](std::size_t caption) {  // what is no number comes last
    return std::isnan(values[caption]) ? -std::numeric_limits<float>::infinity() : values[caption];
  };
  std::ranges::stable_sort(order, std::ranges::greater(), value);
  return order;
}

}  // namespace lix::app
