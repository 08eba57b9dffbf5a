#pragma once
#include <QString>
#include <QStringList>
#include <memory>
#include <utility>

#include "figures/series_figure.h"

namespace lix::widgets {

// What a legend's entry says of a line, a mark, a level.
QString textOf(const figures::SeriesLine& line);
QString textOf(const figures::StepMark& mark);
QString textOf(const figures::LevelMark& level);

/// What a chart shows of a panel, as a figure: smoothed, between two steps, without the entries that are hidden, in the
/// chart's colours. Its table has the measured values. Null where no line is left.
std::shared_ptr<const figures::Figure> shownFigure(const figures::SeriesPanel& panel, double smoothing,
                                                   std::pair<double, double> steps, const QStringList& hidden);

}  // namespace lix::widgets
