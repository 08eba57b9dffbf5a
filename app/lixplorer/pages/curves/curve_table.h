#pragma once
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "pages/curves/grouping.h"
#include "shared/curves_figure_data.h"

namespace lix::app {

/// Intervals that took resamples, by the place of their point; they are made for what is shown, and kept. Any thread.
class IntervalMemory {
 public:
  struct Made {
    std::optional<double> low, high;
    store::IntervalKind kind = store::IntervalKind::None;
  };
  std::optional<Made> find(std::size_t point) const;
  void keep(std::size_t point, const Made& made);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, Made> made_;
};

/// What the curves page reads from the database at once, made ready to be filtered within milliseconds.
struct CurveTable {
  std::vector<store::EvaluationRow> rows;  ///< of the kinds few-shot and zero-shot, metric top1, oldest first
  store::OutcomeTable outcomes;            ///< of those that have them
  long long newest = 0;                    ///< greatest id of all results, 0 for none
  /// All that curves can show, with Student's intervals: few-shot, and zero-shot of what few-shot saw pooled.
  std::vector<store::CurvePoint> points;
  std::set<std::array<std::string, 4>> places;                      ///< dataset, label set, checkpoint, adapter of few-shot
  std::map<std::filesystem::path, std::string> labels;              ///< the newest curve of each checkpoint folder
  std::shared_ptr<IntervalMemory> intervals = std::make_shared<IntervalMemory>();
};
/// `before` may be what was read before: only newer results are read then. Results are never changed.
Result<CurveTable> readCurveTable(const store::Workspace& workspace, const CurveTable* before = nullptr);
/// Points, places and labels from the rows.
void prepare(CurveTable& table);
/// What CurveTable::newest would be; cheap.
Result<long long> newestResult(const store::Workspace& workspace);

/// What there is to choose from, each list sorted by name; adapters and checkpoints are those of the dataset and label
/// set ("" = all); nothing of datasets outside `within`, where that names any.
struct CurveOptions {
  std::vector<std::string> datasets, labelSets, adapters, checkpoints;
};
CurveOptions curveOptions(const CurveTable& table, const std::string& dataset, const std::string& labelSet,
                          const std::set<std::string>& within = {});

/// What the page shows of the table.
struct ShownChoice {
  CurvesChoice curves;
  std::set<std::string> within;  ///< datasets of a suite; empty: all
  Grouping grouping;
  Bands bands = Bands::Interval;
  std::string references;  ///< words that the papers' values to draw contain, all of them
};

/// A choice's curves with the measurements behind every dot.
struct ShownCurves {
  static constexpr std::size_t kMostPanels = 24;

  std::vector<store::CurvePoint> points;
  std::vector<std::size_t> rough;  ///< points of the table whose intervals are still to be made from outcomes
  std::size_t panels = 0;          ///< of which at most kMostPanels are in `data`
  figures::CurvesData data;
  std::vector<std::vector<std::vector<std::size_t>>> where;  ///< [panel][series][dot] -> index in points

  /// Null for a dot that is not there.
  const store::CurvePoint* behind(int panel, int series, int dot) const;
};
ShownCurves shownCurves(const CurveTable& table, const ShownChoice& choice);
inline ShownCurves shownCurves(const CurveTable& table, const CurvesChoice& choice) {
  return shownCurves(table, ShownChoice{.curves = choice, .within = {}, .grouping = {}, .references = {}});
}

/// Makes the intervals of these points of the table; seconds where they are many.
void makeIntervals(const CurveTable& table, const std::vector<std::size_t>& points, std::stop_token stop);

/// Which checkpoints are near chance without any shots (within 3 points of 1 / classes), in a sentence; "" for none.
std::string chanceNote(const std::vector<store::CurvePoint>& points);

/// The data without these curves, and without panels that are then empty; for files.
figures::CurvesData withoutHidden(figures::CurvesData data, const std::vector<std::vector<std::string>>& hidden);

}  // namespace lix::app
