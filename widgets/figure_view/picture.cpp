#include "figure_view/picture.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace lix::widgets {
namespace {

constexpr double kMostPixels = 12e6;     // 48 MB; taller figures are kept in bands
constexpr std::size_t kMostHeights = 64;  // layouts ask for few widths again and again

}  // namespace

void FigureView::Picture::forget() {
  heights_.clear();
  pixels_ = QPixmap();
}

int FigureView::Picture::heightFor(const figures::Figure& figure, int width) {
  const auto known = heights_.find(width);
  if (known != heights_.end()) {
    return known->second;
  }
  if (heights_.size() >= kMostHeights) {
    heights_.clear();
  }
  const int height = int(std::ceil(figure.heightFor(width)));
  heights_.emplace(width, height);
  return height;
}

bool FigureView::Picture::holds(QSize size, double scale, figures::Theme theme, const QRect& shown) const {
  return !pixels_.isNull() && size_ == size && scale_ == scale && theme_ == theme && band_.contains(shown);
}

void FigureView::Picture::draw(const figures::Figure& figure, QSize size, double scale, figures::Theme theme,
                               const QRect& band) {
  pixels_ = QPixmap((QSizeF(band.size()) * scale).toSize());
  pixels_.setDevicePixelRatio(scale);
  pixels_.fill(figures::palette(theme).background);
  band_ = band;
  size_ = size;
  scale_ = scale;
  theme_ = theme;
  if (pixels_.isNull()) {
    return;
  }
  QPainter painter(&pixels_);
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform);
  painter.translate(0, -band.top());
  figure.draw(painter, QRectF(QPointF(0, 0), QSizeF(size)), theme);
}

void FigureView::Picture::paint(QPainter& painter, const figures::Figure& figure, QSize size, const QRect& shown,
                                figures::Theme theme) {
  const double scale = painter.device()->devicePixelRatioF();
  const int bandHeight = std::max(1, int(kMostPixels / (scale * scale * std::max(1, size.width()))));
  if (!holds(size, scale, theme, shown) && shown.height() <= bandHeight) {
    const int height = std::min(size.height(), bandHeight);
    const int top = std::clamp(shown.center().y() - height / 2, 0, size.height() - height);
    draw(figure, size, scale, theme, QRect(0, top, size.width(), height));
  }
  if (holds(size, scale, theme, shown)) {
    const QRectF source((shown.x() - band_.x()) * scale, (shown.y() - band_.y()) * scale, shown.width() * scale,
                        shown.height() * scale);
    painter.drawPixmap(QRectF(shown), pixels_, source);
    return;
  }
  painter.save();
  painter.setClipRect(shown);
  figure.draw(painter, QRectF(QPointF(0, 0), QSizeF(size)), theme);
  painter.restore();
}

}  // namespace lix::widgets
