#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "figures/save.h"
#include "lixp/drawing.h"
#include "lixp/equal_shots.h"
#include "lixp/figure_options.h"
#include "lixp/workspace_access.h"
#include "shared/results/kinds.h"

namespace lix::app {
namespace {

struct CurvesOrder {
  std::string figure = "shots";
  FigureChoice choice;
  std::filesystem::path out;
  std::string theme = "light";
  std::optional<double> width;
};

/// The text of a file that is no drawing; nothing for other extensions.
std::optional<std::string> tableText(const MadeFigure& made, const std::filesystem::path& file) {
  const ResultTable& table = made.table ? *made.table : made.numbers;
  if (file.extension() == ".csv") {
    return csv(made.numbers);
  }
  if (file.extension() == ".md") {
    return markdown(table);
  }
  if (file.extension() == ".tex") {
    return latex(table);
  }
  return std::nullopt;
}

Output saidOf(const FigureKind& kind, const FigureRows& rows, const MadeFigure& made, const CurvesOrder& order) {
  Output said{{{"file", order.out.string()}, {"figure", kind.id}, {"points", toJson(made.numbers)}},
              cat("Wrote ", made.numbers.rows.size(), made.numbers.rows.size() == 1 ? " number" : " numbers", " of '",
                  kind.title, "' to ", order.out.string(), "\n")};
  if (kind.make == makeShots) {
    const auto points = chosenPoints(rows.evaluations, order.choice.rows, rows.outcomes);
    EqualShots equal = equalShots(points, order.choice.rows.checkpoints, rows.outcomes);
    if (!equal.list.empty()) {
      said.json["sample_efficiency"] = std::move(equal.list);
      said.text += equal.text;
    }
  }
  return said;
}

Result<Output> curves(const Session& session, const CurvesOrder& order) {
  LIX_TRY(const figures::Theme theme, themeNamed(order.theme));
  LIX_TRY(const FigureKind* kind, findFigureKind(order.figure));
  if (!tableText({}, order.out)) {
    LIX_CHECK(figures::fileKind(order.out));
  }
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  LIX_TRY(const FigureRows rows, readFigureRows(workspace, {.kind = kind, .run = order.choice.run}));
  LIX_TRY(const MadeFigure made, makeFigure(*kind, rows, order.choice));
  const Output said = saidOf(*kind, rows, made, order);
  if (const auto text = tableText(made, order.out)) {
    LIX_CHECK(writeFile(order.out, *text));
    return said;
  }
  return withDrawing([&]() -> Result<Output> {
    LIX_CHECK(figures::save(*made.figure, order.out, theme, order.width));
    return said;
  });
}

std::string figureHelp() {
  std::string text = "What is drawn: ";
  for (const FigureKind& kind : figureKinds()) {
    text += cat(&kind == &figureKinds().front() ? "" : ", ", kind.id);
  }
  return text;
}

}  // namespace

void addCurvesVerb(CLI::App& app, Session& session) {
  auto order = std::make_shared<CurvesOrder>();
  CLI::App* verb = app.add_subcommand("curves", "A figure or table from the workspace's results");
  verb->add_option("--figure", order->figure, figureHelp())->capture_default_str();
  verb->add_option("--out", order->out,
                   "File: .svg, .png or .pdf (drawing), .csv (every number with its keys), .md or .tex (table)")
      ->required();
  addFigureOptions(*verb, order->choice);
  verb->add_option("--theme", order->theme, "light or dark")->capture_default_str();
  verb->add_option("--width", order->width, "Of the drawing, in pixels of 1/96 inch (default: the figure's own)")
      ->check(CLI::Range(160.0, 5000.0));
  verb->callback([&session, order] { session.action = [&session, order] { return curves(session, *order); }; });
}

}  // namespace lix::app
