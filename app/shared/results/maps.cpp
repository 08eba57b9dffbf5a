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

/// The cell of the grid that is nearest to what validation chose, [beta, alpha].
std::optional<std::pair<int, int>> markedOf(const std::vector<double>& alpha, const std::vector<double>& beta,
                                            const std::vector<double>& best) {
  if (best.size() != 2 || alpha.empty() || beta.empty()) {
    return std::nullopt;
  }
  const auto nearest = [](const std::vector<double>& values, double wanted) {
    return int(std::ranges::min_element(values, {}, [&](double v) { return std::abs(v - wanted); }) - values.begin());
  };
  return std::pair(nearest(beta, best[0]), nearest(alpha, best[1]));
}

/// How often each class was taken for which.
struct Confusion {
  std::map<std::string, std::map<std::string, int>> counts;
  std::map<std::string, int> totals;
  std::vector<std::string> classes;  ///< the most that are drawn: those that are missed most, by name
  std::size_t all = 0;
};

Confusion confusionOf(const std::vector<store::PredictionRow>& predictions) {
  Confusion found;
  std::set<std::string> names;
  for (const store::PredictionRow& one : predictions) {
    ++found.counts[one.label][one.predicted];
    ++found.totals[one.label];
    names.insert(one.label);
    names.insert(one.predicted);
  }
  found.classes.assign(names.begin(), names.end());
  found.all = names.size();
  if (found.all > kMostClasses) {
    std::ranges::stable_sort(found.classes, std::greater{},
                             [&](const std::string& name) { return found.totals[name] - found.counts[name][name]; });
    found.classes.resize(kMostClasses);
    std::ranges::sort(found.classes);
  }
  return found;
}

}  // namespace

Result<MadeFigure> makeSurface(const FigureRows& rows, const FigureChoice& choice) {
  FigureChoice any = choice;  // a surface is always of searched Tip-Adapter
  any.rows.adapters.clear();
  auto surfaces = newestOf(rows, any, "surface", "top1");
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
  const auto marked = markedOf(alpha, beta, best);
  if (marked) {
    data.headings.notes = cat("Frame: alpha ", namesOf(alpha)[std::size_t(marked->second)], ", beta ",
                              namesOf(beta)[std::size_t(marked->first)],
                              ", which validation chose. The query side is drawn, never searched.");
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
  Confusion found = confusionOf(predictions);
  const std::vector<std::string>& classes = found.classes;
  figures::HeatPanel panel{.title = "", .rows = classes, .columns = classes, .values = {}};
  ResultTable numbers{.title = "", .head = {"label", "predicted", "pictures", "share"}, .rows = {}};
  for (const std::string& label : classes) {
    for (const std::string& predicted : classes) {
      const int count = found.counts[label][predicted], total = found.totals[label];
      panel.values.push_back(total > 0 ? 100.0 * count / total : NAN);
      if (count > 0) {
        numbers.rows.push_back({TableCell::word(label), TableCell::word(predicted), TableCell::number(count),
                                TableCell::number(double(count) / total, {of->id})});
      }
    }
  }
  figures::HeatData data{
      .headings = {.title = "Confusion",
                   .subtitle = cat(of->checkpointLabel, " on ", of->dataset, ", zero-shot, ", predictions.size(),
                                   " pictures: share of a class that is taken for another."),
                   .notes = found.all > classes.size()
                                ? cat("The ", classes.size(), " of ", found.all, " classes that are missed most.")
                                : ""},
      .rowLabel = "class",
      .columnLabel = "taken for",
      .valueLabel = "share, %",
      .panels = {std::move(panel)},
      .range = std::pair(0.0, 100.0)};
  return MadeFigure{std::make_shared<figures::HeatFigure>(std::move(data)), std::move(numbers)};
}

}  // namespace lix::app
