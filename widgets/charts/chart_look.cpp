#include "charts/chart_look.h"

#include <QAbstractAxis>
#include <QCategoryAxis>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <algorithm>
#include <cmath>

namespace lix::widgets {
namespace {

constexpr double kTiny = 1e-3, kHuge = 1e5;  // numbers beyond these are written with powers of ten

/// "2.5e−5": up to three digits, without zeros at their end.
QString scientific(double value) {
  if (value == 0.0) {
    return QStringLiteral("0");
  }
  const int power = int(std::floor(std::log10(std::abs(value)) + 1e-9));
  const QString digits = QString::number(value / std::pow(10.0, power), 'g', 3);
  return QStringLiteral("%1e%2").arg(digits).arg(power).replace('-', QChar(0x2212));
}

}  // namespace

void applyLook(QChart& chart, figures::Theme theme) {
  const figures::Palette& palette = figures::palette(theme);
  chart.setBackgroundBrush(palette.background);
  chart.setBackgroundRoundness(0);
  chart.setMargins({6, 4, 10, 4});
  chart.layout()->setContentsMargins(0, 0, 0, 0);
  chart.legend()->hide();
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

std::vector<Tick> linearTicks(double low, double high, int most) {
  const std::vector<double> values = figures::niceTicks(low, high, most);
  const double step = values.size() > 1 ? values[1] - values[0] : figures::niceStep(low, high, most);
  const bool tiny = std::max(std::abs(low), std::abs(high)) < kTiny;
  std::vector<Tick> ticks;
  for (const double value : values) {
    ticks.push_back({value, tiny ? scientific(value) : figures::tickText(value, step)});
  }
  return ticks;
}

std::vector<Tick> logTicks(double low, double high, int most) {
  std::vector<Tick> ticks;
  for (const double value : figures::logTicks(std::pow(10.0, low), std::pow(10.0, high), most)) {
    const bool plain = value >= kTiny * (1 - 1e-9) && value < kHuge;
    ticks.push_back({std::log10(value), plain ? QString::number(value, 'g', 6) : scientific(value)});
  }
  return ticks;
}

void setTicks(QCategoryAxis& axis, const std::vector<Tick>& ticks) {
  const QStringList shown = axis.categoriesLabels();
  const auto same = [&axis](const Tick& tick, const QString& text) {
    return tick.text == text && axis.endValue(text) == tick.at;
  };
  if (std::ranges::equal(ticks, shown, same)) {
    return;
  }
  for (const QString& text : shown) {
    axis.remove(text);
  }
  // A category axis draws a line at its start value too: it lies out of sight.
  axis.setStartValue(axis.min() - 100.0 * (axis.max() - axis.min()));
  for (const Tick& tick : ticks) {
    axis.append(tick.text, tick.at);
  }
}

std::pair<double, double> steadyRange(double low, double high, int most) {
  const double half = figures::niceStep(low, high, most) / 2.0;
  return {std::floor(low / half + 1e-9) * half, std::ceil(high / half - 1e-9) * half};
}

QPen linePen(const figures::SeriesStyle& style, double width) {
  return figures::penOf(style.colour, width, style.dash);
}

}  // namespace lix::widgets
