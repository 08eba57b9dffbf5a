#include "study/metrics/accuracy.h"

#include <algorithm>

#include "base/contracts.h"

namespace lix::study {
namespace {

bool within(std::span<const int> labels, std::size_t classes) {
  return std::ranges::all_of(labels,
                             [&](int label) { return label >= 0 && static_cast<std::size_t>(label) < classes; });
}

}  // namespace

std::vector<int> predictions(Scores scores) {
  std::vector<int> out(scores.samples());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto row = scores.row(i);
    out[i] = static_cast<int>(std::ranges::max_element(row) - row.begin());
  }
  return out;
}

std::optional<double> accuracy(std::span<const int> predicted, std::span<const int> labels) {
  LIX_REQUIRE(predicted.size() == labels.size());
  if (labels.empty()) {
    return std::nullopt;
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    right += predicted[i] == labels[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

std::optional<double> topAccuracy(Scores scores, std::span<const int> labels, std::size_t k) {
  LIX_REQUIRE(k > 0 && scores.samples() == labels.size() && within(labels, scores.classes));
  if (labels.empty() || scores.classes < k) {
    return std::nullopt;
  }
  std::size_t right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = scores.row(i);
    const auto label = static_cast<std::size_t>(labels[i]);
    std::size_t before = 0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      before += row[c] > row[label] || (row[c] == row[label] && c < label) ? 1 : 0;
    }
    right += before < k ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(labels.size());
}

std::optional<double> meanPerClassRecall(std::span<const int> predicted, std::span<const int> labels,
                                         std::size_t classes) {
  LIX_REQUIRE(predicted.size() == labels.size() && within(labels, classes));
  std::vector<std::size_t> right(classes, 0);
  std::vector<std::size_t> all(classes, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    ++all[label];
    right[label] += predicted[i] == labels[i] ? 1 : 0;
  }
  double sum = 0.0;
  std::size_t present = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    if (all[c] > 0) {
      sum += static_cast<double>(right[c]) / static_cast<double>(all[c]);
      ++present;
    }
  }
  return present == 0 ? std::nullopt : std::optional(sum / static_cast<double>(present));
}

std::vector<std::size_t> confusion(std::span<const int> predicted, std::span<const int> labels, std::size_t classes) {
  LIX_REQUIRE(predicted.size() == labels.size() && within(labels, classes) && within(predicted, classes));
  std::vector<std::size_t> counts(classes * classes, 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ++counts[static_cast<std::size_t>(labels[i]) * classes + static_cast<std::size_t>(predicted[i])];
  }
  return counts;
}

std::vector<float> margins(Scores scores) {
  std::vector<float> out(scores.samples(), 0.f);
  if (scores.classes < 2) {
    return out;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto row = scores.row(i);
    float best = std::max(row[0], row[1]);
    float second = std::min(row[0], row[1]);
    for (const float score : row.subspan(2)) {
      second = std::max(second, std::min(best, score));
      best = std::max(best, score);
    }
    out[i] = best - second;
  }
  return out;
}

}  // namespace lix::study
