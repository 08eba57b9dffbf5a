#include "shared/curves_figure_data.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "adapt/adapter.h"
#include "base/text.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostLines = 6;  // more cannot be told apart in one panel
constexpr const char* kZeroShot = "zero-shot";

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

/// The line that a point lies on.
struct LineKey {
  std::string checkpoint, adapter, split, templates, settings;
  store::VectorKind vectors = store::VectorKind::Embedding;
  auto operator<=>(const LineKey&) const = default;
};

/// The zero-shot point that belongs to a line: adapters and their settings have no part in it.
struct ZeroKey {
  std::string checkpoint, split, templates;
  store::VectorKind vectors = store::VectorKind::Embedding;
  auto operator<=>(const ZeroKey&) const = default;
};

ZeroKey zeroKeyOf(const LineKey& key) { return {key.checkpoint, key.split, key.templates, key.vectors}; }

using Line = std::map<int, const store::CurvePoint*>;  // by shots

struct Panel {
  std::string dataset, labelSet;
  std::map<LineKey, Line> lines;
  std::map<ZeroKey, const store::CurvePoint*> zeroShot;
};

bool newer(const store::CurvePoint* a, const store::CurvePoint* b) { return b == nullptr || a->of.id > b->of.id; }

/// A Llip's own zero-shot result, which mixes the tokens anew for each caption, takes the place of the pooled one.
void preferOwnProcedure(Panel& panel, std::span<const store::CurvePoint> points) {
  for (const store::CurvePoint& point : points) {
    const store::EvaluationRow& of = point.of;
    if (of.kind != kZeroShot || of.dataset != panel.dataset || of.labelSet != panel.labelSet) {
      continue;
    }
    const auto pooled = panel.zeroShot.find({of.checkpointLabel, of.split, of.templates, store::VectorKind::Pooled});
    if (pooled != panel.zeroShot.end()) {
      pooled->second = &point;
    }
  }
}

std::vector<Panel> panelsOf(std::span<const store::CurvePoint> points) {
  std::vector<Panel> panels;
  for (const store::CurvePoint& point : points) {
    const store::EvaluationRow& of = point.of;
    if (of.kind == kZeroShot) {
      continue;
    }
    auto panel = std::ranges::find_if(
        panels, [&](const Panel& p) { return p.dataset == of.dataset && p.labelSet == of.labelSet; });
    if (panel == panels.end()) {
      panel = panels.insert(panels.end(), Panel{of.dataset, of.labelSet, {}, {}});
    }
    const LineKey key{of.checkpointLabel, of.adapter, of.split, of.templates, of.settings, of.vectors};
    auto& place = of.shots == 0 ? panel->zeroShot[zeroKeyOf(key)] : panel->lines[key][of.shots];
    place = newer(&point, place) ? &point : place;
  }
  for (Panel& panel : panels) {
    preferOwnProcedure(panel, points);
  }
  return panels;
}

figures::CurvePoint drawn(const store::CurvePoint& point) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto drawn = [](std::optional<double> end) {  // Student's t over few draws knows no bounds, a share does
    return end ? std::clamp(*end, 0.0, 1.0) : kNone;
  };
  return {double(point.of.shots), point.mean, drawn(point.low), drawn(point.high), point.n};
}

/// What tells this line from others of its checkpoint and adapter, as ", simple" for another template.
std::string distinction(const LineKey& key, const Panel& panel) {
  std::string text;
  const auto differs = [&](auto member) {
    return std::ranges::any_of(panel.lines, [&](const auto& line) {
      return line.first.checkpoint == key.checkpoint && line.first.adapter == key.adapter &&
             line.first.*member != key.*member;
    });
  };
  if (differs(&LineKey::split)) {
    text += cat(", ", key.split);
  }
  if (differs(&LineKey::templates)) {
    text += cat(", ", key.templates);
  }
  if (differs(&LineKey::settings)) {
    text += cat(", ", key.settings);
  }
  return text;
}

