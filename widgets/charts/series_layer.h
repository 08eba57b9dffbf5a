#pragma once
#include <QBrush>
#include <QGraphicsObject>
#include <QPen>
#include <QPolygonF>
#include <vector>

class QChart;
class QValueAxis;

namespace lix::widgets {

/// Draws long lines over a chart's plot, where Qt Charts' own series would take a frame or more: an item of the chart's
/// scene, above its grid and below its title, that maps samples by the chart's axes and paints polylines. The chart keeps
/// axes, zoom and clicks.
class SeriesLayer : public QGraphicsObject {
  Q_OBJECT

 public:
  /// Points in the axes' coordinates; one whose y is not a number breaks the line. With a brush they are an area's outline.
  struct Line {
    std::vector<QPointF> points;
    QPen pen;
    QBrush area = Qt::NoBrush;
  };

  SeriesLayer(QChart& chart, const QValueAxis& x, const QValueAxis& y);
  void setLines(std::vector<Line> lines);
  const std::vector<Line>& lines() const { return lines_; }

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  QChart& chart_;
  const QValueAxis &x_, &y_;
  std::vector<Line> lines_;
  QPolygonF mapped_;  // kept between frames for its memory
};

}  // namespace lix::widgets
