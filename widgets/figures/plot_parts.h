#pragma once
#include <QPainter>
#include <QRectF>
#include <algorithm>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/parts.h"

namespace lix::figures {

// Axes of plots with two numbers or one, as bars, points and lines share them.

inline constexpr double kBottomAxis = 36.0;  ///< tick numbers and the axis' name below a plot

/// Width of an axis' numbers left of a plot, with their gap.
double numbersWidth(const Axis& axis);
/// Ticks of an axis along the bottom that are at least a number apart.
Axis thinned(const Axis& axis, double width);

/// Lines across the plot at the ticks of a vertical axis, and their numbers left of it where `numbers` is set.
enum class Numbers { Shown, Hidden };
void drawVerticalAxis(QPainter& painter, const QRectF& plot, const Axis& axis, Numbers numbers, Theme theme);
/// Lines up the plot at the ticks of a horizontal axis, their numbers and the axis' name below it.
void drawHorizontalAxis(QPainter& painter, const QRectF& plot, const Axis& axis, const std::string& name, Theme theme);

/// The room above a plot, for its title of at most two lines or for the name of the axis.
double roomForTitle(const std::string& title, double width);
/// The same of plots of one width side by side: that of the tallest.
template <class Panel>
double roomForTitles(const std::vector<Panel>& panels, double width) {
  double room = 0.0;
  for (const Panel& panel : panels) {
    room = std::max(room, roomForTitle(panel.title, width));
  }
  return room;
}

/// A panel's title, its last line just above the plot.
void drawPanelTitle(QPainter& painter, const std::string& title, const QRectF& plot, Theme theme);

/// A level's interval as a thin line with short ends, of either direction.
void drawWhisker(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& colour);

}  // namespace lix::figures
