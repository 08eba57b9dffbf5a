#pragma once
#include <QImage>
#include <QPainter>
#include <cstdlib>
#include <string>

#include "figures/figure.h"

namespace lix::figures::test {

/// A figure at one pixel a logical pixel times `scale`, on its own size or a given one.
inline QImage painted(const Figure& figure, Theme theme, QSizeF size = {}, int scale = 1) {
  const QSizeF wanted = size.isEmpty() ? figure.sizeHint() : size;
  QImage image((wanted * scale).toSize(), QImage::Format_RGB32);
  image.fill(Qt::magenta);
  QPainter painter(&image);
  painter.scale(scale, scale);
  figure.draw(painter, QRectF(QPointF(0, 0), wanted), theme);
  painter.end();
  return image;
}

inline bool near(const QColor& a, const QColor& b, int tolerance = 6) {
  return std::abs(a.red() - b.red()) <= tolerance && std::abs(a.green() - b.green()) <= tolerance &&
         std::abs(a.blue() - b.blue()) <= tolerance;
}

inline QColor at(const QImage& image, const QPointF& point, int scale = 1) {
  return image.pixelColor((point * scale).toPoint());
}

/// How many pixels of a rectangle have a colour.
inline int count(const QImage& image, const QRectF& rect, const QColor& colour, int tolerance = 6) {
  int found = 0;
  const QRect area = rect.toRect().intersected(image.rect());
  for (int y = area.top(); y <= area.bottom(); ++y) {
    for (int x = area.left(); x <= area.right(); ++x) {
      found += near(image.pixelColor(x, y), colour, tolerance) ? 1 : 0;
    }
  }
  return found;
}

}  // namespace lix::figures::test