/// Order of the curves: as chosen, else as the table of adapters and the alphabet say.
struct Order {
  const CurvesChoice& choice;
  std::size_t ofAdapter(const std::string& name) const {
    const std::string id = name.substr(0, name.find(':'));
    const auto table = adapt::table();
    if (!choice.adapters.empty()) {
      return std::size_t(std::ranges::find(choice.adapters, name) - choice.adapters.begin());
    }
    return std::size_t(std::ranges::find_if(table, [&](const adapt::Adapter* a) { return a->id == id; }) -
                       table.begin());
  }
  std::size_t ofCheckpoint(const std::string& name) const {
    return std::size_t(std::ranges::find(choice.checkpoints, name) - choice.checkpoints.begin());
  }
};

figures::CurvesPanel drawnPanel(const Panel& panel, const std::vector<LineKey>& keys, const std::string& title,
                                bool nameAdapter) {
  figures::CurvesPanel result{.title = title, .series = {}, .references = {}};
  std::set<ZeroKey> begun;
  for (const LineKey& key : keys) {
    figures::CurveSeries series{
        .label = cat(key.checkpoint, nameAdapter ? cat(", ", adapterTitle(key.adapter)) : "", distinction(key, panel)),
        .group = key.checkpoint,
        .points = {}};
    const auto zero = panel.zeroShot.find(zeroKeyOf(key));
    if (zero != panel.zeroShot.end() && begun.insert(zero->first).second) {
      series.points.push_back(drawn(*zero->second));
    }
    for (const auto& [shots, point] : panel.lines.at(key)) {
      series.points.push_back(drawn(*point));
    }
    result.series.push_back(std::move(series));
  }
  return result;
}

/// A checkpoint whose zero-shot result alone is there still shows as its hollow point.
void addLoneZeroShots(const Panel& panel, figures::CurvesPanel& drawing) {
  for (const auto& [key, point] : panel.zeroShot) {
    const std::string& checkpoint = key.checkpoint;
    const bool present =
        std::ranges::any_of(panel.lines, [&](const auto& line) { return line.first.checkpoint == checkpoint; });
    const bool single = std::ranges::count_if(panel.zeroShot, [&](const auto& other) {
                          return other.first.checkpoint == checkpoint;
                        }) == 1;
    if (!present) {
      drawing.series.push_back({.label = single ? checkpoint : cat(checkpoint, ", ", key.split, ", ", key.templates),
                                .group = checkpoint,
                                .points = {drawn(*point)}});
    }
  }
}

void addPanels(const Panel& panel, const CurvesChoice& choice, figures::CurvesData& data) {
  const Order order{choice};
  std::vector<LineKey> keys;
  std::vector<std::string> adapters;
  for (const auto& [key, line] : panel.lines) {
    keys.push_back(key);
    if (!contains(adapters, key.adapter)) {
      adapters.push_back(key.adapter);
    }
  }
  std::ranges::stable_sort(keys, {}, [&](const LineKey& key) {
    return std::tuple(order.ofCheckpoint(key.checkpoint), key.checkpoint, order.ofAdapter(key.adapter));
  });
  std::ranges::stable_sort(adapters, {}, [&](const std::string& name) { return order.ofAdapter(name); });
  const std::string title = cat(panel.dataset, ", ", panel.labelSet);
  if (keys.size() <= kMostLines) {
    data.panels.push_back(drawnPanel(
        panel, keys, adapters.size() == 1 ? cat(title, ": ", adapterTitle(adapters[0])) : title, adapters.size() > 1));
    addLoneZeroShots(panel, data.panels.back());
    return;
  }
  for (const std::string& adapter : adapters) {
    std::vector<LineKey> some;
    std::ranges::copy_if(keys, std::back_inserter(some), [&](const LineKey& key) { return key.adapter == adapter; });
    data.panels.push_back(drawnPanel(panel, some, cat(title, ": ", adapterTitle(adapter)), false));
  }
}

