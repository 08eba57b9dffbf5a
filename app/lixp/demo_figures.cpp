#include "lixp/demo_figures.h"

#include "base/text.h"
#include "figures/save.h"
#include "shared/curves_figure_data.h"
#include "shared/run_series.h"
#include "store/metric_store.h"
#include "store/run_store.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr double kWide = 920.0, kNarrow = 352.0;  // the page's column, and a phone's
constexpr const char* kFigureFolder = "figures";

}  // namespace

Result<void> saveForReport(const figures::Figure& figure, const fs::path& folder, const std::string& stem) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  for (const auto& [width, named] : {std::pair(kWide, "wide"), {kNarrow, "narrow"}}) {
    for (const auto& [theme, shade] : {std::pair(figures::Theme::Light, "light"), {figures::Theme::Dark, "dark"}}) {
      LIX_CHECK(figures::save(figure, folder / cat(stem, "-", named, "-", shade, ".svg"), theme, width));
    }
  }
  return {};
}

Result<DemoFigures> drawCurves(std::span<const store::EvaluationRow> rows, const DemoPlan& plan,
                               const std::vector<std::string>& labels, const std::string& stem,
                               const fs::path& folder) {
  DemoFigures drawn;
  std::vector<std::pair<std::string, std::string>> sets;
  for (const auto& row : rows) {
    if (row.kind == "few-shot" && std::ranges::find(sets, std::pair(row.dataset, row.labelSet)) == sets.end()) {
      sets.emplace_back(row.dataset, row.labelSet);
    }
  }
  for (const auto& [dataset, labelSet] : sets) {
    const CurvesChoice choice{.dataset = dataset, .labelSet = labelSet, .adapters = {}, .checkpoints = labels};
    const auto points = chosenPoints(rows, choice);
    figures::CurvesData data = curvesData(points, choice);
    if (data.panels.empty()) {
      continue;
    }
    for (auto& panel : data.panels) {  // the title says the label set
      const auto at = panel.title.find(": ");
      panel.title = at == std::string::npos ? panel.title : panel.title.substr(at + 2);
    }
    data.headings.title = cat("Few-shot accuracy: ", dataset, ", ", labelSet);
    const std::string name = cat(stem, "-", dataset, "-", labelSet);
    LIX_CHECK(saveForReport(figures::CurvesFigure(data), folder / kFigureFolder, name));
    drawn.figures.push_back({cat(kFigureFolder, "/", name),
                             cat("Accuracy over shots per class on ", dataset, ", ", labelSet, ", of ",
                                 join(labels, ", "), ", one panel an adapter; the numbers stand in the table."),
                             cat("Few-shot accuracy on ", dataset, " (", labelSet, ") over ", plan.draws,
                                 " nested support draws; bands are 95 % intervals of the mean over draws.")});
    drawn.commands.push_back(
        commandLine({"curves", "--data", dataset, "--labels", labelSet, "--checkpoints", join(labels, ","), "--out",
                     name + ".svg", "--workspace", plan.folder.string()}));
  }
  return drawn;
}

Result<DemoFigures> drawTraining(const store::Workspace& workspace, const DemoPlan& plan, const fs::path& folder) {
  DemoFigures drawn;
  const DemoLeg& leg = plan.legs[1];
  LIX_TRY(const auto run, store::RunStore(workspace).findByOut(plan.checkpointOf(leg)));
  LIX_TRY(const auto all, store::MetricStore(workspace).part(run.id));
  const auto& series = all.series;
  const auto data =
      seriesData(series, cat("Post-training of ", leg.label),
                 cat("tiny on emoji, batch ", kDemoBatch, ", ", leg.steps, " steps, learning rate ", leg.learningRate),
                 kDemoBatch);
  const Series* tau = findSeries(series, "tau_ctx");
  const Series* neighbours = findSeries(series, "effective_neighbours");
  if (data.panels.empty() || tau == nullptr || neighbours == nullptr) {
    return drawn;
  }
  LIX_CHECK(saveForReport(figures::SeriesFigure(data), folder / kFigureFolder, "training"));
  const auto inflection = inflectionOf(series);
  const std::string told =
      cat("tau_ctx goes from ", fixed(tau->values.front(), 4), " to ", fixed(tau->values.back(), 4),
          ", and a picture attends to ", fixed(neighbours->values.front(), 1), " effective neighbours of ",
          kDemoBatch - 1, " at first and ", fixed(neighbours->values.back(), 1), " at the end",
          inflection ? cat("; they fall below half their start at step ", *inflection)
                     : "; they never fall below half their start",
          ".");
  drawn.figures.push_back({cat(kFigureFolder, "/training"),
                           cat("Temperatures, effective neighbours, losses, scales and biases over steps. ", told),
                           told});
  drawn.commands.push_back(
      commandLine({"runs", "show", run.name, "--figure", "training.svg", "--workspace", plan.folder.string()}));
  return drawn;
}

}  // namespace lix::app
