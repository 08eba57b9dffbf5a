#pragma once
#include <QPen>
#include <vector>

#include "figures/axis.h"
#include "figures/parts.h"
#include "figures/theme.h"

class QAbstractAxis;
class QCategoryAxis;
class QChart;

namespace lix::widgets {

// How charts look: the figures' own colours, fonts and line styles, so that what is saved looks like what is seen.

void applyLook(QChart& chart, figures::Theme theme);
void applyLook(QAbstractAxis& axis, figures::Theme theme);
/// A number beside an axis, and where it stands in the chart's own coordinates.
struct Tick {
  double at = 0.0;
  QString text;
};
/// At most `most` round numbers within [low, high], as short as they can be told apart.
std::vector<Tick> linearTicks(double low, double high, int most);
/// The same for an axis that is drawn over log10 of its values: low and high are logarithms.
std::vector<Tick> logTicks(double low, double high, int most);
/// Shows the ticks that lie within the axis' range; does nothing where they are shown already.
void setTicks(QCategoryAxis& axis, const std::vector<Tick>& ticks);
/// [low, high] widened outwards to half steps of its ticks, so that it stays while data grow a little.
std::pair<double, double> steadyRange(double low, double high, int most);
QPen linePen(const figures::SeriesStyle& style, double width);

}  // namespace lix::widgets
