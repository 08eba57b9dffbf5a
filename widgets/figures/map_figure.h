#pragma once
#include <string>
#include <vector>

#include "figures/figure.h"
#include "imaging/image.h"

class QImage;

namespace lix::figures {

/// Where in the picture a caption's weights come from.
struct CaptionMap {
  std::string caption;
  int rows = 0;
  int columns = 0;
  std::vector<float> values;  ///< [rows, columns]; NaN is drawn without colour
};

/// Colours that rise from the lowest to the highest number, or differences with zero in the middle of an even range.
enum class MapScale { Rising, Diverging };

struct MapData {
  Headings headings;  ///< notes say what the map combines
  imaging::Image picture;
  std::string scaleLabel = "attention";
  std::vector<CaptionMap> captions;
  MapScale scale = MapScale::Rising;
};

/// A picture beside the same picture in grey under each caption's map, all maps on one scale from the lowest to the
/// highest value, or of differences from minus to plus the largest.
class MapFigure : public Figure {
 public:
  explicit MapFigure(MapData data);

  double naturalWidth() const override;
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  std::string table() const override;

  /// The tiles: first the picture, then one a caption.
  std::vector<QRectF> places(const QRectF& rect) const;

 private:
  struct Grid;
  Grid grid(double bodyWidth) const;

  MapData data_;
  double low_ = 0.0;
  double high_ = 1.0;
};

/// A grid of values at [height, width] points of the area that its cells cover: Catmull-Rom between cell centres, held
/// at the borders and within the grid's range. Exact at the centres of cells. NaN where a neighbour is.
std::vector<float> upsampled(const std::vector<float>& values, int rows, int columns, int height, int width);

}  // namespace lix::figures
