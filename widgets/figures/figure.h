#pragma once
#include <QRectF>
#include <QSizeF>
#include <string>

#include "figures/theme.h"

class QPainter;

namespace lix::figures {

/// A drawing that is laid out anew for the room it gets and is drawn by the same code on a screen and into PNG, SVG and
/// PDF. Lengths are logical pixels of 1/96 inch. Needs a QGuiApplication (its fonts), from the thread that made it.
class Figure {
 public:
  virtual ~Figure() = default;
  virtual double naturalWidth() const = 0;
  /// The height that shows everything at this width.
  virtual double heightFor(double width) const = 0;
  /// Fills `rect` with the theme's background and draws into it.
  virtual void draw(QPainter& painter, const QRectF& rect, Theme theme) const = 0;
  /// The numbers that are shown, as CSV (RFC 4180) with a line of names first; "" where there are none. Numbers are as
  /// short as they can be read back, those that are missing or not finite are empty fields.
  virtual std::string table() const { return {}; }

  QSizeF sizeHint() const { return {naturalWidth(), heightFor(naturalWidth())}; }
};

/// What stands around every figure: above it the title and a line that says what is shown, below it the notes.
struct Headings {
  std::string title;
  std::string subtitle;
  std::string notes;
};

}  // namespace lix::figures
