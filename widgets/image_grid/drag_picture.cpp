#include "image_grid/drag_picture.h"

#include <QPainter>
#include <algorithm>

#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kSide = 72;
constexpr int kStep = 8;
constexpr int kBadge = 20;

void drawCard(QPainter& painter, const QRect& box, const QPixmap& thumbnail, const Colours& colours) {
  painter.fillRect(box, colours.surface);
  if (!thumbnail.isNull()) {
    const QSize size = thumbnail.size().scaled(box.size(), Qt::KeepAspectRatio);
    painter.drawPixmap(QRect(box.center() - QPoint(size.width() / 2, size.height() / 2), size), thumbnail);
  }
  painter.setPen(colours.border);
  painter.setBrush(Qt::NoBrush);
  painter.drawRect(box.adjusted(0, 0, -1, -1));
}

}  // namespace

QPixmap dragPicture(const QList<QPixmap>& top, qsizetype count, const QPalette& palette, const QFont& font,
                    double scale) {
  QFont bold = font;
  bold.setBold(true);
  const QString text = QString::number(count);
  const int badge = std::max(kBadge, QFontMetrics(bold).horizontalAdvance(text) + 12);
  const int stack = kSide + kStep * (kMostInDragPicture - 1);
  const QSize size(std::max(stack + kBadge / 2, badge), stack + kBadge / 2);
  QPixmap picture((QSizeF(size) * scale).toSize());
  picture.setDevicePixelRatio(scale);
  picture.fill(Qt::transparent);
  QPainter painter(&picture);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
  const Colours& own = colours(themeOf(palette));
  const int shown = std::min<int>(kMostInDragPicture, int(top.size()));
  for (int i = shown - 1; i >= 0; --i) {
    drawCard(painter, QRect(kStep * i, kBadge / 2 + kStep * i, kSide, kSide), top[i], own);
  }
  const QRect at(size.width() - badge, 0, badge, kBadge);
  painter.setPen(Qt::NoPen);
  painter.setBrush(own.accent);
  painter.drawRoundedRect(at, kBadge / 2, kBadge / 2);
  painter.setPen(own.onAccent);
  painter.setFont(bold);
  painter.drawText(at, Qt::AlignCenter, text);
  return picture;
}

}  // namespace lix::widgets
