#pragma once
#include <array>
#include <filesystem>
#include <span>
#include <string>

#include "figures/curves_figure.h"
#include "store/evaluation_store.h"

namespace lix::app {

/// The few-shot curves of two checkpoint folders on a dataset and label set.
struct PairCurves {
  figures::CurvesPanel panel;  ///< without series where neither was measured
  std::string notes;
};

/// Of one adapter: `wanted` where either was measured with it, else the searched Tip-Adapter, prototypes, or what there
/// is.
PairCurves pairCurves(std::span<const store::EvaluationRow> rows, const std::array<std::filesystem::path, 2>& folders,
                      const std::string& dataset, const std::string& labelSet, const std::string& wanted,
                      const store::OutcomeTable& outcomes = {});

}  // namespace lix::app
