#pragma once
#include <QString>
#include <QStringList>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "charts/chart_line.h"

namespace lix::widgets {

// What a legend's entry says of a line, a mark, a level.
QString textOf(const ChartLine& line);
QString textOf(const figures::StepMark& mark);
QString textOf(const figures::LevelMark& level);

/// Where a line's colour and dash come from: its run where there are several, else its label.
struct LinePlace {
  int colour = 0, dash = 0;
};
std::vector<LinePlace> placesOf(std::span<const ChartLine> lines);

/// What a chart shows of a panel, as a figure: smoothed, between two steps, without the entries that are hidden, in the
/// chart's colours. Its table has the measured values. Null where no line is left. Of `panel` all but the samples counts.
std::shared_ptr<const figures::Figure> shownFigure(const figures::SeriesPanelView& panel, std::span<const ChartLine> lines,
                                                   std::pair<double, double> steps, const QStringList& hidden);

}  // namespace lix::widgets
