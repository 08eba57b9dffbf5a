#pragma once
#include <QGraphicsObject>
#include <optional>
#include <vector>

#include "figures/curves_draw.h"
#include "figures/theme.h"

class QChart;
class QValueAxis;

namespace lix::widgets {

/// Draws a panel's curves over a chart's plot as the saved figure draws them, in a fraction of the time that a Qt Charts
/// series for each band, line and dot would take: an item of the chart's scene that maps points by the chart's axes.
class CurveLayer : public QGraphicsObject {
  Q_OBJECT

 public:
  /// A point of the panel: its positions there.
  struct Point {
    int series = 0;
    int point = 0;
    bool operator==(const Point&) const = default;
  };

  /// x is log2 of the shots, y accuracy in percent.
  CurveLayer(QChart& chart, const QValueAxis& x, const QValueAxis& y);
  /// `zero`: where zero shots stand on the x axis.
  void setPanel(figures::CurvesPanel panel, figures::Styles styles, figures::Theme theme, double zero);
  const figures::CurvesPanel& panel() const { return panel_; }
  /// Dots in this item's coordinates, which are the chart's.
  std::vector<figures::CurveDot> dots() const;
  /// A ring around a point that the keys have come to.
  void setCurrent(std::optional<Point> current);

  QRectF boundingRect() const override;
  void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

 Q_SIGNALS:
  void pointClicked(int series, int point);
  /// The pointer came to a dot, or left it where there is none.
  void pointHovered(int series, int point, bool entered);

 protected:
  void hoverMoveEvent(QGraphicsSceneHoverEvent* event) override;
  void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;
  void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
  void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;

 private:
  figures::CurvesFigure::PanelPlace place() const;
  void nameReferences(QPainter& painter) const;
  std::optional<Point> near(const QPointF& at) const;
  void hover(std::optional<Point> point);

  QChart& chart_;
  const QValueAxis &x_, &y_;
  figures::CurvesPanel panel_;
  figures::Styles styles_;
  figures::Theme theme_ = figures::Theme::Light;
  double zero_ = 0.0;
  std::optional<Point> current_, hovered_;
};

}  // namespace lix::widgets
