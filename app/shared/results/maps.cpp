// Figures over grids: the surface of Tip-Adapter, and which classes are taken for which.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "figures/axis.h"
#include "figures/heat_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostClasses = 40;  // of a confusion matrix; more have no names

std::vector<double> listIn(const nlohmann::json& object, const char* name) {
  std::vector<double> list;
  const auto found = object.find(name);
  if (found != object.end() && found->is_array()) {
    for (const auto& value : *found) {
      list.push_back(value.is_number() ? value.get<double>() : NAN);
    }
  }
  return list;
}

/// [rows][columns], 0 to 1, as percent; empty where the shape is another.
std::vector<double> gridIn(const nlohmann::json& object, const char* name, std::size_t rows, std::size_t columns) {
  std::vector<double> grid;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array() || found->size() != rows) {
    return {};
  }
  for (const auto& row : *found) {
    if (!row.is_array() || row.size() != columns) {
      return {};
    }
    for (const auto& value : row) {
      grid.push_back(value.is_number() ? 100 * value.get<double>() : NAN);
    }
  }
  return grid;
}

std::vector<std::string> namesOf(const std::vector<double>& values) {
  std::vector<std::string> names;
  for (const double value : values) {
    names.push_back(cat(std::round(value * 1000) / 1000));
  }
  return names;
}

}  // namespace

Result<MadeFigure> makeSurface(const FigureRows& rows, const FigureChoice& choice) {
  auto surfaces = newestOf(rows, choice, "surface", "top1");
  std::erase_if(surfaces, [&](const store::EvaluationRow& row) { return choice.shots && row.shots != *choice.shots; });
  if (surfaces.empty()) {
    return nothingToDraw();
  }
  const store::EvaluationRow& row = *std::ranges::max_element(surfaces, {}, &store::EvaluationRow::id);
  const nlohmann::json findings = parsed(row.findings);
  const auto alpha = listIn(findings, "alpha"), beta = listIn(findings, "beta"), best = listIn(findings, "best");
  figures::HeatData data{.headings = {.title = "Tip-Adapter over alpha and beta", .subtitle = "", .notes = ""},
                         .rowLabel = "beta",
                         .columnLabel = "alpha",
                         .valueLabel = "accuracy, %",
                         .panels = {},
                         .range = {}};
  const double shots = row.shots > 0 ? row.shots : numberIn(parsed(row.settings), "shots");
  data.headings.subtitle = cat(row.checkpointLabel, " on ", row.dataset, row.labelSet.empty() ? "" : ", ", row.labelSet,
                               ", ", shots, " shots, top-1.");
  std::optional<std::pair<int, int>> marked;
  if (best.size() == 2) {
    const auto nearest = [](const std::vector<double>& values, double wanted) {
      return int(std::ranges::min_element(values, {}, [&](double v) { return std::abs(v - wanted); }) - values.begin());
    };
    if (!alpha.empty() && !beta.empty()) {
      marked = {nearest(beta, best[0]), nearest(alpha, best[1])};
      data.headings.notes = cat("Frame: alpha ", namesOf(alpha)[std::size_t(marked->second)], ", beta ",
                                namesOf(beta)[std::size_t(marked->first)],
                                ", which validation chose. The query side is drawn, never searched.");
    }
  }
  ResultTable numbers{.title = "", .head = {"split", "beta", "alpha", "top1"}, .rows = {}};
  for (const auto& [name, title] : {std::pair("validation", "Validation"), {"query", "Query"}}) {
    auto values = gridIn(findings, name, beta.size(), alpha.size());
    if (values.empty()) {
      continue;
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      numbers.rows.push_back({TableCell::word(name), TableCell::number(beta[i / alpha.size()]),
                              TableCell::number(alpha[i % alpha.size()]),
                              TableCell::number(values[i] / 100, {row.id})});
    }
    data.panels.push_back({title, namesOf(beta), namesOf(alpha), std::move(values), marked});
  }
  if (data.panels.empty()) {
    return nothingToDraw();
  }
  return MadeFigure{std::make_shared<figures::HeatFigure>(std::move(data)), std::move(numbers)};
}

Result<MadeFigure> makeConfusion(const FigureRows& rows, const FigureChoice& choice) {
  const store::EvaluationRow* of = nullptr;
  const auto zeroShot = newestOf(rows, choice, "zero-shot", "top1");
  for (const store::EvaluationRow& row : zeroShot) {
    of = rows.predictions.contains(row.id) && (of == nullptr || of->id < row.id) ? &row : of;
  }
  if (of == nullptr) {
    return nothingToDraw();
  }
  const auto& predictions = rows.predictions.at(of->id);
  std::map<std::string, std::map<std::string, int>> counts;
  std::map<std::string, int> totals;
  std::set<std::string> names;
  for (const store::PredictionRow& one : predictions) {
    ++counts[one.label][one.predicted];
    ++totals[one.label];
    names.insert(one.label);
    names.insert(one.predicted);
  }
  std::vector<std::string> classes(names.begin(), names.end());
  const std::size_t all = classes.size();
  if (all > kMostClasses) {  // those that are missed most
    std::ranges::stable_sort(classes, std::greater{},
                             [&](const std::string& name) { return totals[name] - counts[name][name]; });
    classes.resize(kMostClasses);
    std::ranges::sort(classes);
  }
  figures::HeatPanel panel{.title = "", .rows = classes, .columns = classes, .values = {}};
  ResultTable numbers{.title = "", .head = {"label", "predicted", "pictures", "share"}, .rows = {}};
  for (const std::string& label : classes) {
    for (const std::string& predicted : classes) {
      const int count = counts[label][predicted];
      panel.values.push_back(totals[label] > 0 ? 100.0 * count / totals[label] : NAN);
      if (count > 0) {
        numbers.rows.push_back({TableCell::word(label), TableCell::word(predicted), TableCell::number(count),
                                TableCell::number(double(count) / totals[label], {of->id})});
      }
    }
  }
  figures::HeatData data{
      .headings = {.title = "Confusion",
                   .subtitle = cat(of->checkpointLabel, " on ", of->dataset, ", zero-shot, ", predictions.size(),
                                   " pictures: share of a class that is taken for another."),
                   .notes = all > classes.size()
                                ? cat("The ", classes.size(), " of ", all, " classes that are missed most.")
                                : ""},
      .rowLabel = "class",
      .columnLabel = "taken for",
      .valueLabel = "share, %",
      .panels = {std::move(panel)},
      .range = std::pair(0.0, 100.0)};
  return MadeFigure{std::make_shared<figures::HeatFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