/// "emoji, group: 9 classes at 0 to 4 shots, 8 at 8." where the number differs.
std::string classesNote(const Panel& panel) {
  std::map<int, std::set<int>> byShots;
  for (const auto& [key, point] : panel.zeroShot) {
    byShots[0].insert(point->of.classes);
  }
  for (const auto& [key, line] : panel.lines) {
    for (const auto& [shots, point] : line) {
      byShots[shots].insert(point->of.classes);
    }
  }
  std::vector<std::pair<std::string, std::pair<int, int>>> runs;  // classes, first and last shots
  for (const auto& [shots, counts] : byShots) {
    const std::string text =
        *counts.begin() == *counts.rbegin() ? cat(*counts.begin()) : cat(*counts.begin(), " to ", *counts.rbegin());
    if (runs.empty() || runs.back().first != text) {
      runs.push_back({text, {shots, shots}});
    }
    runs.back().second.second = shots;
  }
  if (runs.size() < 2) {
    return "";
  }
  std::vector<std::string> parts;
  for (const auto& [classes, range] : runs) {
    parts.push_back(cat(classes, parts.empty() ? " classes" : "", " at ", range.first,
                        range.first == range.second ? "" : cat(" to ", range.second),
                        range.second == 1 ? " shot" : " shots"));
  }
  return cat(panel.dataset, ", ", panel.labelSet, ": ", join(parts, ", "), ". ");
}

/// Which vectors the adapters and the zero-shot points of Llips saw.
std::string pooledNote(const std::vector<Panel>& panels) {
  std::set<std::string> pooled, pooledZero, ownZero;
  for (const Panel& panel : panels) {
    for (const auto& [key, line] : panel.lines) {
      if (key.vectors == store::VectorKind::Pooled) {
        pooled.insert(key.checkpoint);
      }
    }
    for (const auto& [key, point] : panel.zeroShot) {
      if (key.vectors == store::VectorKind::Pooled) {
        pooled.insert(key.checkpoint);
        (point->of.kind == kZeroShot ? ownZero : pooledZero).insert(key.checkpoint);
      }
    }
  }
  const auto list = [](const std::set<std::string>& names) { return join({names.begin(), names.end()}, ", "); };
  std::string note;
  if (!pooled.empty()) {
    note = cat(list(pooled), ": pooled vectors (the uniform mixture of the tokens) for the adapters. ");
  }
  if (!ownZero.empty()) {
    note += cat("Hollow points of ", list(ownZero), ": zero-shot with the tokens mixed anew for each class text. ");
  }
  if (!pooledZero.empty()) {
    note += cat("Hollow points of ", list(pooledZero), ownZero.empty() ? "" : " that have no such result",
                ": zero-shot with pooled vectors. ");
  }
  return note;
}

std::string notesOf(const std::vector<Panel>& panels) {
  std::string notes;
  bool alone = false;
  for (const Panel& panel : panels) {
    notes += classesNote(panel);
    for (const auto& [key, line] : panel.lines) {
      alone = alone || std::ranges::any_of(line, [](const auto& point) { return point.second->n == 1; });
    }
  }
  return cat(notes, pooledNote(panels), alone ? "Points of a single draw have no interval." : "");
}

/// What a zero-shot row and the few-shot rows of the same weights and pictures share.
auto taskOf(const store::EvaluationRow& row) {
  return std::tuple(row.checkpointLabel, row.weightsHash, row.dataset, row.labelSet, row.split, row.templates);
}

}  // namespace

std::string adapterTitle(const std::string& adapter) {
  const auto at = adapter.find(':');
  const auto found = adapt::find(adapter.substr(0, at));
  return cat(found ? (*found)->title : adapter.substr(0, at),
             at == std::string::npos ? "" : cat(" (", adapter.substr(at + 1), ")"));
}

