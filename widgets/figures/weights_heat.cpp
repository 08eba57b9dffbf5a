#include "figures/weights_heat.h"

#include <algorithm>
#include <cmath>

#include "figures/axis.h"
#include "figures/parts.h"

namespace lix::figures {
namespace {

/// 0-based numbers of an axis of `count` cells, no nearer than `least` pixels.
std::vector<int> cellTicks(int count, double cell, double least) {
  int stride = 1;
  while (stride < count && stride * cell < least) {
    stride *= 2;
  }
  std::vector<int> ticks;
  for (int i = 0; i < count; i += stride) {
    ticks.push_back(i);
  }
  return ticks;
}

void drawMeans(QPainter& painter, const WeightsHeat& panel, Theme theme) {
  const auto means = meanOverHeads(panel.values, panel.heads, panel.tokens);
  const QRectF strip(panel.heat.left(), panel.heat.bottom() + kMeanGap, panel.heat.width(), kMeanHeight);
  const auto y = [&](double value) {
    return strip.bottom() - (value - panel.low) / (panel.high - panel.low) * strip.height();
  };
  const double cell = strip.width() / panel.tokens;
  const double air = cell > 5 ? 0.5 : 0.0;
  for (int token = 0; token < panel.tokens; ++token) {
    const double mean = means[std::size_t(token)];
    if (std::isfinite(mean)) {
      const QRectF bar(QPointF(strip.left() + token * cell + air, y(std::max(mean, 0.0))),
                       QPointF(strip.left() + (token + 1) * cell - air, y(std::min(mean, 0.0))));
      painter.fillRect(bar, mean < 0 ? panel.below : panel.above);
    }
  }
  painter.setPen(penOf(palette(theme).axis, 0.8));
  painter.drawLine(QPointF(strip.left(), y(0)), QPointF(strip.right(), y(0)));
  if (panel.low == 0.0) {
    painter.setPen(penOf(palette(theme).ink, 0.9, Dash::Dotted));
    painter.drawLine(QPointF(strip.left(), y(1.0 / panel.tokens)), QPointF(strip.right(), y(1.0 / panel.tokens)));
  }
}

void drawNumbers(QPainter& painter, const WeightsHeat& panel, HeatNames names, Theme theme) {
  const QColor& colour = palette(theme).muted;
  const double rowHeight = panel.heat.height() / panel.heads;
  if (names == HeatNames::Rows || names == HeatNames::Both) {
    painter.save();
    painter.translate(panel.heat.left() - 14 - textWidth(QString::number(panel.heads - 1), font(TextRole::Tick)),
                      panel.heat.center().y());
    painter.rotate(-90);
    drawLine(painter, {0, 0}, QStringLiteral("head"), font(TextRole::Small), colour, Anchor::Middle);
    painter.restore();
    for (const int head : cellTicks(panel.heads, rowHeight, 11)) {
      drawLine(painter, {panel.heat.left() - 5, panel.heat.top() + (head + 0.5) * rowHeight}, QString::number(head),
               font(TextRole::Tick), colour, Anchor::Right);
    }
  }
  const double cell = panel.heat.width() / panel.tokens;
  const double least = textWidth(QString::number(panel.tokens), font(TextRole::Tick)) + 6;
  const double top = panel.heat.bottom() + kMeanGap + kMeanHeight;
  for (const int token : cellTicks(panel.tokens, cell, least)) {
    drawLine(painter, {panel.heat.left() + (token + 0.5) * cell, top + 9}, QString::number(token), font(TextRole::Tick),
             colour, Anchor::Middle);
  }
  if (names == HeatNames::Columns || names == HeatNames::Both) {
    drawLine(painter, {panel.heat.center().x(), top + kTokenAxis + 6}, QStringLiteral("mixture token"),
             font(TextRole::Small), colour, Anchor::Middle);
  }
}

}  // namespace

std::vector<double> meanOverHeads(const std::vector<float>& weights, int heads, int tokens) {
  std::vector<double> means(std::size_t(tokens), NAN);
  for (int token = 0; token < tokens; ++token) {
    double sum = 0.0;
    int count = 0;
    for (int head = 0; head < heads; ++head) {
      const float weight = weights[std::size_t(head) * tokens + token];
      sum += std::isfinite(weight) ? weight : 0.F;
      count += std::isfinite(weight) ? 1 : 0;
    }
    means[std::size_t(token)] = count > 0 ? sum / count : NAN;
  }
  return means;
}

void drawWeightsHeat(QPainter& painter, const WeightsHeat& panel, const std::function<QColor(double)>& colour,
                     HeatNames names, Theme theme) {
  if (panel.heads == 0 || panel.tokens == 0) {
    drawNothing(painter, panel.heat, QStringLiteral("No weights"), theme);
    return;
  }
  drawCells(painter, panel.heat, panel.heads, panel.tokens,
            [&](int row, int column) { return colour(panel.values[std::size_t(row) * panel.tokens + column]); });
  drawMeans(painter, panel, theme);
  drawNumbers(painter, panel, names, theme);
  painter.setPen(penOf(palette(theme).muted, 1.4));
  for (const int token : panel.without) {
    const double x = panel.heat.left() + (token + 0.5) * panel.heat.width() / panel.tokens;
    painter.drawLine(QPointF(x, panel.heat.top() - 2), QPointF(x, panel.heat.bottom() + kMeanGap + kMeanHeight));
  }
}

}  // namespace lix::figures
