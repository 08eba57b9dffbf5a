#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "figures/figure.h"
#include "shared/result_table.h"
#include "shared/results/rows.h"

namespace lix::app {

/// A figure, its numbers as a table (a line a dot, with keys), and for figures that are tables the table as papers set
/// it.
struct MadeFigure {
  std::shared_ptr<const figures::Figure> figure;
  ResultTable numbers;
  std::optional<ResultTable> table{};
  enum class Behind { Evaluations, Runs } behind = Behind::Evaluations;  ///< what the keys of the figure's sources are of
};

/// What of a workspace a kind of figure is made from.
struct FigureReads {
  std::string_view evaluations;  ///< kinds of results, with spaces between
  bool checkpoints = false, predictions = false;
  enum class Runs {
    None,
    Rows,
    NewestSeries,  ///< and series of the newest run that has any of them, or of the wished one
    EverySeries    ///< and series of every run with the setting
  } runs = Runs::None;
  std::string_view series;   ///< names with spaces between; one that ends in '*' stands for all that begin so
  std::string_view setting;  ///< of runs
};

/// A kind of figure that the command line, reports and the window make from the same rows. Making one needs a
/// QGuiApplication only where it is drawn. Without rows it fails with a sentence that names the command for some.
struct FigureKind {
  std::string_view id;
  std::string_view title;
  std::string_view needs;    ///< "few-shot results"
  std::string_view command;  ///< that makes what it needs
  Result<MadeFigure> (*make)(const FigureRows& rows, const FigureChoice& choice);
  FigureReads reads;
};

/// All kinds, in the order of choosers and reports.
std::span<const FigureKind> figureKinds();
/// The kind of that id; the error lists the ids.
Result<const FigureKind*> findFigureKind(std::string_view id);
/// The figure, or a sentence that says what is missing and how it is made.
Result<MadeFigure> makeFigure(const FigureKind& kind, const FigureRows& rows, const FigureChoice& choice);

/// What makes of kinds return where there is nothing to draw; makeFigure adds the command.
std::unexpected<Error> nothingToDraw();

// The makers, one file each.
Result<MadeFigure> makeShots(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeGain(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeAdapters(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeDatasets(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeTemperatures(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makePostTraining(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeScaling(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeCostFlops(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeCostTime(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeCostTraining(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeSeconds(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeSurface(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeSweep(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeCorruptions(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeDomains(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeRetrieval(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeSpectrum(const FigureRows& rows, const FigureChoice& choice);
Result<MadeFigure> makeConfusion(const FigureRows& rows, const FigureChoice& choice);

}  // namespace lix::app
