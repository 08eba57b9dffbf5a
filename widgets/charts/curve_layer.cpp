#include "charts/curve_layer.h"

#include <QChart>
#include <QCursor>
#include <QGraphicsSceneHoverEvent>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <QValueAxis>
#include <algorithm>
#include <cmath>

namespace lix::widgets {
namespace {

constexpr double kAbove = 5.0;   // the grid
constexpr double kReach = 8.0;   // pixels from a dot's middle that still mean it
constexpr double kRing = 7.5;    // radius
constexpr double kBeyond = 9.0;  // of the plot's edge that a dot and its ring reach

}  // namespace

CurveLayer::CurveLayer(QChart& chart, const QValueAxis& x, const QValueAxis& y)
    : QGraphicsObject(&chart), chart_(chart), x_(x), y_(y) {
  setZValue(kAbove);
  setAcceptedMouseButtons(Qt::LeftButton);
  setAcceptHoverEvents(true);
  connect(&chart, &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
  for (const QValueAxis* axis : {&x, &y}) {
    connect(axis, &QValueAxis::rangeChanged, this, [this] { update(); });
  }
}

void CurveLayer::setPanel(figures::CurvesPanel panel, figures::Styles styles, figures::Theme theme, double zero) {
  panel_ = std::move(panel);
  styles_ = std::move(styles);
  theme_ = theme;
  zero_ = zero;
  current_.reset();
  hover({});
  update();
}

std::vector<figures::CurveDot> CurveLayer::dots() const { return figures::dotsOf(place(), panel_); }

void CurveLayer::setCurrent(std::optional<Point> current) {
  current_ = current;
  update();
}

figures::CurvesFigure::PanelPlace CurveLayer::place() const {
  const QRectF plot = chart_.plotArea();
  return {.cell = plot,
          .plot = plot,
          .uLow = x_.min(),
          .uHigh = x_.max(),
          .uZero = zero_,
          .yLow = y_.min() / 100.0,
          .yHigh = y_.max() / 100.0};
}

QRectF CurveLayer::boundingRect() const {
  return chart_.plotArea().adjusted(-kBeyond, -kBeyond, kBeyond, kBeyond);
}

void CurveLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  painter->setRenderHint(QPainter::Antialiasing);
  figures::drawCurves(*painter, place(), panel_, styles_, theme_);
  nameReferences(*painter);
  if (!current_) {
    return;
  }
  for (const figures::CurveDot& dot : dots()) {
    if (Point{dot.series, dot.point} == *current_) {
      painter->setBrush(Qt::NoBrush);
      painter->setPen(figures::penOf(figures::palette(theme_).ink, 1.6));
      painter->drawEllipse(dot.at, kRing, kRing);
    }
  }
}

void CurveLayer::nameReferences(QPainter& painter) const {
  const QRectF plot = chart_.plotArea();
  const figures::CurvesFigure::PanelPlace where = place();
  const QFont font = figures::font(figures::TextRole::Tick);
  const QFontMetricsF metrics(font);
  QColor behind = figures::palette(theme_).background;
  behind.setAlphaF(0.75F);
  painter.setFont(font);
  std::vector<QRectF> taken;
  for (const figures::ReferenceLine& line : panel_.references) {
    const QString text = metrics.elidedText(figures::cleaned(line.label), Qt::ElideRight, plot.width() / 2.0);
    QRectF at(0, where.at(1, line.y).y() - metrics.height() - 1, metrics.horizontalAdvance(text) + 4, metrics.height());
    for (const double left : {plot.right() - at.width(), plot.left() + 4.0}) {
      at.moveLeft(left);
      if (std::ranges::none_of(taken, [&at](const QRectF& other) { return other.intersects(at); })) {
        painter.fillRect(at, behind);
        painter.setPen(figures::palette(theme_).muted);
        painter.drawText(at, Qt::AlignCenter, text);
        taken.push_back(at);
        break;
      }
    }
  }
}

std::optional<CurveLayer::Point> CurveLayer::near(const QPointF& at) const {
  std::optional<Point> nearest;
  double least = kReach;
  for (const figures::CurveDot& dot : dots()) {
    const double distance = std::hypot(dot.at.x() - at.x(), dot.at.y() - at.y());
    if (distance <= least) {  // of equal ones the last, which lies above
      least = distance;
      nearest = {dot.series, dot.point};
    }
  }
  return nearest;
}

void CurveLayer::hover(std::optional<Point> point) {
  if (point == hovered_) {
    return;
  }
  hovered_ = point;
  point ? setCursor(Qt::PointingHandCursor) : unsetCursor();
  Q_EMIT pointHovered(point ? point->series : -1, point ? point->point : -1, point.has_value());
}

void CurveLayer::hoverMoveEvent(QGraphicsSceneHoverEvent* event) { hover(near(event->pos())); }

void CurveLayer::hoverLeaveEvent(QGraphicsSceneHoverEvent*) { hover({}); }

void CurveLayer::mousePressEvent(QGraphicsSceneMouseEvent* event) { event->setAccepted(near(event->pos()).has_value()); }

void CurveLayer::mouseReleaseEvent(QGraphicsSceneMouseEvent* event) {
  const auto pressed = near(event->buttonDownPos(Qt::LeftButton)), released = near(event->pos());
  if (pressed && pressed == released) {
    Q_EMIT pointClicked(released->series, released->point);
  }
}

}  // namespace lix::widgets
