#pragma once
#include <QString>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "store/run_search.h"

namespace lix::app {

/// A run as it is compared with others.
struct ComparedRun {
  store::RunRow row;
  std::map<std::string, store::SeriesEnd> ends;  ///< by series
};

/// One line of a comparison: a fact, a setting, or what a series came to.
struct ComparedLine {
  enum class Part { Run, Settings, Metrics } part = Part::Run;
  QString name;
  std::vector<QString> cells;   ///< one a run; "" where it has none
  std::vector<double> numbers;  ///< of the cells that are numbers, else not a number
  bool differs = false;         ///< not all cells are the same
};

/// Facts, then settings, then series, each by name; lines that no run has anything in are left out.
std::vector<ComparedLine> comparedLines(std::span<const ComparedRun> runs);

/// How far a number is from the reference's: "+32", "−0.12"; "" where there is nothing to tell.
QString deltaText(double value, double reference);

/// The lines as CSV with the runs' names in the head; only those that differ where `differencesOnly`.
QString comparisonCsv(std::span<const ComparedRun> runs, std::span<const ComparedLine> lines, bool differencesOnly);
/// A field of CSV: quoted where it must be, and text that a spreadsheet would take for a formula kept as text.
QString csvField(const QString& text);

}  // namespace lix::app
