// What figures read of a workspace: of results the kinds they draw, of runs the series they draw.
#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "shared/results/kinds.h"
#include "store/metric_store.h"
#include "store/run_search.h"

namespace lix::app {
namespace {

/// What several kinds of figures read together.
struct Reads {
  std::set<std::string> evaluations;
  bool checkpoints = false, predictions = false, runs = false;
  std::vector<const FigureReads*> series;
};

Reads readsOf(const FigureKind* kind) {
  Reads all;
  const auto add = [&](const FigureReads& reads) {
    for (const std::string& one : split(std::string(reads.evaluations), ' ')) {
      all.evaluations.insert(one);
    }
    all.evaluations.erase("");
    all.checkpoints = all.checkpoints || reads.checkpoints;
    all.predictions = all.predictions || reads.predictions;
    all.runs = all.runs || reads.runs != FigureReads::Runs::None;
    if (!reads.series.empty()) {
      all.series.push_back(&reads);
    }
  };
  if (kind != nullptr) {
    add(kind->reads);
  } else {
    for (const FigureKind& one : figureKinds()) {
      add(one.reads);
    }
  }
  return all;
}

Result<void> readEvaluations(const store::Workspace& workspace, const Reads& reads, FigureRows& rows) {
  const store::EvaluationStore evaluations(workspace);
  for (const std::string& kind : reads.evaluations) {
    // Of these every figure draws top-1 alone.
    const store::EvaluationFilter filter{.kind = kind,
                                         .metric = kind == "few-shot" || kind == "zero-shot" ? "top1" : ""};
    LIX_TRY(auto some, evaluations.list(filter));
    std::ranges::move(some, std::back_inserter(rows.evaluations));
    LIX_TRY(auto outcomes, evaluations.outcomes(filter));
    rows.outcomes.merge(outcomes);
  }
  std::ranges::sort(rows.evaluations, {}, &store::EvaluationRow::id);
  return {};
}

Result<void> readPredictions(const store::Workspace& workspace, FigureRows& rows) {
  std::map<std::tuple<std::string, std::string, std::string>, long long> newest;
  for (const store::EvaluationRow& row : rows.evaluations) {
    if (row.kind == "zero-shot" && row.metric == "top1") {
      newest[{row.checkpointLabel, row.dataset, row.labelSet}] = row.id;
    }
  }
  for (const auto& [of, id] : newest) {
    LIX_TRY(auto predictions, store::EvaluationStore(workspace).predictions(id));
    if (!predictions.empty()) {
      rows.predictions[id] = std::move(predictions);
    }
  }
  return {};
}

/// The ids of runs whose series a figure draws: the wished one, the newest that has them, or all with a setting.
Result<std::vector<long long>> drawnRuns(const store::Workspace& workspace, const FigureReads& reads,
                                         const FigureRows& rows, const std::string& wished) {
  std::vector<long long> ids;
  if (reads.runs == FigureReads::Runs::NewestSeries && wished.empty()) {
    const std::vector<std::string> names = split(std::string(reads.series), ' ');
    const std::vector<std::string_view> views(names.begin(), names.end());
    LIX_TRY(const long long newest, store::RunSearch(workspace).newestWith(views));
    ids.push_back(newest);
    return ids;
  }
  for (const FigureRun& run : rows.runs) {
    if (!wished.empty() ? run.row.name == wished
                        : reads.setting.empty() || parsed(run.row.settings).contains(std::string(reads.setting))) {
      ids.push_back(run.row.id);
    }
  }
  return ids;
}

Result<void> readSeries(const store::Workspace& workspace, const FigureReads& reads, const std::string& wished,
                        FigureRows& rows) {
  const std::vector<std::string> wanted = split(std::string(reads.series), ' ');
  LIX_TRY(const auto ids, drawnRuns(workspace, reads, rows, wished));
  for (FigureRun& run : rows.runs) {
    if (std::ranges::find(ids, run.row.id) == ids.end()) {
      continue;
    }
    LIX_TRY(auto all, store::MetricStore(workspace).part(run.row.id));
    for (Series& one : all.series) {
      const bool isWanted = std::ranges::any_of(wanted, [&](const std::string& name) {
        return name.ends_with('*') ? one.name.starts_with(name.substr(0, name.size() - 1)) : one.name == name;
      });
      if (isWanted && findSeries(run.series, one.name) == nullptr) {
        run.series.push_back(std::move(one));
      }
    }
    std::ranges::sort(run.series, {}, &Series::name);
  }
  return {};
}

}  // namespace

Result<FigureRows> readFigureRows(const store::Workspace& workspace, const FigureWish& wish) {
  const Reads reads = readsOf(wish.kind);
  FigureRows rows;
  LIX_CHECK(readEvaluations(workspace, reads, rows));
  if (reads.predictions) {
    LIX_CHECK(readPredictions(workspace, rows));
  }
  if (reads.checkpoints) {
    LIX_TRY(rows.checkpoints, store::CheckpointStore(workspace).list());
  }
  if (reads.runs) {
    LIX_TRY(auto runs, store::RunStore(workspace).list());
    for (store::RunRow& run : runs) {
      rows.runs.push_back({std::move(run), {}});
    }
  }
  for (const FigureReads* series : reads.series) {
    LIX_CHECK(readSeries(workspace, *series, wish.run, rows));
  }
  return rows;
}

}  // namespace lix::app
