#include "image_grid/cell_painter.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kBarHeight = 4;
constexpr int kBarGap = 3;
constexpr int kRadius = 4;

QFont smallFont(const QFont& font) {
  QFont small = font;
  small.setPointSizeF(std::max(7.0, font.pointSizeF() * 0.88));
  return small;
}

/// The pixmap as large as fits in the middle of the box.
QRect place(const QRect& box, const QPixmap& pixmap) {
  const QSize size = pixmap.deviceIndependentSize().toSize().scaled(box.size(), Qt::KeepAspectRatio);
  return QRect(QPoint(box.x() + (box.width() - size.width()) / 2, box.y() + (box.height() - size.height()) / 2), size);
}

void drawBadge(QPainter& painter, const QRect& box, const QString& text, const QFont& font, const Colours& colours) {
  painter.setFont(smallFont(font));
  const QFontMetrics metrics(painter.font());
  const int width = std::min(box.width(), metrics.horizontalAdvance(text) + 8);
  const QRect at(box.right() - width + 1, box.top(), width, metrics.height() + 2);
  painter.setPen(Qt::NoPen);
  QColor ground = colours.surface;
  ground.setAlphaF(0.88f);
  painter.setBrush(ground);
  painter.drawRoundedRect(at, 3, 3);
  painter.setPen(colours.muted);
  painter.drawText(at, Qt::AlignCenter, metrics.elidedText(text, Qt::ElideRight, width - 6));
}

/// A tick or a cross in the corner, so that right and wrong differ in more than colour.
void drawVerdict(QPainter& painter, const QRect& box, GridFrame frame, const Colours& colours) {
  const QRectF mark(box.left() + 3, box.bottom() - 18, 16, 16);
  painter.setPen(Qt::NoPen);
  painter.setBrush(frame == GridFrame::Right ? colours.good : colours.bad);
  painter.drawEllipse(mark);
  painter.setPen(QPen(colours.onAccent, 2.0, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  const auto at = [&](double x, double y) { return QPointF(mark.left() + x, mark.top() + y); };
  if (frame == GridFrame::Right) {
    painter.drawPolyline(QPolygonF{at(4.5, 8.5), at(7, 11), at(11.5, 5.5)});
  } else {
    painter.drawLine(at(5.2, 5.2), at(10.8, 10.8));
    painter.drawLine(at(10.8, 5.2), at(5.2, 10.8));
  }
}

void drawBar(QPainter& painter, const QRect& track, double value, const QColor& colour, const Colours& colours) {
  painter.setPen(Qt::NoPen);
  painter.setBrush(colours.border);
  painter.drawRoundedRect(track, 2, 2);
  if (const int width = int(std::clamp(value, 0.0, 1.0) * track.width() + 0.5); width > 0) {
    painter.setBrush(colour);
    painter.drawRoundedRect(QRect(track.topLeft(), QSize(width, track.height())), 2, 2);
  }
}

void drawGround(QPainter& painter, const QRect& rect, const Cell& cell, const Colours& colours) {
  painter.setPen(Qt::NoPen);
  if (cell.selected) {
    QColor ground = colours.accent;
    ground.setAlphaF(0.22f);
    painter.setBrush(ground);
    painter.setPen(QPen(colours.accent, 1.5));
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), kRadius, kRadius);
  } else if (cell.hovered) {
    painter.setBrush(colours.raised);
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), kRadius, kRadius);
  }
  if (cell.current) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.accent, 1.0, Qt::DotLine));
    painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), kRadius, kRadius);
  }
}

}  // namespace

int cellFoot(const QFont& font, bool detail, bool bars) {
  const int line = QFontMetrics(font).height();
  return 2 + line + (detail ? QFontMetrics(smallFont(font)).height() : 0) + (bars ? 2 * (kBarHeight + kBarGap) : 0);
}

void drawCell(QPainter& painter, const QRect& rect, int side, const Cell& cell, const QPalette& palette,
              const QFont& font) {
  const Colours& colours = widgets::colours(themeOf(palette));
  painter.setRenderHint(QPainter::Antialiasing);
  drawGround(painter, rect, cell, colours);
  const QRect box(rect.x() + (rect.width() - side) / 2, rect.y() + kCellPadding, side, side);
  QRect pictured = box;
  if (cell.thumbnail.isNull()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.raised);
    painter.drawRoundedRect(box, 3, 3);
  } else {
    pictured = place(box, cell.thumbnail);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.setOpacity(cell.frame == GridFrame::Muted ? 0.45 : 1.0);
    painter.drawPixmap(pictured, cell.thumbnail);
    painter.setOpacity(1.0);
  }
  if (cell.frame == GridFrame::Right || cell.frame == GridFrame::Wrong) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(cell.frame == GridFrame::Right ? colours.good : colours.bad, 2.0));
    painter.drawRoundedRect(QRectF(pictured).adjusted(1, 1, -1, -1), 2, 2);
    drawVerdict(painter, pictured, cell.frame, colours);
  }
  if (!cell.badge.isEmpty()) {
    drawBadge(painter, pictured, cell.badge, font, colours);
  }
  int y = box.bottom() + 3;
  for (const auto& [value, colour] :
       {std::pair(cell.bar, colours.accent), std::pair(cell.secondBar, colours.warning)}) {
    if (value >= 0.0) {
      drawBar(painter, QRect(box.x(), y, box.width(), kBarHeight), value, colour, colours);
      y += kBarHeight + kBarGap;
    }
  }
  if (cell.barRoom) {
    y = box.bottom() + 3 + 2 * (kBarHeight + kBarGap);
  }
  const auto line = [&](const QString& text, const QFont& face, const QColor& colour) {
    const QFontMetrics metrics(face);
    const QRect at(rect.x() + kCellPadding, y, rect.width() - 2 * kCellPadding, metrics.height());
    painter.setFont(face);
    painter.setPen(colour);
    // A caption may be as long as a book; only its beginning can be seen.
    painter.drawText(at, Qt::AlignHCenter | Qt::AlignVCenter,
                     metrics.elidedText(text.left(200).simplified(), Qt::ElideRight, at.width()));
    y += metrics.height();
  };
  line(cell.caption, font, palette.color(QPalette::Text));
  if (!cell.detail.isEmpty()) {
    line(cell.detail, smallFont(font), colours.muted);
  }
}

}  // namespace lix::widgets
