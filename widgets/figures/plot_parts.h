#pragma once
#include <QPainter>
#include <QRectF>
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

/// A level's interval as a thin line with short ends, of either direction.
void drawWhisker(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& colour);

}  // namespace lix::figures
