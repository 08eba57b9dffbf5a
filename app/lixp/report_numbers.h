#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>

#include "store/evaluation_store.h"
#include "study/metrics/statistics.h"

namespace lix::app {

/// How much better (positive) or worse the first checkpoint is than the second with one adapter on one label set: top-1
/// of the same support draws, paired, so that what the draws share cancels out. Accuracies are shares, 0 to 1.
struct PairedDifference {
  std::string dataset, labelSet, adapter;
  std::map<int, study::Summary> byShots;  ///< over the draws that both have
  study::Summary mean;                    ///< over draws of the mean over the shots of byShots
};

/// From few-shot rows of metric top1. A draw that is not there at every shot count for both does not count for `mean`.
/// Of a repeated measurement the newest counts. Zero-shot rows are left out.
std::vector<PairedDifference> pairedDifferences(std::span<const store::EvaluationRow> rows, const std::string& first,
                                                const std::string& second);

enum class Verdict { Gains, Loses, Undecided, TooFew };
/// By the 95 % interval: whether it lies above zero, below, or around it; TooFew without one.
Verdict verdict(const study::Summary& difference);
/// "gains", "loses", "no difference that these draws can show", "one draw only, so no interval".
std::string_view inWords(Verdict verdict);

}  // namespace lix::app
