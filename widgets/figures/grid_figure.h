#pragma once
#include <string>
#include <vector>

#include "figures/figure.h"
#include "imaging/image.h"

namespace lix::figures {

enum class Verdict { None, Right, Wrong };

struct GridItem {
  imaging::Image picture;
  std::string caption;  ///< what it is
  std::string label;    ///< what was said of it, "" for nothing
  Verdict verdict = Verdict::None;
};

struct GridData {
  Headings headings;
  std::vector<GridItem> items;
  double thumbnail = 96.0;  ///< wanted side
};

/// Pictures in rows with captions; right and wrong predictions differ in the frame's colour and in a tick or cross.
class GridFigure : public Figure {
 public:
  explicit GridFigure(GridData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  /// Where the pictures (with their frames) lie.
  std::vector<QRectF> places(const QRectF& rect) const;

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;

  GridData data_;
};

}  // namespace lix::figures
