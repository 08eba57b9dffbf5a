#include <set>

#include "base/file.h"
#include "base/text.h"
#include "figures/save.h"
#include "shared/curves_figure_data.h"
#include "lixp/drawing.h"
#include "lixp/workspace_access.h"

namespace lix::app {
namespace {

struct CurvesOrder {
  CurvesChoice choice;
  std::filesystem::path out;
  std::string theme = "light";
};

Result<std::vector<store::CurvePoint>> pointsFor(const store::Workspace& workspace, const CurvesChoice& choice) {
  LIX_TRY(const auto rows, store::EvaluationStore(workspace).list({.metric = "top1"}));
  const bool none = std::ranges::none_of(rows, [](const auto& row) { return row.kind == "few-shot"; });
  LIX_TRY(const auto outcomes, store::EvaluationStore(workspace).outcomes({.kind = "few-shot", .metric = "top1"}));
  auto points = chosenPoints(rows, choice, outcomes);
  const bool anything = std::ranges::any_of(points, [](const auto& point) { return point.of.shots > 0; });
  if (none) {
    return fail(
        ErrorCode::NotFound,
        "This workspace has no few-shot results to draw; make some with 'lixp eval few-shot CHECKPOINT --data NAME'.");
  }
  if (!anything) {
    std::set<std::string> checkpoints, sets, adapters;
    for (const auto& row : rows) {
      if (row.kind == "few-shot") {
        checkpoints.insert(row.checkpointLabel);
        sets.insert(cat(row.dataset, "/", row.labelSet));
        adapters.insert(row.adapter);
      }
    }
    const auto list = [](const std::set<std::string>& names) { return join({names.begin(), names.end()}, ", "); };
    return fail(ErrorCode::NotFound,
                cat("No few-shot result is what --data, --labels, --adapters and --checkpoints ask for; there are the "
                    "checkpoints ",
                    list(checkpoints), "; the label sets ", list(sets), "; the adapters ", list(adapters), "."));
  }
  return points;
}

Result<Output> curves(const Session& session, const CurvesOrder& order) {
  const bool csv = order.out.extension() == ".csv";
  LIX_TRY(const figures::Theme theme, themeNamed(order.theme));
  if (!csv) {
    LIX_CHECK(figures::fileKind(order.out));
  }
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const auto points, pointsFor(workspace, order.choice));
  nlohmann::json list = nlohmann::json::array();
  for (const auto& point : points) {
    nlohmann::json keys = nlohmann::json::array();
    for (const auto& row : point.rows) {
      keys.push_back(row.id);
    }
    list.push_back({{"kind", point.of.kind},
                    {"checkpoint", point.of.checkpointLabel},
                    {"dataset", point.of.dataset},
                    {"label_set", point.of.labelSet},
                    {"adapter", point.of.adapter},
                    {"shots", point.of.shots},
                    {"classes", point.of.classes},
                    {"n", point.n},
                    {"model_seeds", point.modelSeeds},
                    {"support_seeds", point.supportSeeds},
                    {"queries", point.queries},
                    {"interval", nameOf(point.interval)},
                    {"mean", point.mean},
                    {"keys", keys}});
    if (point.halfWidth) {
      list.back()["interval_95"] = *point.halfWidth;
      list.back()["low"] = *point.low;
      list.back()["high"] = *point.high;
    }
  }
  const Output said{{{"file", order.out.string()}, {"points", list}},
                    cat("Wrote ", points.size(), " points to ", order.out.string(), "\n")};
  if (csv) {
    LIX_CHECK(writeFile(order.out, curvesCsv(points)));
    return said;
  }
  return withDrawing([&]() -> Result<Output> {
    LIX_CHECK(figures::save(figures::CurvesFigure(curvesData(points, order.choice)), order.out, theme));
    return said;
  });
}

}  // namespace

void addCurvesVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<CurvesOrder>();
  CLI::App* verb = app.add_subcommand("curves", "Few-shot accuracy over shots, as a figure or a table");
  verb->add_option("--out", order->out, "File: .csv (every aggregated point), .svg, .png or .pdf")->required();
  verb->add_option("--data", order->choice.dataset, "Only this dataset");
  verb->add_option("--labels", order->choice.labelSet, "Only this label set");
  verb->add_option("--adapters", order->choice.adapters,
                   "Only these adapters (as evaluated, for example tip-adapter,knn)")
      ->delimiter(',');
  verb->add_option("--checkpoints", order->choice.checkpoints, "Only these checkpoint labels, in this order")
      ->delimiter(',');
  verb->add_option("--theme", order->theme, "light or dark")->capture_default_str();
  verb->callback([&session, order] { session.action = [&session, order] { return curves(session, *order); }; });
}

}  // namespace lix::app
