#pragma once
#include <QPen>

#include "figures/axis.h"
#include "figures/parts.h"
#include "figures/theme.h"

class QAbstractAxis;
class QChart;
class QValueAxis;

namespace lix::widgets {

// How charts look: the figures' own colours, fonts and line styles, so that what is saved looks like what is seen.

void applyLook(QChart& chart, figures::Theme theme);
void applyLook(QAbstractAxis& axis, figures::Theme theme);
/// Range and round ticks of a figure's axis; `scale` multiplies the numbers (100 for percent).
void setAxis(QValueAxis& axis, const figures::Axis& wanted, double scale = 1.0);
QPen linePen(const figures::SeriesStyle& style, double width);

}  // namespace lix::widgets
