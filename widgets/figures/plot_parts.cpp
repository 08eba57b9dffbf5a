#include "figures/plot_parts.h"

#include <algorithm>
#include <cmath>

#include "figures/text_block.h"

namespace lix::figures {
namespace {

constexpr double kLeastTop = 24.0;  // the name of an axis or one line
constexpr double kTitleGap = 7.0;
constexpr int kTitleLines = 2;

}  // namespace

double numbersWidth(const Axis& axis) {
  double widest = 0.0;
  for (const QString& text : axis.texts) {
    widest = std::max(widest, textWidth(text, font(TextRole::Tick)));
  }
  return std::ceil(widest) + 8;
}

Axis thinned(const Axis& axis, double width) {
  Axis result = axis;
  result.ticks.clear();
  result.texts.clear();
  double free = -INFINITY;
  for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
    const double at = axis.map(axis.ticks[i], 0, width);
    const double half = textWidth(axis.texts[i], font(TextRole::Tick)) / 2;
    if (at - half >= free) {
      result.ticks.push_back(axis.ticks[i]);
      result.texts.push_back(axis.texts[i]);
      free = at + half + 8;
    }
  }
  return result;
}

void drawVerticalAxis(QPainter& painter, const QRectF& plot, const Axis& axis, Numbers numbers, Theme theme) {
  const Palette& colours = palette(theme);
  for (std::size_t i = 0; i < axis.ticks.size(); ++i) {
    const double y = axis.map(axis.ticks[i], plot.bottom(), plot.top());
    painter.setPen(penOf(colours.grid, 1.0));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    if (numbers == Numbers::Shown) {
      drawLine(painter, {plot.left() - 6, y}, axis.texts[i], font(TextRole::Tick), colours.muted, Anchor::Right);
    }
  }
}

void drawHorizontalAxis(QPainter& painter, const QRectF& plot, const Axis& axis, const std::string& name, Theme theme) {
  const Palette& colours = palette(theme);
  const Axis shown = thinned(axis, plot.width());
  for (std::size_t i = 0; i < shown.ticks.size(); ++i) {
    const double x = shown.map(shown.ticks[i], plot.left(), plot.right());
    painter.setPen(penOf(colours.grid, 1.0));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
    painter.setPen(penOf(colours.axis, 1.0));
    painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4));
    drawLine(painter, {x, plot.bottom() + 12}, shown.texts[i], font(TextRole::Tick), colours.muted, Anchor::Middle);
  }
  painter.setPen(penOf(colours.axis, 1.0));
  painter.drawLine(plot.bottomLeft(), plot.bottomRight());
  const TextBlock label(name, font(TextRole::Label), plot.width(), 1, Align::Centre);
  label.draw(painter, {plot.left(), plot.bottom() + 20}, colours.muted);
}

double roomForTitle(const std::string& title, double width) {
  const TextBlock block(title, font(TextRole::PanelTitle), width, kTitleLines);
  return std::max(kLeastTop, block.height() + kTitleGap);
}

void drawPanelTitle(QPainter& painter, const std::string& title, const QRectF& plot, Theme theme) {
  const TextBlock block(title, font(TextRole::PanelTitle), plot.width(), kTitleLines);
  block.draw(painter, {plot.left(), plot.top() - kTitleGap - block.height()}, palette(theme).ink);
}

void drawWhisker(QPainter& painter, const QPointF& from, const QPointF& to, const QColor& colour) {
  const bool upright = std::abs(to.y() - from.y()) > std::abs(to.x() - from.x());
  const QPointF cap = upright ? QPointF(3, 0) : QPointF(0, 3);
  painter.setPen(penOf(colour, 1.2));
  painter.drawLine(from, to);
  painter.drawLine(from - cap, from + cap);
  painter.drawLine(to - cap, to + cap);
}

}  // namespace lix::figures
