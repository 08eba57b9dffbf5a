#include "charts/series_layer.h"

#include <QChart>
#include <QPainter>
#include <QValueAxis>
#include <cmath>

namespace lix::widgets {
namespace {

constexpr double kAbove = 5.0;   // the grid and Qt Charts' own series
constexpr double kNoisy = 15.0;  // plot's heights that a line travels: it fills an area then, and smooth edges cost most

double travelOf(const QPolygonF& line) {
  double sum = 0.0;
  for (qsizetype i = 1; i < line.size(); ++i) {
    sum += std::abs(line[i].y() - line[i - 1].y());
  }
  return sum;
}

}  // namespace

SeriesLayer::SeriesLayer(QChart& chart, const QValueAxis& x, const QValueAxis& y)
    : QGraphicsObject(&chart), chart_(chart), x_(x), y_(y) {
  setZValue(kAbove);
  setAcceptedMouseButtons(Qt::NoButton);
  connect(&chart, &QChart::plotAreaChanged, this, [this] { prepareGeometryChange(); });
  for (const QValueAxis* axis : {&x, &y}) {
    connect(axis, &QValueAxis::rangeChanged, this, [this] { update(); });
  }
}

void SeriesLayer::setLines(std::vector<Line> lines) {
  if (lines.empty() && lines_.empty()) {
    return;
  }
  lines_ = std::move(lines);
  update();
}

QRectF SeriesLayer::boundingRect() const { return chart_.plotArea(); }

void SeriesLayer::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
  const QRectF plot = chart_.plotArea();
  const double width = x_.max() - x_.min(), height = y_.max() - y_.min();
  if (lines_.empty() || !(width > 0.0) || !(height > 0.0)) {
    return;
  }
  painter->setClipRect(plot);
  const double perX = plot.width() / width, perY = plot.height() / height;
  for (const Line& line : lines_) {
    painter->setPen(line.pen);
    const auto flush = [&] {
      if (line.area.style() != Qt::NoBrush) {
        painter->setBrush(line.area);
        painter->drawPolygon(mapped_);
        painter->setBrush(Qt::NoBrush);
        mapped_.clear();
        return;
      }
      painter->setRenderHint(QPainter::Antialiasing, travelOf(mapped_) < kNoisy * plot.height());
      mapped_.size() == 1 ? painter->drawPoint(mapped_.front()) : painter->drawPolyline(mapped_);
      mapped_.clear();
    };
    mapped_.clear();
    for (const QPointF& point : line.points) {
      if (std::isnan(point.y())) {
        flush();
      } else {
        mapped_.append({plot.left() + (point.x() - x_.min()) * perX, plot.bottom() - (point.y() - y_.min()) * perY});
      }
    }
    flush();
  }
}

}  // namespace lix::widgets
