#pragma once
#include <QScrollArea>
#include <cmath>
#include <functional>
#include <memory>

#include "figures/figure.h"

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// A figure laid out for one room, and as it is for any other (copied, saved): `shown` at `scale` fills width x height.
class FittedFigure : public figures::Figure {
 public:
  using FigurePtr = std::shared_ptr<const figures::Figure>;
  FittedFigure(FigurePtr whole, FigurePtr shown, QSizeF room, double scale = 1.0)
      : whole_(std::move(whole)), shown_(std::move(shown)), room_(room), scale_(scale) {}

  double naturalWidth() const override { return whole_->naturalWidth(); }
  double heightFor(double width) const override { return fits(width) ? room_.height() : whole_->heightFor(width); }
  void draw(QPainter& painter, const QRectF& rect, figures::Theme theme) const override;
  std::string table() const override { return whole_->table(); }

 private:
  bool fits(double width) const { return std::abs(width - room_.width()) < 0.5; }

  FigurePtr whole_, shown_;
  QSizeF room_;
  double scale_;
};

/// The figure in exactly this room where that is at least `least` tall, else that tall: for figures that stretch.
std::shared_ptr<const figures::Figure> stretched(std::shared_ptr<const figures::Figure> figure, QSizeF room, double least);

/// A figure in all of the room of a panel: it is made anew for every size, and scrolled where it cannot be that small.
class FitArea : public QScrollArea {
  Q_OBJECT

 public:
  /// The figure for a room; it may be taller.
  using Make = std::function<std::shared_ptr<const figures::Figure>(QSizeF room)>;

  explicit FitArea(widgets::FigureView* view, QWidget* parent = nullptr);

  /// Null: the view's empty text.
  void setMake(Make make);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void fit();

  widgets::FigureView* view_;
  Make make_;
};

}  // namespace lix::app
