#include <algorithm>
#include <cmath>
#include <cstring>

#include "figures/axis.h"
#include "figures/parts.h"

namespace lix::figures {

QImage toQImage(const imaging::Image& image) {
  const bool whole = image.width > 0 && image.height > 0 &&
                     image.pixels.size() == std::size_t(image.width) * std::size_t(image.height) * 3;
  if (!whole) {
    return {};
  }
  QImage result(image.width, image.height, QImage::Format_RGB888);
  for (int y = 0; y < image.height; ++y) {
    std::memcpy(result.scanLine(y), image.row(y), std::size_t(image.width) * 3);
  }
  return result;
}

QRectF drawPicture(QPainter& painter, const QRectF& box, const QImage& image, Theme theme) {
  if (image.isNull()) {
    painter.fillRect(box, palette(theme).grid);
    painter.setPen(penOf(palette(theme).axis, 1.0));
    painter.drawLine(box.topLeft(), box.bottomRight());
    painter.drawLine(box.bottomLeft(), box.topRight());
    return box;
  }
  const QSizeF size = QSizeF(image.size()).scaled(box.size(), Qt::KeepAspectRatio);
  const QRectF target(box.center() - QPointF(size.width() / 2, size.height() / 2), size);
  painter.drawImage(target, image);
  return target;
}

void drawHatch(QPainter& painter, const QRectF& rect, const QColor& colour, double distance) {
  painter.setPen(penOf(colour, 1.2));
  for (double offset = distance / 2; offset < rect.width() + rect.height(); offset += distance) {
    // The line x + y = offset, cut at the rectangle.
    const QPointF from(std::min(offset, rect.width()), std::max(offset - rect.width(), 0.0));
    const QPointF to(std::max(offset - rect.height(), 0.0), std::min(offset, rect.height()));
    painter.drawLine(rect.topLeft() + from, rect.topLeft() + to);
  }
}

void drawCells(QPainter& painter, const QRectF& rect, int rows, int columns,
               const std::function<QColor(int row, int column)>& colour) {
  if (rows <= 0 || columns <= 0) {
    return;
  }
  // Several pixels a cell, since viewers smooth pictures that they enlarge.
  const auto pixels = [](double length, int cells) {
    return std::clamp(int(std::ceil(length * 3 / cells)), 1, std::max(1, 4096 / cells));
  };
  const int wide = pixels(rect.width(), columns);
  const int high = pixels(rect.height(), rows);
  QImage image(columns * wide, rows * high, QImage::Format_RGB32);
  QPainter inner(&image);
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      inner.fillRect(column * wide, row * high, wide, high, colour(row, column));
    }
  }
  inner.end();
  painter.drawImage(rect, image);
}

void drawColourBar(QPainter& painter, const QRectF& rect, double low, double high, const QString& title,
                   const std::function<QColor(double value)>& colour, Theme theme) {
  constexpr double kWidth = 11.0;
  constexpr int kSteps = 128;
  double top = rect.top();
  if (!title.isEmpty()) {
    const TextBlock block(title, font(TextRole::Small), rect.width(), 2);
    block.draw(painter, rect.topLeft(), palette(theme).muted);
    top += block.height() + 5;
  }
  const QRectF bar(rect.left(), top, kWidth, std::max(rect.bottom() - top, 8.0));
  drawCells(painter, bar, kSteps, 1, [&](int row, int) { return colour(high - (row + 0.5) / kSteps * (high - low)); });
  const int most = std::clamp(int(bar.height() / 22), 2, 6);
  const Axis axis{.low = low, .high = high};
  for (const double tick : niceTicks(low, high, most)) {
    const double y = low < high ? axis.map(tick, bar.bottom(), bar.top()) : bar.center().y();
    painter.setPen(penOf(palette(theme).axis, 1.0));
    painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 3, y));
    drawLine(painter, {bar.right() + 6, y}, tickText(tick, niceStep(low, high, most)), font(TextRole::Tick),
             palette(theme).muted);
  }
}

}  // namespace lix::figures
