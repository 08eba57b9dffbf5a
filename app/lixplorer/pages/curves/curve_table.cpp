#include "pages/curves/curve_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "base/text.h"
#include "store/evaluation_store.h"

namespace lix::app {
namespace {

constexpr const char* kFewShot = "few-shot";
constexpr const char* kZeroShot = "zero-shot";
constexpr double kNearChance = 0.03;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

}  // namespace

Result<CurveTable> readCurveTable(const store::Workspace& workspace) {
  const store::EvaluationStore store(workspace);
  CurveTable table;
  LIX_TRY(table.newest, store.newest());
  LIX_TRY(table.rows, store.list({.metric = "top1"}));
  LIX_TRY(table.outcomes, store.outcomes({.kind = kFewShot, .metric = "top1"}));
  std::erase_if(table.rows, [](const auto& row) { return row.kind != kFewShot && row.kind != kZeroShot; });
  return table;
}

Result<long long> newestResult(const store::Workspace& workspace) { return store::EvaluationStore(workspace).newest(); }

CurveOptions curveOptions(const CurveTable& table, const std::string& dataset, const std::string& labelSet) {
  std::set<std::string> datasets, labelSets, adapters, checkpoints;
  for (const store::EvaluationRow& row : table.rows) {
    if (row.kind != kFewShot) {
      continue;
    }
    datasets.insert(row.dataset);
    if (!dataset.empty() && row.dataset != dataset) {
      continue;
    }
    labelSets.insert(row.labelSet);
    if (!labelSet.empty() && row.labelSet != labelSet) {
      continue;
    }
    checkpoints.insert(row.checkpointLabel);
    if (row.adapter != kZeroShot) {
      adapters.insert(row.adapter);
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

ShownCurves shownCurves(const CurveTable& table, const CurvesChoice& choice) {
  ShownCurves shown;
  shown.points = chosenPoints(table.rows, choice, table.outcomes);
  shown.data = curvesData(shown.points, choice);
  // The same drawing of points whose count is their own position tells which point each dot is.
  std::vector<store::CurvePoint> numbered = shown.points;
  for (std::size_t i = 0; i < numbered.size(); ++i) {
    numbered[i].n = int(i);
  }
  for (const figures::CurvesPanel& panel : curvesData(numbered, choice).panels) {
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
