#include "charts/series_cursor.h"

#include <QChart>
#include <QFontMetricsF>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace lix::widgets {
namespace {

constexpr double kAbove = 12.0;  // lines and layer
constexpr double kDot = 5.0, kPad = 6.0, kGap = 8.0, kMostName = 150.0;

}  // namespace

SeriesCursor::SeriesCursor(QChart& chart, const QValueAxis& x, const QValueAxis& y)
    : QGraphicsObject(&chart), chart_(chart), x_(x), y_(y) {
  setZValue(kAbove);
  setAcceptedMouseButtons(Qt::NoButton);
  connect(&chart, &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
  for (const QValueAxis* axis : {&x, &y}) {
    connect(axis, &QValueAxis::rangeChanged, this, [this] { update(); });
  }
  hide();
}

void SeriesCursor::read(double step, const QString& heading, std::vector<Reading> readings, figures::Theme theme) {
  step_ = step;
  heading_ = heading;
  theme_ = theme;
  readings_ = std::move(readings);
  show();
  update();
}

QRectF SeriesCursor::boundingRect() const { return chart_.plotArea(); }

void SeriesCursor::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  const QRectF plot = chart_.plotArea();
  const double width = x_.max() - x_.min(), height = y_.max() - y_.min();
  if (!(width > 0.0) || !(height > 0.0) || step_ < x_.min() || step_ > x_.max()) {
    return;
  }
  const figures::Palette& colours = figures::palette(theme_);
  const auto place = [&](const QPointF& at) {
    return QPointF(plot.left() + (at.x() - x_.min()) / width * plot.width(),
                   plot.bottom() - (at.y() - y_.min()) / height * plot.height());
  };
  painter->setClipRect(plot);
  painter->setRenderHint(QPainter::Antialiasing);
  const double x = place({step_, y_.min()}).x();
  painter->setPen(QPen(colours.muted, 1.0));
  painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
  for (const Reading& reading : readings_) {
    if (std::isfinite(reading.at.y())) {
      figures::drawMarker(*painter, place(reading.at), figures::Marker::Circle, kDot, QPen(colours.background, 1.0), reading.colour);
    }
  }
  paintBox(*painter, x);
}

void SeriesCursor::paintBox(QPainter& painter, double x) const {
  const QRectF plot = chart_.plotArea();
  const figures::Palette& colours = figures::palette(theme_);
  const QFont face = figures::font(figures::TextRole::Label);
  const QFontMetricsF metrics(face);
  painter.setFont(face);
  double names = 0.0, values = 0.0;
  for (const Reading& reading : readings_) {
    names = std::max(names, std::min(metrics.horizontalAdvance(reading.name), kMostName));
    values = std::max(values, metrics.horizontalAdvance(reading.value));
  }
  const double line = metrics.height();
  const auto fitting = std::max(1, int((plot.height() - 3 * kPad) / line) - 1);
  const int shown = std::min(int(readings_.size()), fitting);
  const double wide = std::max(metrics.horizontalAdvance(heading_), names + kGap + values + 2 * kDot) + 2 * kPad;
  const double tall = line * (shown + 1) + 2 * kPad;
  const double left = x + kGap + wide <= plot.right() ? x + kGap : std::max(plot.left(), x - kGap - wide);
  const QRectF box(left, plot.top() + 2, wide, tall);
  painter.setPen(QPen(colours.axis, 1.0));
  QColor paper = colours.background;
  paper.setAlphaF(0.92f);
  painter.setBrush(paper);
  painter.drawRoundedRect(box, 4, 4);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(colours.ink);
  double top = box.top() + kPad;
  painter.drawText(QRectF(box.left() + kPad, top, wide - 2 * kPad, line), Qt::AlignLeft | Qt::AlignVCenter, heading_);
  for (int i = 0; i < shown; ++i) {
    const Reading& reading = readings_[std::size_t(i)];
    top += line;
    const QRectF row(box.left() + kPad + 2 * kDot, top, wide - 2 * kPad - 2 * kDot, line);
    figures::drawMarker(painter, {box.left() + kPad + kDot / 2, row.center().y()}, figures::Marker::Circle, kDot, Qt::NoPen,
                        reading.colour);
    painter.setPen(colours.ink);
    if (i + 1 == shown && shown < int(readings_.size())) {
      painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, tr("and %1 more").arg(int(readings_.size()) - i));
      break;
    }
    painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(reading.name, Qt::ElideMiddle, kMostName));
    painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, reading.value);
  }
}

}  // namespace lix::widgets
