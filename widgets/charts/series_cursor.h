#pragma once
#include <QColor>
#include <QGraphicsObject>
#include <QPointF>
#include <QString>
#include <vector>

#include "figures/theme.h"

class QChart;
class QValueAxis;

namespace lix::widgets {

/// The values of a chart's lines at one step: a line across the plot, a dot on each, and a box that names them, at the
/// side where there is room. An item of the chart's scene above all lines, mapped by the chart's axes; hidden until read.
class SeriesCursor : public QGraphicsObject {
  Q_OBJECT

 public:
  /// `at` in the axes' coordinates; its y is not a number where the line has no dot.
  struct Reading {
    QString name, value;
    QColor colour;
    QPointF at;
  };

  SeriesCursor(QChart& chart, const QValueAxis& x, const QValueAxis& y);
  void read(double step, const QString& heading, std::vector<Reading> readings, figures::Theme theme);

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 private:
  void paintBox(QPainter& painter, double x) const;

  QChart& chart_;
  const QValueAxis &x_, &y_;
  double step_ = 0.0;
  figures::Theme theme_ = figures::Theme::Light;
  QString heading_;
  std::vector<Reading> readings_;
};

}  // namespace lix::widgets
