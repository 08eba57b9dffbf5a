#pragma once
#include <optional>
#include <string>
#include <vector>

#include "shared/curves_figure_data.h"

namespace lix::app {

/// What the curves page reads from the database at once.
struct CurveTable {
  std::vector<store::EvaluationRow> rows;  ///< of the kinds few-shot and zero-shot, metric top1, oldest first
  store::OutcomeTable outcomes;            ///< of those that have them
  long long newest = 0;                    ///< greatest id of all results, 0 for none
};
Result<CurveTable> readCurveTable(const store::Workspace& workspace);
/// What CurveTable::newest would be; cheap.
Result<long long> newestResult(const store::Workspace& workspace);

/// What there is to choose from, each list sorted by name; adapters and checkpoints are those of the dataset and label
/// set ("" = all).
struct CurveOptions {
  std::vector<std::string> datasets, labelSets, adapters, checkpoints;
};
CurveOptions curveOptions(const CurveTable& table, const std::string& dataset, const std::string& labelSet);

/// A choice's curves with the measurements behind every dot.
struct ShownCurves {
  std::vector<store::CurvePoint> points;
  figures::CurvesData data;
  std::vector<std::vector<std::vector<std::size_t>>> where;  ///< [panel][series][dot] -> index in points

  /// Null for a dot that is not there.
  const store::CurvePoint* behind(int panel, int series, int dot) const;
};
ShownCurves shownCurves(const CurveTable& table, const CurvesChoice& choice);

/// Which checkpoints are near chance without any shots (within 3 points of 1 / classes), in a sentence; "" for none.
std::string chanceNote(const std::vector<store::CurvePoint>& points);

/// The data without these curves, and without panels that are then empty; for files.
figures::CurvesData withoutHidden(figures::CurvesData data, const std::vector<std::vector<std::string>>& hidden);

}  // namespace lix::app
