#include "study/support/class_report.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace lix::study {
namespace {

bool isRight(const SupportPrediction& one) { return one.predicted == one.label; }

}  // namespace

std::vector<ClassRecall> classRecalls(std::span<const SupportPrediction> predictions, std::size_t classes) {
  std::vector<ClassRecall> recalls(classes);
  for (const SupportPrediction& one : predictions) {
    if (one.label >= 0) {
      ClassRecall& recall = recalls.at(static_cast<std::size_t>(one.label));
      ++recall.of;
      recall.right += isRight(one) ? 1 : 0;
    }
  }
  for (std::size_t c = 0; c < classes; ++c) {
    recalls[c].classIndex = c;
    recalls[c].interval = wilsonInterval(recalls[c].right, recalls[c].of);
  }
  return recalls;
}

std::vector<ClassRecall> worstFirst(std::vector<ClassRecall> recalls) {
  std::ranges::stable_sort(recalls, {}, [](const ClassRecall& one) {
    return std::tuple(one.of == 0, one.share().value_or(1.0), -static_cast<double>(one.of));
  });
  return recalls;
}

std::vector<std::size_t> confusionCounts(std::span<const SupportPrediction> predictions, std::size_t classes) {
  std::vector<std::size_t> counts(classes * classes, 0);
  for (const SupportPrediction& one : predictions) {
    if (one.label >= 0) {
      ++counts.at(static_cast<std::size_t>(one.label) * classes + static_cast<std::size_t>(one.predicted));
    }
  }
  return counts;
}

std::vector<SupportPrediction> confusionCell(std::span<const SupportPrediction> predictions, int label,
                                             int predicted) {
  std::vector<SupportPrediction> cell;
  for (const SupportPrediction& one : predictions) {
    if (one.label >= 0 && one.label == label && one.predicted == predicted) {
      cell.push_back(one);
    }
  }
  std::ranges::stable_sort(cell, std::greater(), &SupportPrediction::margin);
  return cell;
}

std::optional<PairedChange> changeBetween(const AdapterScore& before, const AdapterScore& after) {
  std::map<std::size_t, bool> rightBefore;
  for (const SupportPrediction& one : before.predictions) {
    if (one.label >= 0) {
      rightBefore.emplace(one.query, isRight(one));
    }
  }
  std::size_t pairs = 0, gained = 0, lost = 0;
  for (const SupportPrediction& one : after.predictions) {
    const auto then = rightBefore.find(one.query);
    if (one.label >= 0 && then != rightBefore.end()) {
      ++pairs;
      gained += isRight(one) && !then->second ? 1 : 0;
      lost += !isRight(one) && then->second ? 1 : 0;
    }
  }
  return pairs == 0 ? std::nullopt : std::optional(pairedChange(gained, lost, pairs));
}

}  // namespace lix::study
