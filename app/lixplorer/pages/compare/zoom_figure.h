#pragma once
#include <QImage>
#include <QPointF>
#include <memory>

#include "figure_view/figure_view.h"
#include "figures/map_figure.h"
#include "figures/theme.h"

namespace lix::app {

/// How a picture is looked at: so many times larger than its place, around a point of it (0..1 across and down).
struct ZoomPlace {
  double scale = 1.0;
  QPointF centre{0.5, 0.5};
  bool operator==(const ZoomPlace&) const = default;
};
inline constexpr double kMostZoom = 16.0;

/// Between 1 and kMostZoom times, and so that the picture fills its place.
ZoomPlace within(ZoomPlace place);

/// One tile of a map figure as large as there is room: the wheel enlarges it around the pointer, a drag moves it, a
/// double click shows all of it; plus, minus, 0 and the arrows do the same. The whole figure is what is copied and saved.
class ZoomFigure : public widgets::FigureView {
  Q_OBJECT

 public:
  explicit ZoomFigure(QWidget* parent = nullptr);

  void setMap(std::shared_ptr<const figures::MapFigure> figure, int tiles);
  /// 0: the picture; 1, 2, ...: its maps, the last one where there are fewer.
  void setTile(int tile);
  int tile() const { return tile_; }
  const ZoomPlace& place() const { return place_; }
  void setPlace(const ZoomPlace& place);
  /// Where all of the tile lies, in part outside the widget where it is enlarged; null without one.
  QRectF pictureRect() const;

  bool hasHeightForWidth() const override { return false; }
  QSize sizeHint() const override { return {260, 260}; }
  QSize minimumSizeHint() const override { return {96, 80}; }

 Q_SIGNALS:
  /// By a person.
  void moved(const lix::app::ZoomPlace& place);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void ask(ZoomPlace place);
  void zoom(double times, const QPointF& around);
  QRectF fitted() const;
  const QImage& pixels() const;

  std::shared_ptr<const figures::MapFigure> map_;
  int tiles_ = 0, tile_ = 1;
  ZoomPlace place_;
  QPointF grabbed_;
  mutable QImage pixels_;
  mutable int drawnTile_ = -1;
  mutable figures::Theme drawnTheme_ = figures::Theme::Light;
};

}  // namespace lix::app
