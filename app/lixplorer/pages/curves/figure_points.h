#pragma once
#include <QString>
#include <string>
#include <vector>

#include "shared/results/kinds.h"
#include "store/curve.h"

namespace lix::app {

/// What a person can open of a figure: measurements behind one of its dots, bars or cells, or the run that it stands for.
struct FigurePoint {
  QString text;             ///< "emoji: siglip, zero-shot, 61.20 %"
  std::size_t source = 0;   ///< of Figure::sources()
  store::CurvePoint point;  ///< without intervals over query pictures; those are for who opens it
  long long run = 0;        ///< of a figure of runs: its id, and no point
};

/// In the order of the figure's sources, which may have several each; keys that no row has any more are passed over.
std::vector<FigurePoint> figurePoints(const MadeFigure& made, const FigureRows& rows);

/// A share of pictures, which people read in per cent, and not a number in a unit of its own.
bool isShare(const std::string& metric);
/// "61.20", of a share in per cent; "4.61e+09".
QString numberText(const std::string& metric, double value);
/// The same with its per cent sign.
QString valueText(const std::string& metric, double value);

}  // namespace lix::app
