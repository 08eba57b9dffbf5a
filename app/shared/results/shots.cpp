#include <algorithm>
#include <set>

#include "base/text.h"
#include "figures/curves_figure.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

/// "5" or "3 to 5".
std::string range(const std::set<long long>& numbers) {
  return *numbers.begin() == *numbers.rbegin() ? cat(*numbers.begin())
                                               : cat(*numbers.begin(), " to ", *numbers.rbegin());
}

/// How many of what is behind each dot.
std::string countsNote(std::span<const store::CurvePoint> points) {
  std::set<long long> models, draws, queries;
  for (const store::CurvePoint& point : points) {
    if (point.of.shots > 0) {
      models.insert(point.modelSeeds);
      draws.insert(point.supportSeeds);
      queries.insert(point.queries);
    }
  }
  return models.empty() ? ""
                        : cat("Each dot: training seeds ", range(models), ", support draws ", range(draws),
                              ", query pictures ", range(queries), ".");
}

/// What there is, where the choice leaves nothing.
std::unexpected<Error> nothingChosen(const FigureRows& rows) {
  std::set<std::string> checkpoints, sets, adapters;
  for (const auto& row : rows.evaluations) {
    if (row.kind == "few-shot") {
      checkpoints.insert(row.checkpointLabel);
      sets.insert(cat(row.dataset, "/", row.labelSet));
      adapters.insert(row.adapter);
    }
  }
  const auto list = [](const std::set<std::string>& names) { return join({names.begin(), names.end()}, ", "); };
  return fail(ErrorCode::NotFound,
              cat("No few-shot result is what was chosen; there are the checkpoints ", list(checkpoints),
                  "; the label sets ", list(sets), "; the adapters ", list(adapters), "."));
}

}  // namespace

Result<MadeFigure> makeShots(const FigureRows& rows, const FigureChoice& choice) {
  const auto points = chosenPoints(rows.evaluations, choice.rows, rows.outcomes);
  if (std::ranges::none_of(points, [](const auto& point) { return point.of.shots > 0; })) {
    const bool any = std::ranges::any_of(rows.evaluations, [](const auto& row) { return row.kind == "few-shot"; });
    return any ? nothingChosen(rows) : nothingToDraw();
  }
  figures::CurvesData data = curvesData(points, choice.rows);
  data.headings.notes = join({countsNote(points), data.headings.notes}, " ");
  if (!choice.reference.empty()) {
    LIX_TRY(const auto references, paperValues(choice.reference));
    for (figures::CurvesPanel& panel : data.panels) {
      for (const PaperValue& value : references) {
        panel.references.push_back({value.name(), value.value / 100});
      }
    }
  }
  return MadeFigure{std::make_shared<figures::CurvesFigure>(std::move(data)), curvesTable(points)};
}

}  // namespace lix::app
