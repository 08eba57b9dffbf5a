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
constexpr int kBadgeGap = 2;
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

int badgeHeight(const QFont& font) { return QFontMetrics(smallFont(font)).height() + 2; }

/// Under the picture, which it would hide a part of.
void drawBadge(QPainter& painter, const QRect& room, const QString& text, const QFont& font, const Colours& colours) {
  painter.setFont(smallFont(font));
  const QFontMetrics metrics(painter.font());
  const int width = std::min(room.width(), metrics.horizontalAdvance(text) + 10);
  const QRectF at(room.x() + (room.width() - width) / 2, room.y(), width, badgeHeight(font));
  painter.setPen(QPen(colours.border, 1.0));
  painter.setBrush(colours.raised);
  painter.drawRoundedRect(at.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
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

int cellFoot(const QFont& font, const CellRoom& room) {
  const int line = QFontMetrics(font).height();
  return 2 + line + (room.detail ? QFontMetrics(smallFont(font)).height() : 0) +
         (room.bars ? 2 * (kBarHeight + kBarGap) : 0) + (room.badge ? badgeHeight(font) + kBadgeGap : 0);
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
  if (!cell.badge.isEmpty()) {
    drawBadge(painter, QRect(rect.x() + 2, y, rect.width() - 4, 0), cell.badge, font, colours);
  }
  if (cell.badgeRoom || !cell.badge.isEmpty()) {
    y += badgeHeight(font) + kBadgeGap;
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

void drawEmptyText(QPainter& painter, const QRect& rect, const QString& text, const QColor& colour) {
  const int side = rect.width() > 160 ? 24 : 6;
  const QRect room = rect.adjusted(side, 4, -side, -4);
  painter.setPen(colour);
  const int height = painter.boundingRect(room, Qt::AlignHCenter | Qt::TextWordWrap, text).height();
  const auto line = height > room.height() ? Qt::AlignTop : Qt::AlignVCenter;
  painter.drawText(room, int(line | Qt::AlignHCenter) | Qt::TextWordWrap, text);
}

}  // namespace lix::widgets
