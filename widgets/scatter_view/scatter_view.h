#pragma once
#include <QImage>
#include <QPolygonF>
#include <QWidget>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "figures/scatter_figure.h"
#include "scatter_view/point_index.h"

class QTimer;

namespace lix::widgets {

class FigureExport;

/// A scatter of up to millions of points to look into: the wheel zooms about the mouse, dragging moves, Shift and dragging
/// (or dragging as a lasso) takes points together; arrows step from point to point, + and - zoom, 0 shows all, Ctrl+A takes
/// what is in view. Copies and saves what is in view as FigureExport does.
class ScatterView : public QWidget {
  Q_OBJECT

 public:
  enum class Drag { Moves, Lassoes };

  explicit ScatterView(QWidget* parent = nullptr);
  ~ScatterView() override;

  /// Shows all of it; nothing is marked, chosen or current any more. An empty one shows the text.
  void setData(figures::ScatterData shown);
  void setEmptyText(const QString& text);
  const figures::ScatterFigure* figure() const { return figure_.get(); }
  /// Rings around points.
  void setMarked(std::vector<std::uint32_t> points);
  /// Groups and names of the same points anew: zoom and current point stay.
  void setGroups(std::shared_ptr<const std::vector<std::int8_t>> groups, std::vector<std::string> names,
                 std::string otherName);
  /// What is said of a point to assistive programs.
  void setDescription(std::function<QString(std::uint32_t)> describe) { describe_ = std::move(describe); }
  void setDrag(Drag drag);
  Drag drag() const { return drag_; }

  /// The point under the mouse, or the one that the arrow keys stand on.
  std::optional<std::uint32_t> current() const { return current_; }
  /// Where a point is drawn, in the widget's coordinates.
  QPointF placeOf(std::uint32_t point) const;
  /// What of the plane is seen.
  QRectF window() const;

 public Q_SLOTS:
  void showAll();
  void zoomIn() { zoom(1.5, places().plot.center()); }
  void zoomOut() { zoom(1 / 1.5, places().plot.center()); }
  /// Takes every point in view (Ctrl+A).
  void takeView();

 Q_SIGNALS:
  void currentChanged();
  /// A lasso was closed, what is in view was taken, or points were clicked or chosen by Return.
  void chosen(const std::vector<std::uint32_t>& points);
  void dragChanged();
  void failed(const QString& sentence);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  QSize sizeHint() const override { return {480, 360}; }
  QSize minimumSizeHint() const override { return {200, 160}; }

 private:
  enum class Rest { Drawn, Coarse };
  figures::ScatterFigure::Places places() const { return figure_->places(rect()); }
  bool isEmpty() const { return !figure_ || figure_->data().size() == 0; }
  void zoom(double factor, const QPointF& about);
  void move(const QPointF& pixels);
  void setCurrent(std::optional<std::uint32_t> point);
  std::optional<std::uint32_t> pointAt(const QPointF& at) const;
  void step(const QPointF& way);
  void changed();
  void drawPoints(QPainter& painter);
  void drawOverlays(QPainter& painter) const;

  std::shared_ptr<figures::ScatterFigure> figure_;
  PointIndex index_;
  QString emptyText_;
  std::function<QString(std::uint32_t)> describe_;
  std::optional<std::uint32_t> current_;
  Drag drag_ = Drag::Moves;
  QPolygonF lasso_;  // in the widget's coordinates
  std::optional<QPointF> pressed_, last_;
  bool lassoing_ = false, moved_ = false;
  Rest rest_ = Rest::Drawn;
  QImage image_;     // the points, null when they have to be drawn anew
  QTimer* settle_;   // all points again, once nothing moves
  FigureExport* export_;
};

}  // namespace lix::widgets
