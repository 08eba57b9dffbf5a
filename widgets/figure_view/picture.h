#pragma once
#include <QPixmap>
#include <QRect>
#include <map>

#include "figure_view/figure_view.h"

class QPainter;

namespace lix::widgets {

/// The drawing of a figure kept as pixels, so that scrolling only copies them: the whole of it, or of a very tall one a
/// band around what is shown.
class FigureView::Picture {
 public:
  /// The figure is another one: nothing kept is right any more.
  void forget();
  /// Height in whole pixels that shows the figure at a width.
  int heightFor(const figures::Figure& figure, int width);
  /// Draws the part `shown` of the figure that fills (0, 0, size), in logical pixels.
  void paint(QPainter& painter, const figures::Figure& figure, QSize size, const QRect& shown, figures::Theme theme);

 private:
  bool holds(QSize size, double scale, figures::Theme theme, const QRect& shown) const;
  void draw(const figures::Figure& figure, QSize size, double scale, figures::Theme theme, const QRect& band);

  std::map<int, int> heights_;
  QPixmap pixels_;
  QRect band_;  ///< the part of the figure that pixels_ shows
  QSize size_;
  double scale_ = 0.0;
  figures::Theme theme_ = figures::Theme::Light;
};

}  // namespace lix::widgets
