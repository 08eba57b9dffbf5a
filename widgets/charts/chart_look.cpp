#include "charts/chart_look.h"

#include <QAbstractAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace lix::widgets {

void applyLook(QChart& chart, figures::Theme theme) {
  const figures::Palette& palette = figures::palette(theme);
  chart.setBackgroundBrush(palette.background);
  chart.setBackgroundRoundness(0);
  chart.setMargins({6, 4, 10, 4});
  chart.layout()->setContentsMargins(0, 0, 0, 0);
  chart.legend()->hide();
  chart.setTitleFont(figures::font(figures::TextRole::PanelTitle));
  chart.setTitleBrush(palette.ink);
}

void applyLook(QAbstractAxis& axis, figures::Theme theme) {
  const figures::Palette& palette = figures::palette(theme);
  axis.setLabelsFont(figures::font(figures::TextRole::Tick));
  axis.setLabelsColor(palette.muted);
  axis.setTitleFont(figures::font(figures::TextRole::Label));
  axis.setTitleBrush(palette.ink);
  axis.setGridLinePen(QPen(palette.grid, 1.0));
  axis.setLinePen(QPen(palette.axis, 1.0));
  axis.setMinorGridLineVisible(false);
}

void setAxis(QValueAxis& axis, const figures::Axis& wanted, double scale) {
  const double low = wanted.low * scale, high = wanted.high * scale;
  axis.setRange(low, high);
  if (wanted.ticks.size() < 2) {
    return;
  }
  const double step = (wanted.ticks[1] - wanted.ticks[0]) * scale;
  axis.setTickType(QValueAxis::TicksDynamic);
  axis.setTickAnchor(wanted.ticks[0] * scale);
  axis.setTickInterval(step);
  const int decimals = step >= 1.0 - 1e-9 && std::abs(step - std::round(step)) < 1e-9 ? 0 : std::clamp(int(std::ceil(-std::log10(step) + 1e-9)) + (std::fmod(step * std::pow(10.0, std::ceil(-std::log10(step))), 1.0) > 0.01 ? 1 : 0), 0, 8);
  axis.setLabelFormat(std::max(std::abs(low), std::abs(high)) >= 1e5 ? QStringLiteral("%.3g") : QStringLiteral("%.%1f").arg(decimals));
}

QPen linePen(const figures::SeriesStyle& style, double width) { return figures::penOf(style.colour, width, style.dash); }

}  // namespace lix::widgets
