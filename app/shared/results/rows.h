#pragma once
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>
#include <nlohmann/json.hpp>

#include "base/result.h"
#include "shared/curves_figure_data.h"
#include "shared/run_series.h"
#include "store/checkpoint_store.h"
#include "store/run_store.h"

namespace lix::app {

struct FigureRun {
  store::RunRow row;
  std::vector<Series> series;
};

struct FigureKind;

/// What of a workspace figures are made from.
struct FigureRows {
  std::vector<store::EvaluationRow> evaluations;  ///< oldest first
  store::OutcomeTable outcomes;
  std::map<long long, std::vector<store::PredictionRow>> predictions;  ///< by evaluation; the newest of each model
  std::vector<store::CheckpointRow> checkpoints;
  std::vector<FigureRun> runs;  ///< newest first; series of those alone whose series are drawn
};
/// What is to be read: for one kind of figure, or for all; and the run that a figure of one run shall show.
struct FigureWish {
  const FigureKind* kind = nullptr;
  std::string run;
};
Result<FigureRows> readFigureRows(const store::Workspace& workspace, const FigureWish& wish = {});

/// What of the rows a figure shows; what is empty is not restricted or is chosen by the figure.
struct FigureChoice {
  CurvesChoice rows;
  std::optional<int> shots;
  std::string run;        ///< a training, by name
  std::string x, lines;   ///< of a sweep: what lies along the axis, and what tells lines apart
  std::string reference;  ///< words that the papers' values to draw contain, all of them
  int prompts = 1000;     ///< of the measured time: texts that each picture is compared with
};

/// One number of a figure: a mean over seeds with its interval (NaN: none) and the keys behind it.
struct Level {
  store::EvaluationRow of;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  int n = 0;
  std::vector<long long> keys;
};
Level levelOf(const store::CurvePoint& point);

/// Levels of one kind and metric within the choice, by label, dataset, ...; the choice's adapters count where the row
/// has one.
std::vector<Level> levelsOf(const FigureRows& rows, const FigureChoice& choice, const std::string& kind,
                            const std::string& metric);
/// The newest rows of one kind and metric within the choice, one for each (label, dataset, label set, settings).
std::vector<store::EvaluationRow> newestOf(const FigureRows& rows, const FigureChoice& choice, const std::string& kind,
                                           const std::string& metric);

/// Labels of checkpoints in the order of the choice, then of the alphabet.
std::vector<std::string> labelsOf(const std::vector<Level>& levels, const FigureChoice& choice);

/// What was asked of whom: a dataset's pictures, of one split, told apart by one label set.
using Task = std::tuple<std::string, std::string, std::string>;  // dataset, split, label set
Task taskOf(const store::EvaluationRow& row);
/// "emoji"; with the label set and the split where the dataset has several among the levels: "emoji, group, test".
std::string taskName(const store::EvaluationRow& row, const std::vector<Level>& among);
/// Of all that a label has for a task, the newest.
std::vector<Level> newestLevels(const std::vector<Level>& levels);
/// The tasks that every label of every list has.
std::set<Task> sharedTasks(const std::vector<std::vector<Level>>& lists);
/// A sentence that says so where the newest levels of one task, adapter and number of shots differ in their templates
/// or settings; else "".
std::string mixedNote(const std::vector<Level>& levels);

/// The mean over tasks of zero-shot top-1 (shots 0), or of few-shot top-1 of one adapter; NaN where there is none.
struct Mean {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::vector<long long> keys;
  int tasks = 0;
};
/// Over the given tasks, which every label must have for a mean; without, over those that all labels have.
std::map<std::string, Mean> meansByLabel(const std::vector<Level>& levels, const std::set<Task>& tasks);
std::map<std::string, Mean> meansByLabel(const std::vector<Level>& levels);

/// The adapter and the number of shots that a figure about one of each takes: as chosen, else searched Tip-Adapter, or
/// the fixed one, or the first there is, at the most shots that most labels have.
struct Setting {
  std::string adapter;
  int shots = 0;
};
std::optional<Setting> settingOf(const std::vector<Level>& fewShot, const FigureChoice& choice);
std::vector<Level> levelsAt(const std::vector<Level>& levels, const Setting& setting);
/// The few-shot levels at so many shots by adapter, without zero-shot.
std::map<std::string, std::vector<Level>> byAdapter(const std::vector<Level>& fewShot, int shots);
/// Zero-shot top-1: of kind "zero-shot", and where a task has none, the few-shot protocol's point at 0 shots.
std::vector<Level> zeroShotLevels(const FigureRows& rows, const FigureChoice& choice);

/// "1 shot", "16 shots".
std::string shotsText(int shots);
/// "1 dataset", "3 datasets".
std::string datasetsText(std::size_t count);

/// A row's JSON; an empty object where it is none.
nlohmann::json parsed(const std::string& text);
/// A number of a JSON object, NaN where it has none.
double numberIn(const nlohmann::json& object, const std::string& name);

/// A number of the papers, from resources/reference/paper_tables.csv.
struct PaperValue {
  std::string source, table, group, model, column, unit;
  double value = 0.0;
  /// "32-shot Tip-Adapter average, SigLIxP S/16 1.5B, accuracy (LIxP)"
  std::string name() const;
  bool isTop1() const;  ///< a share of pictures told right: no recall, no top-5
};
const std::vector<PaperValue>& paperValues();
/// Those of top-1 whose name contains all words, whatever their case; the error says where only values of another kind
/// have them, or that there are too many to draw.
Result<std::vector<PaperValue>> paperValues(const std::string& words);

/// What the results of a sweep differ in, by name: what can lie along its axis or tell its lines apart.
std::vector<std::string> sweepFields(const FigureRows& rows, const FigureChoice& choice);

}  // namespace lix::app
