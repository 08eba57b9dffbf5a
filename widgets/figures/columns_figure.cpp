#include "figures/columns_figure.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

#include "figures/plot_parts.h"

namespace lix::figures {
namespace {

constexpr double kPlotHeight = 130.0;
constexpr double kAbove = 20.0;  // the y axis' name
constexpr int kMostTicks = 5;

}  // namespace

Axis ColumnsFigure::axis() const {
  std::vector<double> values{0.0};
  for (const Column& column : data_.columns) {
    values.push_back(column.value);
  }
  values.push_back(data_.level);
  Axis axis = axisFor(values, Scale::Linear, kMostTicks);
  axis.low = 0.0;
  axis.high = axis.high > 0 ? axis.high : 1.0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < axis.ticks.size(); ++i) {  // no air below zero
    if (axis.ticks[i] >= 0) {
      axis.ticks[kept] = axis.ticks[i];
      axis.texts[kept++] = axis.texts[i];
    }
  }
  axis.ticks.resize(kept);
  axis.texts.resize(kept);
  return axis;
}

double ColumnsFigure::legend(double width, QPainter* painter, const QPointF& at, Theme theme) const {
  std::vector<LegendEntry> entries;
  if (std::isfinite(data_.level) && !data_.levelName.empty()) {
    entries.push_back({cleaned(data_.levelName), {palette(theme).ink, Dash::Dotted, Marker::Circle}, Swatch::Line});
  }
  if (std::ranges::any_of(data_.columns, &Column::flagged) && !data_.flagName.empty()) {
    entries.push_back({cleaned(data_.flagName), {palette(theme).wrong, Dash::Solid, Marker::Circle}, Swatch::Box});
  }
  return entries.empty() ? 0.0 : placeLegend(entries, at, width, painter, theme) + 6;
}

double ColumnsFigure::heightFor(double width) const {
  return headingsHeight(data_.headings, width) + legend(width - 2 * kMargin, nullptr, {}, Theme::Light) + kAbove +
         kPlotHeight + kBottomAxis;
}

ColumnsFigure::Places ColumnsFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  Places places{.plot = {}, .y = axis(), .columns = {}};
  const double left = body.left() + numbersWidth(places.y);
  const double top = body.top() + legend(body.width(), nullptr, {}, Theme::Light) + kAbove;
  places.plot = QRectF(left, top, std::max(body.right() - left, 20.0), kPlotHeight);
  const double wide = places.plot.width() / double(std::max<std::size_t>(data_.columns.size(), 1));
  for (std::size_t i = 0; i < data_.columns.size(); ++i) {
    places.columns.emplace_back(left + double(i) * wide, top, wide, kPlotHeight);
  }
  return places;
}

namespace {

/// The x axis in the middle of numbered columns, else at their edges.
Axis bottomAxis(const ColumnsData& data, double width) {
  const auto count = double(data.columns.size());
  Axis axis{.low = data.first, .high = data.first + count * data.step, .ticks = {}, .texts = {}};
  if (!data.numbered) {
    axis.ticks = niceTicks(axis.low, axis.high, 7);
    const double step = niceStep(axis.low, axis.high, 7);
    for (const double tick : axis.ticks) {
      axis.texts.push_back(tickText(tick, step));
    }
    return axis;
  }
  const double least = textWidth(QString::number(count), font(TextRole::Tick)) + 6;
  int stride = 1;
  while (stride < int(count) && stride * width / count < least) {
    stride *= 2;
  }
  axis.low = -0.5;
  axis.high = count - 0.5;
  for (int i = 0; i < int(count); i += stride) {
    axis.ticks.push_back(i);
    axis.texts.push_back(QString::number(i));
  }
  return axis;
}

}  // namespace

void ColumnsFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  legend(body.width(), &painter, body.topLeft(), theme);
  const Places where = places(rect);
  const QRectF& plot = where.plot;
  drawVerticalAxis(painter, plot, where.y, Numbers::Shown, theme);
  drawLine(painter, {plot.left(), plot.top() - 10}, cleaned(data_.yLabel), font(TextRole::Small), palette(theme).muted);
  for (std::size_t i = 0; i < data_.columns.size(); ++i) {
    const Column& column = data_.columns[i];
    if (!std::isfinite(column.value)) {
      continue;
    }
    const QRectF& room = where.columns[i];
    const double air = !data_.numbered || room.width() < 5 ? 0.5 : 0.12 * room.width();
    const double top = where.y.map(column.value, plot.bottom(), plot.top());
    const QColor colour = column.flagged ? palette(theme).wrong : categorical(theme, 0);
    painter.fillRect(QRectF(QPointF(room.left() + air, top), QPointF(room.right() - air, plot.bottom())), colour);
    if (column.flagged) {
      const double size = std::clamp(0.3 * room.width(), 3.0, 7.0);
      drawMarker(painter, {room.center().x(), std::min(top, plot.bottom()) - size - 2}, Marker::Down, size,
                 penOf(colour, 1.0), colour);
    }
  }
  if (std::isfinite(data_.level)) {
    const double y = where.y.map(data_.level, plot.bottom(), plot.top());
    painter.setPen(penOf(palette(theme).ink, 1.2, Dash::Dotted));
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
  }
  if (data_.columns.empty()) {
    drawNothing(painter, plot, QStringLiteral("Nothing to show"), theme);
  } else {
    // The ticks of a bottom axis have lines up the plot, which columns do not need.
    const QRectF line(plot.left(), plot.bottom(), plot.width(), 0);
    drawHorizontalAxis(painter, line, bottomAxis(data_, plot.width()), data_.xLabel, theme);
  }
  painter.restore();
}

std::string ColumnsFigure::table() const {
  const auto text = [](double value) {
    return std::isfinite(value) ? QString::number(value, 'g', QLocale::FloatingPointShortest).toStdString() : "";
  };
  std::string csv = data_.numbered ? "number,value,flagged\n" : "from,to,value\n";
  for (std::size_t i = 0; i < data_.columns.size(); ++i) {
    const double from = data_.first + double(i) * data_.step;
    const Column& column = data_.columns[i];
    csv += data_.numbered ? std::to_string(i) + "," + text(column.value) + (column.flagged ? ",1\n" : ",0\n")
                          : text(from) + "," + text(from + data_.step) + "," + text(column.value) + "\n";
  }
  return csv;
}

}  // namespace lix::figures
