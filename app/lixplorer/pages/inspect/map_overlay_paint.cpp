// How the overlay is drawn.
#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

#include "figures/colour_map.h"
#include "pages/inspect/map_overlay.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kLeastRoomy = 240;  // for what the scale's numbers are multiples of

}  // namespace

void MapOverlay::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const widgets::Colours& colours = widgets::colours(widgets::themeOf(palette()));
  if (picture_.isNull()) {
    painter.setPen(colours.muted);
    painter.drawText(rect().adjusted(12, 12, -12, -12), Qt::AlignCenter | Qt::TextWordWrap, emptyText_);
    return;
  }
  const QRectF place = pictureRect();
  painter.drawImage(place.topLeft(), composed());
  drawOutline(painter);
  if (cell_) {
    const double width = place.width() / map_.columns, height = place.height() / map_.rows;
    const QRectF patch(place.left() + cell_->second * width, place.top() + cell_->first * height, width, height);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::black, 3));
    painter.drawRect(patch);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(patch);
  }
  if (hasFocus()) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.accent, 2));
    painter.drawRect(place.adjusted(1, 1, -1, -1));
  }
  drawScale(painter);
}

void MapOverlay::drawOutline(QPainter& painter) const {
  if (outline_.isEmpty()) {
    return;
  }
  const QRectF place = pictureRect();
  QVector<QLineF> lines;
  lines.reserve(outline_.size());
  for (const QLineF& line : outline_) {
    lines.append(QLineF(place.left() + line.x1() * place.width(), place.top() + line.y1() * place.height(),
                        place.left() + line.x2() * place.width(), place.top() + line.y2() * place.height()));
  }
  const double wide = place.width() < 250 ? 1.2 : 2.0;
  painter.setPen(QPen(Qt::black, 2 * wide, Qt::SolidLine, Qt::SquareCap));  // both seen on any colour
  painter.drawLines(lines);
  painter.setPen(QPen(Qt::white, wide, Qt::SolidLine, Qt::SquareCap));
  painter.drawLines(lines);
}

void MapOverlay::drawScale(QPainter& painter) const {
  if (shades_.steps.empty()) {
    return;
  }
  const widgets::Colours& colours = widgets::colours(widgets::themeOf(palette()));
  const QRectF place = pictureRect();
  const bool difference = scale_ == figures::MapScale::Diverging;
  const QString low = difference ? QStringLiteral("−%1").arg(-low_, 0, 'g', 3) : QString::number(low_, 'g', 2);
  const bool roomy = width() >= kLeastRoomy;
  const QString high = (roomy ? (difference ? tr("+%1 × an even share") : tr("%1 × an even share"))
                              : (difference ? tr("+%1 ×") : tr("%1 ×")))
                           .arg(high_, 0, 'g', 3);
  painter.setFont(font());
  const QFontMetricsF metrics(font());
  const double top = place.bottom() + 8, height = 14;
  const double left = 2 + metrics.horizontalAdvance(low) + 6;
  const double right = width() - 2 - metrics.horizontalAdvance(high) - 6;
  if (right - left < 30) {
    return;
  }
  QLinearGradient gradient(left, 0, right, 0);
  for (int i = 0; i <= 10; ++i) {
    const auto theme = widgets::themeOf(palette());
    gradient.setColorAt(i / 10.0, difference ? figures::diverging(i / 5.0 - 1.0, theme) : figures::viridis(i / 10.0, theme));
  }
  painter.setPen(Qt::NoPen);
  painter.setBrush(gradient);
  painter.drawRect(QRectF(left, top + 2, right - left, height - 4));
  painter.setPen(colours.muted);
  painter.drawText(QRectF(0, top, left - 6, height), Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, low);
  painter.drawText(QRectF(right + 6, top, width() - right - 6, height), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                   high);
}

}  // namespace lix::app
