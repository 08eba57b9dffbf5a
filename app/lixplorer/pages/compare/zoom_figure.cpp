#include "pages/compare/zoom_figure.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr double kPixels = 1024.0;  // longer side of a tile as it is kept
constexpr double kStep = 1.25;      // a notch of the wheel, a key
constexpr double kWheelNotch = 120.0, kArrow = 0.12;

}  // namespace

ZoomPlace within(ZoomPlace place) {
  place.scale = std::isfinite(place.scale) ? std::clamp(place.scale, 1.0, kMostZoom) : 1.0;
  const double edge = 0.5 / place.scale;
  const auto inside = [edge](double at) { return std::isfinite(at) ? std::clamp(at, edge, 1.0 - edge) : 0.5; };
  place.centre = {inside(place.centre.x()), inside(place.centre.y())};
  return place;
}

ZoomFigure::ZoomFigure(QWidget* parent) : FigureView(parent) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  setToolTip(tr("The wheel enlarges the picture, dragging moves it, a double click shows all of it; so do +, -, the "
                "arrows and 0. Ctrl+C copies the figure, Ctrl+Shift+S saves it."));
}

void ZoomFigure::setMap(std::shared_ptr<const figures::MapFigure> figure, int tiles) {
  map_ = figure;
  tiles_ = tiles;
  drawnTile_ = -1;
  setFigure(std::move(figure));
  unsetCursor();
}

void ZoomFigure::setTile(int tile) {
  tile_ = tile;
  update();
}

void ZoomFigure::setPlace(const ZoomPlace& place) {
  place_ = within(place);
  update();
}

void ZoomFigure::ask(ZoomPlace place) {
  place = within(place);
  if (map_ && place != place_) {
    setPlace(place);
    Q_EMIT moved(place_);
  }
}

const QImage& ZoomFigure::pixels() const {
  const figures::Theme theme = widgets::themeOf(palette());
  const int tile = std::clamp(tile_, 0, std::max(0, tiles_ - 1));
  if (drawnTile_ != tile || drawnTheme_ != theme) {
    const QRectF all(0, 0, map_->naturalWidth(), map_->heightFor(map_->naturalWidth()));
    const QRectF part = map_->places(all).at(std::size_t(tile));
    const double scale = kPixels / std::max({part.width(), part.height(), 1.0});
    pixels_ = QImage(int(std::ceil(part.width() * scale)), int(std::ceil(part.height() * scale)), QImage::Format_RGB32);
    QPainter painter(&pixels_);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    painter.scale(scale, scale);
    painter.translate(-part.topLeft());
    map_->draw(painter, all, theme);
    drawnTile_ = tile;
    drawnTheme_ = theme;
  }
  return pixels_;
}

QRectF ZoomFigure::fitted() const {
  const QSizeF size = QSizeF(pixels().size()).scaled(QSizeF(this->size()) - QSizeF(4, 4), Qt::KeepAspectRatio);
  return {QPointF((width() - size.width()) / 2.0, (height() - size.height()) / 2.0), size};
}

QRectF ZoomFigure::pictureRect() const {
  if (!map_) {
    return {};
  }
  const QRectF fit = fitted();
  const QSizeF size = fit.size() * place_.scale;
  return {fit.center() - QPointF(place_.centre.x() * size.width(), place_.centre.y() * size.height()), size};
}

void ZoomFigure::paintEvent(QPaintEvent* event) {
  if (!map_) {
    FigureView::paintEvent(event);
    return;
  }
  QPainter painter(this);
  const figures::Theme theme = widgets::themeOf(palette());
  painter.fillRect(rect(), figures::palette(theme).background);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  const QRectF picture = pictureRect();
  const QRectF seen = picture.intersected(fitted());
  const double scale = pixels().width() / picture.width();
  painter.drawImage(seen, pixels(), QRectF((seen.topLeft() - picture.topLeft()) * scale, seen.size() * scale));
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(widgets::colours(theme).accent, 2));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
}

void ZoomFigure::zoom(double times, const QPointF& around) {
  const QRectF picture = pictureRect();
  if (picture.isEmpty()) {
    return;
  }
  // What is under the pointer stays there.
  const QPointF point((around.x() - picture.left()) / picture.width(), (around.y() - picture.top()) / picture.height());
  ZoomPlace place = place_;
  place.scale = std::clamp(place_.scale * times, 1.0, kMostZoom);
  const double held = place_.scale / place.scale;
  place.centre = point + (place_.centre - point) * held;
  ask(place);
}

void ZoomFigure::wheelEvent(QWheelEvent* event) {
  if (!map_) {
    event->ignore();
    return;
  }
  zoom(std::pow(kStep, event->angleDelta().y() / kWheelNotch), event->position());
  event->accept();
}

void ZoomFigure::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton && map_) {
    grabbed_ = event->position();
    setCursor(Qt::ClosedHandCursor);
    event->accept();
  } else {
    FigureView::mousePressEvent(event);
  }
}

void ZoomFigure::mouseMoveEvent(QMouseEvent* event) {
  if (map_ && (event->buttons() & Qt::LeftButton)) {
    const QRectF picture = pictureRect();
    const QPointF by = event->position() - grabbed_;
    grabbed_ = event->position();
    ask({place_.scale, place_.centre - QPointF(by.x() / picture.width(), by.y() / picture.height())});
  }
}

void ZoomFigure::mouseReleaseEvent(QMouseEvent* event) {
  unsetCursor();
  FigureView::mouseReleaseEvent(event);
}

void ZoomFigure::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) {
    ask({});
    event->accept();
  }
}

void ZoomFigure::keyPressEvent(QKeyEvent* event) {
  const QPointF middle = map_ ? fitted().center() : QPointF();
  const double step = kArrow / place_.scale;
  ZoomPlace place = place_;
  switch (event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier) ? 0 : event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(kStep, middle);
    case Qt::Key_Minus:
      return zoom(1.0 / kStep, middle);
    case Qt::Key_0:
      return ask({});
    case Qt::Key_Left:
      place.centre.rx() -= step;
      return ask(place);
    case Qt::Key_Right:
      place.centre.rx() += step;
      return ask(place);
    case Qt::Key_Up:
      place.centre.ry() -= step;
      return ask(place);
    case Qt::Key_Down:
      place.centre.ry() += step;
      return ask(place);
    default:
      FigureView::keyPressEvent(event);
  }
}

}  // namespace lix::app
