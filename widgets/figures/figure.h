#pragma once
#include <QRectF>
#include <QSizeF>
#include <string>
#include <vector>

#include "figures/theme.h"

class QPainter;

namespace lix::figures {

/// What a dot, bar or cell of a figure was made from, by keys of whoever made the figure.
struct Source {
  std::string name;  ///< as the figure calls it
  std::vector<long long> keys;
};

/// A drawing that is laid out anew for the room it gets and is drawn by the same code on a screen and into PNG, SVG and
/// PDF. Lengths are logical pixels of 1/96 inch. Needs a QGuiApplication (its fonts), from the thread that made it.
class Figure {
 public:
  virtual ~Figure() = default;
  virtual double naturalWidth() const = 0;
  /// The height that shows everything at this width.
  virtual double heightFor(double width) const = 0;
  /// The height up to which it grows where there is more room than it needs; 0 where more room would not show more.
  virtual double mostHeight(double /*width*/) const { return 0.0; }
  /// Fills `rect` with the theme's background and draws into it.
  virtual void draw(QPainter& painter, const QRectF& rect, Theme theme) const = 0;
  /// The numbers that are shown, as CSV (RFC 4180) with a line of names first; "" where there are none. Numbers are as
  /// short as they can be read back, those that are missing or not finite are empty fields.
  virtual std::string table() const { return {}; }
  /// What can be asked about: the parts that have keys, in the figure's order. Needs no fonts.
  virtual std::vector<Source> sources() const { return {}; }
  /// Where each of them is drawn when the figure is drawn into `rect`.
  virtual std::vector<QRectF> sourcePlaces(const QRectF& rect) const { return (void)rect, std::vector<QRectF>(); }

  QSizeF sizeHint() const { return {naturalWidth(), heightFor(naturalWidth())}; }
};

/// What stands around every figure: above it the title and a line that says what is shown, below it the notes.
struct Headings {
  std::string title;
  std::string subtitle;
  std::string notes;
};

}  // namespace lix::figures
