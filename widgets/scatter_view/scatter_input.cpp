// Mouse and keys of the scatter.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "scatter_view/scatter_view.h"

namespace lix::widgets {
namespace {

constexpr double kReach = 10.0;     // pixels from the mouse to a point
constexpr double kClick = 4.0;      // a drag that is shorter is a click
constexpr double kLassoStep = 2.0;  // pixels between its corners
constexpr double kMostZoom = 1e5, kLeastZoom = 0.2;  // of a window against all

}  // namespace

std::optional<std::uint32_t> ScatterView::pointAt(const QPointF& at) const {
  if (isEmpty()) {
    return {};
  }
  const auto where = places();
  if (!where.plot.adjusted(-kReach, -kReach, kReach, kReach).contains(at)) {
    return {};
  }
  return index_.nearest(where.planeAt(at), kReach * where.window.width() / where.plot.width());
}

void ScatterView::zoom(double factor, const QPointF& about) {
  if (isEmpty()) {
    return;
  }
  const auto where = places();
  const QRectF all = figures::ScatterFigure::boundsOf(figure_->data());
  const double wide = std::clamp(where.window.width() / factor, all.width() / kMostZoom,
                                 std::max(all.width(), all.height() * where.plot.width() / where.plot.height()) / kLeastZoom);
  const double by = wide / where.window.width();
  const QPointF fixed = where.planeAt(about);
  figure_->setWindow(QRectF(fixed.x() - (fixed.x() - where.window.left()) * by,
                            fixed.y() - (fixed.y() - where.window.top()) * by, wide, where.window.height() * by));
  changed();
}

void ScatterView::move(const QPointF& pixels) {
  const auto where = places();
  const double unit = where.window.width() / where.plot.width();
  figure_->setWindow(where.window.translated(-pixels.x() * unit, pixels.y() * unit));
  changed();
}

void ScatterView::wheelEvent(QWheelEvent* event) {
  const double turned = event->angleDelta().y() / 120.0;
  if (isEmpty() || turned == 0.0 || !places().plot.contains(event->position())) {
    event->ignore();
    return;
  }
  zoom(std::pow(1.25, turned), event->position());
  event->accept();
}

void ScatterView::mousePressEvent(QMouseEvent* event) {
  QWidget::mousePressEvent(event);
  if (isEmpty() || event->button() != Qt::LeftButton) {
    return;
  }
  event->accept();
  pressed_ = last_ = event->position();
  moved_ = false;
  lassoing_ = (drag_ == Drag::Lassoes) != event->modifiers().testFlag(Qt::ShiftModifier);
  lasso_.clear();
  if (lassoing_) {
    lasso_ << event->position();
  }
}

void ScatterView::mouseMoveEvent(QMouseEvent* event) {
  if (!pressed_) {
    setCurrent(pointAt(event->position()));
    setCursor(current_ ? Qt::PointingHandCursor : drag_ == Drag::Lassoes ? Qt::CrossCursor : Qt::OpenHandCursor);
    return;
  }
  const QPointF way = event->position() - *pressed_;
  moved_ = moved_ || std::hypot(way.x(), way.y()) > kClick;
  if (!moved_) {
    return;
  }
  if (lassoing_) {
    const QPointF step = event->position() - lasso_.back();
    if (std::hypot(step.x(), step.y()) >= kLassoStep) {
      lasso_ << event->position();
      update();
    }
  } else {
    setCursor(Qt::ClosedHandCursor);
    move(event->position() - *last_);
  }
  last_ = event->position();
}

void ScatterView::mouseReleaseEvent(QMouseEvent* event) {
  if (!pressed_ || event->button() != Qt::LeftButton) {
    return;
  }
  pressed_.reset();
  setCursor(Qt::ArrowCursor);
  if (!moved_) {
    lasso_.clear();
    setCurrent(pointAt(event->position()));
    update();
    if (current_) {
      Q_EMIT chosen({*current_});
    }
    return;
  }
  if (lassoing_) {
    const auto where = places();
    QPolygonF plane;
    for (const QPointF& corner : std::exchange(lasso_, {})) {
      plane << where.planeAt(corner);
    }
    update();
    Q_EMIT chosen(index_.within(plane));
  }
}

void ScatterView::leaveEvent(QEvent* event) {
  if (!pressed_ && !hasFocus()) {
    setCurrent({});
  }
  QWidget::leaveEvent(event);
}

void ScatterView::takeView() {
  if (!isEmpty()) {
    Q_EMIT chosen(index_.within(places().window));
  }
}

/// To the nearest point in a direction; at first to the one nearest to the middle.
void ScatterView::step(const QPointF& way) {
  const auto where = places();
  const auto& points = *figure_->data().points;
  const QPointF middle = where.window.center();
  const auto next = current_ ? index_.towards(QPointF(points[2 * *current_], points[2 * *current_ + 1]), way)
                             : index_.nearest(middle, std::hypot(where.window.width(), where.window.height()));
  if (!next) {
    return;
  }
  setCurrent(next);
  const QPointF at = placeOf(*next);
  if (!where.plot.contains(at)) {
    move(where.plot.center() - at);
  }
}

void ScatterView::keyPressEvent(QKeyEvent* event) {
  if (isEmpty()) {
    QWidget::keyPressEvent(event);
    return;
  }
  if (event->matches(QKeySequence::SelectAll)) {
    takeView();
    return;
  }
  const bool moves = event->modifiers().testFlag(Qt::ShiftModifier);
  const double far = places().plot.width() / 8;
  const auto arrow = [&](const QPointF& pixels, const QPointF& way) { moves ? move(-pixels * far) : step(way); };
  switch (event->key()) {
    case Qt::Key_Left: return arrow({-1, 0}, {-1, 0});
    case Qt::Key_Right: return arrow({1, 0}, {1, 0});
    case Qt::Key_Up: return arrow({0, -1}, {0, 1});
    case Qt::Key_Down: return arrow({0, 1}, {0, -1});
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoomIn();
    case Qt::Key_Minus: return zoomOut();
    case Qt::Key_0: return showAll();
    case Qt::Key_L: return setDrag(drag_ == Drag::Moves ? Drag::Lassoes : Drag::Moves);
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (current_) {
        Q_EMIT chosen({*current_});
      }
      return;
    case Qt::Key_Escape:
      if (!lasso_.isEmpty() || current_) {
        pressed_.reset();
        lasso_.clear();
        setCurrent({});
        update();
        return;
      }
      break;
    default: break;
  }
  QWidget::keyPressEvent(event);
}

}  // namespace lix::widgets