std::vector<store::CurvePoint> chosenPoints(std::span<const store::EvaluationRow> rows, const CurvesChoice& choice,
                                            const store::OutcomeTable& outcomes) {
  std::vector<store::EvaluationRow> chosen;
  for (const store::EvaluationRow& row : rows) {
    const bool wanted = choice.adapters.empty() ? row.adapter != kZeroShot : contains(choice.adapters, row.adapter);
    if (row.kind == "few-shot" && row.metric == "top1" && (choice.dataset.empty() || row.dataset == choice.dataset) &&
        (choice.labelSet.empty() || row.labelSet == choice.labelSet) &&
        (choice.checkpoints.empty() || contains(choice.checkpoints, row.checkpointLabel)) &&
        (wanted || row.shots == 0)) {
      chosen.push_back(row);
    }
  }
  std::set<decltype(taskOf(store::EvaluationRow()))> pooled;
  for (const store::EvaluationRow& row : chosen) {
    if (row.vectors == store::VectorKind::Pooled && row.shots == 0) {
      pooled.insert(taskOf(row));
    }
  }
  std::ranges::copy_if(rows, std::back_inserter(chosen), [&](const store::EvaluationRow& row) {
    return row.kind == kZeroShot && row.metric == "top1" && pooled.contains(taskOf(row));
  });
  return store::curvePoints(chosen, outcomes);
}

std::string vectorsNote(std::span<const store::CurvePoint> points) { return pooledNote(panelsOf(points)); }

void colourAllWhereGroupsAreOne(figures::CurvesData& data) {
  std::set<std::string> groups;
  for (const figures::CurvesPanel& panel : data.panels) {
    for (const figures::CurveSeries& series : panel.series) {
      groups.insert(series.group);
    }
  }
  if (groups.size() == 1) {
    for (figures::CurvesPanel& panel : data.panels) {
      for (figures::CurveSeries& series : panel.series) {
        series.group.clear();
      }
    }
  }
}

figures::CurvesData curvesData(std::span<const store::CurvePoint> points, const CurvesChoice& choice) {
  const auto panels = panelsOf(points);
  figures::CurvesData data;
  std::set<int> draws;
  for (const store::CurvePoint& point : points) {
    if (point.of.shots > 0) {
      draws.insert(point.n);
    }
  }
  data.headings.title = "Few-shot accuracy";
  if (!draws.empty()) {
    data.headings.subtitle =
        cat("Top-1; mean over ", *draws.begin(), *draws.begin() == *draws.rbegin() ? "" : cat(" to ", *draws.rbegin()),
            " support draws. Hollow points: zero-shot.");
  }
  data.headings.notes = notesOf(panels);
  for (const Panel& panel : panels) {
    addPanels(panel, choice, data);
  }
  colourAllWhereGroupsAreOne(data);
  return data;
}

ResultTable curvesTable(std::span<const store::CurvePoint> points) {
  ResultTable table{
      .title = "",
      .head = {"checkpoint", "dataset",     "split",  "label_set", "templates",   "adapter",       "vectors", "kind",
               "shots",      "classes",     "metric", "n",         "model_seeds", "support_seeds", "queries", "mean",
               "sd",         "interval_95", "low",    "high",      "interval",    "settings"},
      .rows = {}};
  const auto word = [](const auto& text) { return TableCell::word(std::string(text)); };
  const auto count = [](long long number) { return TableCell::number(double(number)); };
  const auto maybe = [](std::optional<double> value) {
    return value ? TableCell::number(*value) : TableCell::word("");
  };
  for (const store::CurvePoint& point : points) {
    const store::EvaluationRow& of = point.of;
    std::vector<long long> keys;
    for (const auto& row : point.rows) {
      keys.push_back(row.id);
    }
    table.rows.push_back({word(of.checkpointLabel),
                          word(of.dataset),
                          word(of.split),
                          word(of.labelSet),
                          word(of.templates),
                          word(of.adapter),
                          word(nameOf(of.vectors)),
                          word(of.kind),
                          count(of.shots),
                          count(of.classes),
                          word(of.metric),
                          count(point.n),
                          count(point.modelSeeds),
                          count(point.supportSeeds),
                          count(point.queries),
                          TableCell::number(point.mean, keys),
                          maybe(point.deviation),
                          maybe(point.halfWidth),
                          maybe(point.low),
                          maybe(point.high),
                          word(nameOf(point.interval)),
                          word(of.settings)});
  }
  return table;
}

}  // namespace lix::app
