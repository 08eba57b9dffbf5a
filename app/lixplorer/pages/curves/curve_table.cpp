#include "pages/curves/curve_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "store/evaluation_store.h"

namespace lix::app {
namespace {

constexpr const char* kFewShot = "few-shot";
constexpr const char* kZeroShot = "zero-shot";
constexpr const char* kTop1 = "top1";
constexpr double kNearChance = 0.03;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

/// What a zero-shot row and the few-shot rows of the same weights and pictures share.
auto pooledKey(const store::EvaluationRow& row) {
  return std::tie(row.checkpointLabel, row.weightsHash, row.dataset, row.labelSet, row.split, row.templates);
}

/// As chosenPoints (shared/curves_figure_data.h) chooses rows, for points that were made from all of them.
bool isChosen(const store::EvaluationRow& of, const ShownChoice& choice) {
  const CurvesChoice& curves = choice.curves;
  const bool isHere = (curves.dataset.empty() || of.dataset == curves.dataset) &&
                      (choice.within.empty() || choice.within.contains(of.dataset)) &&
                      (curves.labelSet.empty() || of.labelSet == curves.labelSet) &&
                      (curves.checkpoints.empty() || contains(curves.checkpoints, of.checkpointLabel));
  const bool isWanted = curves.adapters.empty() ? of.adapter != kZeroShot : contains(curves.adapters, of.adapter);
  return isHere && (of.kind == kZeroShot || of.shots == 0 || isWanted);
}

/// What drawing needs: the measurements behind a point are most of it.
std::vector<store::CurvePoint> withoutRows(const std::vector<store::CurvePoint>& points) {
  std::vector<store::CurvePoint> light;
  light.reserve(points.size());
  for (const store::CurvePoint& point : points) {
    light.push_back({.of = point.of,
                     .n = point.n,
                     .modelSeeds = point.modelSeeds,
                     .supportSeeds = point.supportSeeds,
                     .queries = point.queries,
                     .mean = point.mean,
                     .deviation = point.deviation,
                     .interval = point.interval,
                     .low = point.low,
                     .high = point.high,
                     .halfWidth = point.halfWidth,
                     .rows = {}});
  }
  return light;
}

bool hasOutcomes(const store::CurvePoint& point, const store::OutcomeTable& outcomes) {
  return std::ranges::all_of(point.rows, [&](const store::EvaluationRow& row) { return outcomes.contains(row.id); });
}

}  // namespace

std::optional<IntervalMemory::Made> IntervalMemory::find(std::size_t point) const {
  const std::lock_guard lock(mutex_);
  const auto found = made_.find(point);
  return found == made_.end() ? std::nullopt : std::optional(found->second);
}

void IntervalMemory::keep(std::size_t point, const Made& made) {
  const std::lock_guard lock(mutex_);
  made_[point] = made;
}

Result<CurveTable> readCurveTable(const store::Workspace& workspace, const CurveTable* before) {
  const store::EvaluationStore store(workspace);
  CurveTable table;
  LIX_TRY(table.newest, store.newest());
  const long long after = before == nullptr ? 0 : before->newest;
  for (const char* kind : {kFewShot, kZeroShot}) {
    LIX_TRY(auto rows, store.list({.kind = kind, .metric = kTop1, .after = after}));
    std::ranges::move(rows, std::back_inserter(table.rows));
  }
  LIX_TRY(table.outcomes, store.outcomes({.kind = kFewShot, .metric = kTop1, .after = after}));
  if (before != nullptr) {
    table.rows.insert(table.rows.end(), before->rows.begin(), before->rows.end());
    table.outcomes.insert(before->outcomes.begin(), before->outcomes.end());
  }
  std::ranges::sort(table.rows, {}, &store::EvaluationRow::id);
  prepare(table);
  return table;
}

void prepare(CurveTable& table) {
  std::set<decltype(pooledKey(store::EvaluationRow()))> pooled;  // views of the rows, which stay
  for (const store::EvaluationRow& row : table.rows) {
    if (row.kind == kFewShot && row.vectors == store::VectorKind::Pooled && row.shots == 0) {
      pooled.insert(pooledKey(row));
    }
    if (row.kind == kFewShot) {
      table.places.insert({row.dataset, row.labelSet, row.checkpointLabel, row.adapter});
    }
    table.labels[row.checkpoint] = row.checkpointLabel;
  }
  std::vector<store::EvaluationRow> zeroShot;
  std::ranges::copy_if(table.rows, std::back_inserter(zeroShot), [&](const store::EvaluationRow& row) {
    return row.kind == kZeroShot && pooled.contains(pooledKey(row));
  });
  std::vector<store::EvaluationRow> fewShot;
  fewShot.reserve(table.rows.size());
  std::ranges::copy_if(table.rows, std::back_inserter(fewShot),
                       [](const store::EvaluationRow& row) { return row.kind == kFewShot; });
  table.points = store::curvePoints(fewShot);
  std::ranges::move(store::curvePoints(zeroShot), std::back_inserter(table.points));
}

Result<long long> newestResult(const store::Workspace& workspace) { return store::EvaluationStore(workspace).newest(); }

CurveOptions curveOptions(const CurveTable& table, const std::string& dataset, const std::string& labelSet,
                          const std::set<std::string>& within) {
  std::set<std::string> datasets, labelSets, adapters, checkpoints;
  for (const auto& [ofDataset, ofLabelSet, checkpoint, adapter] : table.places) {
    if (!within.empty() && !within.contains(ofDataset)) {
      continue;
    }
    datasets.insert(ofDataset);
    if (!dataset.empty() && ofDataset != dataset) {
      continue;
    }
    labelSets.insert(ofLabelSet);
    if (!labelSet.empty() && ofLabelSet != labelSet) {
      continue;
    }
    checkpoints.insert(checkpoint);
    if (adapter != kZeroShot) {
      adapters.insert(adapter);
    }
  }
  const auto list = [](const std::set<std::string>& names) {
    return std::vector<std::string>(names.begin(), names.end());
  };
  return {list(datasets), list(labelSets), list(adapters), list(checkpoints)};
}

const store::CurvePoint* ShownCurves::behind(int panel, int series, int dot) const {
  if (panel < 0 || std::size_t(panel) >= where.size() || series < 0 ||
      std::size_t(series) >= where[std::size_t(panel)].size()) {
    return nullptr;
  }
  const auto& dots = where[std::size_t(panel)][std::size_t(series)];
  return dot < 0 || std::size_t(dot) >= dots.size() ? nullptr : &points[dots[std::size_t(dot)]];
}

ShownCurves shownCurves(const CurveTable& table, const ShownChoice& choice) {
  ShownCurves shown;
  for (std::size_t i = 0; i < table.points.size(); ++i) {
    if (isChosen(table.points[i].of, choice)) {
      shown.points.push_back(table.points[i]);
      if (const auto made = table.intervals->find(i)) {
        shown.points.back().low = made->low;
        shown.points.back().high = made->high;
        shown.points.back().interval = made->kind;
        if (made->low && made->high) {  // of the interval that is drawn
          shown.points.back().halfWidth = (*made->high - *made->low) / 2;
        }
      } else if (hasOutcomes(table.points[i], table.outcomes)) {
        shown.rough.push_back(i);
      }
    }
  }
  const bool isGrouped = !choice.grouping.isAutomatic();
  if (isGrouped) {
    shown.points = partedBySeeds(shown.points, choice.grouping);
  }
  const std::vector<store::CurvePoint> banded = withBands(withoutRows(shown.points), choice.bands);
  const auto draw = [&](const std::vector<store::CurvePoint>& points) {
    return isGrouped ? groupedCurves(points, choice.grouping) : curvesData(points, choice.curves);
  };
  shown.data = draw(banded);
  shown.data.bandLabel = bandName(choice.bands);
  shown.panels = shown.data.panels.size();
  shown.data.panels.resize(std::min(shown.panels, ShownCurves::kMostPanels));
  // The same drawing of points whose count is their own position tells which point each dot is.
  std::vector<store::CurvePoint> numbered = banded;
  for (std::size_t i = 0; i < numbered.size(); ++i) {
    numbered[i].n = int(i);
  }
  figures::CurvesData positions = draw(numbered);
  positions.panels.resize(shown.data.panels.size());
  for (const figures::CurvesPanel& panel : positions.panels) {
    auto& ofPanel = shown.where.emplace_back();
    for (const figures::CurveSeries& series : panel.series) {
      auto& ofSeries = ofPanel.emplace_back();
      for (const figures::CurvePoint& dot : series.points) {
        ofSeries.push_back(std::size_t(dot.n));
      }
    }
  }
  return shown;
}

void makeIntervals(const CurveTable& table, const std::vector<std::size_t>& points, std::stop_token stop) {
  constexpr std::size_t kAtOnce = 16;  // so that a choice that is void ends soon
  for (std::size_t begin = 0; begin < points.size() && !stop.stop_requested(); begin += kAtOnce) {
    const std::size_t end = std::min(points.size(), begin + kAtOnce);
    std::vector<store::CurvePoint> some;
    for (std::size_t i = begin; i < end; ++i) {
      some.push_back(table.points[points[i]]);
    }
    store::addIntervals(some, table.outcomes);
    for (std::size_t i = begin; i < end; ++i) {
      const store::CurvePoint& point = some[i - begin];
      table.intervals->keep(points[i], {point.low, point.high, point.interval});
    }
  }
}

std::string chanceNote(const std::vector<store::CurvePoint>& points) {
  std::map<int, std::set<std::string>> near;  // labels by the number of classes
  for (const store::CurvePoint& point : points) {
    const int classes = point.of.classes;
    if (point.of.shots == 0 && classes > 1 && std::abs(point.mean - 1.0 / classes) <= kNearChance) {
      near[classes].insert(point.of.checkpointLabel);
    }
  }
  std::string note;
  for (const auto& [classes, labels] : near) {
    char share[16];
    std::snprintf(share, sizeof share, "%.1f", 100.0 / classes);
    note += cat(note.empty() ? "" : " ", "Zero-shot is near chance (", share, " % for ", classes, " classes) for ",
                join({labels.begin(), labels.end()}, ", "), ".");
  }
  return note;
}

figures::CurvesData withoutHidden(figures::CurvesData data, const std::vector<std::vector<std::string>>& hidden) {
  for (std::size_t i = 0; i < data.panels.size() && i < hidden.size(); ++i) {
    std::erase_if(data.panels[i].series, [&](const auto& series) { return contains(hidden[i], series.label); });
  }
  std::erase_if(data.panels, [](const auto& panel) { return panel.series.empty(); });
  return data;
}

}  // namespace lix::app
