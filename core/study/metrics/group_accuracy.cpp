#include "study/metrics/group_accuracy.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/contracts.h"

namespace lix::study {

std::optional<GroupAccuracy> groupAccuracy(std::span<const int> predicted, std::span<const int> labels,
                                           std::span<const int> groupOf, std::size_t groups) {
  LIX_REQUIRE(predicted.size() == labels.size() && labels.size() == groupOf.size());
  GroupAccuracy out{.accuracies = std::vector<std::optional<double>>(groups),
                    .counts = std::vector<std::size_t>(groups)};
  std::vector<std::size_t> right(groups);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    LIX_REQUIRE(groupOf[i] >= -1 && groupOf[i] < static_cast<int>(groups));
    if (groupOf[i] >= 0) {
      ++out.counts[std::size_t(groupOf[i])];
      right[std::size_t(groupOf[i])] += predicted[i] == labels[i] ? 1 : 0;
    }
  }
  std::optional<double> low, high;
  for (std::size_t g = 0; g < groups; ++g) {
    if (out.counts[g] == 0) {
      continue;
    }
    const double share = double(right[g]) / double(out.counts[g]);
    out.accuracies[g] = share;
    if (!low || share < *low) {
      low = share;
      out.worst = g;
    }
    high = std::max(high.value_or(share), share);
  }
  if (!low) {
    return std::nullopt;
  }
  out.worstAccuracy = *low;
  out.gap = *high - *low;
  return out;
}

std::optional<double> rocAuc(std::span<const float> scores, std::span<const int> positive) {
  LIX_REQUIRE(scores.size() == positive.size());
  if (!std::ranges::all_of(scores, [](float score) { return std::isfinite(score); })) {
    return std::nullopt;
  }
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double rankSum = 0.0;
  std::size_t positives = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin, within = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end) {
      LIX_REQUIRE(positive[order[end]] == 0 || positive[order[end]] == 1);
      within += std::size_t(positive[order[end]]);
    }
    rankSum += double(within) * (double(begin + end) + 1.0) / 2.0;  // equals share the mean of their ranks, from 1
    positives += within;
    begin = end;
  }
  const std::size_t negatives = scores.size() - positives;
  if (positives == 0 || negatives == 0) {
    return std::nullopt;
  }
  const double p = double(positives);
  return (rankSum - p * (p + 1.0) / 2.0) / (p * double(negatives));
}

}  // namespace lix::study
