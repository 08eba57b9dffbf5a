#pragma once
#include <QImage>
#include <QRectF>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "figures/axis.h"
#include "figures/figure.h"

namespace lix::figures {

/// Many points in a plane whose both axes have one unit, such as a projection. Points and groups are shared, not copied.
struct ScatterData {
  Headings headings;
  std::string xLabel, yLabel;
  std::shared_ptr<const std::vector<float>> points;        ///< [N, 2]; what is not finite is left out
  std::shared_ptr<const std::vector<std::int8_t>> groups;  ///< [N], -1: none of the named ones; null: all are so
  std::vector<std::string> names;                          ///< of groups 0, 1, ...: each has a colour
  std::string otherName;                                   ///< of group -1 in the legend, "": not in it
  std::vector<std::uint32_t> marked;                       ///< points with a ring around them
  std::optional<QRectF> window;                            ///< what of the plane is shown at least; all of it without
  std::function<std::string(std::size_t)> name;            ///< of a point, for the table; may be empty

  std::size_t size() const { return points ? points->size() / 2 : 0; }
};

/// Points coloured by group. In files up to kMostDots of them are dots of their own; more are one picture whose pixels
/// are the more opaque the more points lie there, in the mean of their colours, so that none hides another.
class ScatterFigure : public Figure {
 public:
  static constexpr std::size_t kMostDots = 20'000;

  explicit ScatterFigure(ScatterData data);

  double naturalWidth() const override { return 760.0; }
  double heightFor(double width) const override;
  void draw(QPainter& painter, const QRectF& rect, Theme theme) const override;
  /// x, y, group, marked and name of every point.
  std::string table() const override;

  const ScatterData& data() const { return data_; }
  void setWindow(std::optional<QRectF> window) { data_.window = std::move(window); }
  void setMarked(std::vector<std::uint32_t> marked) { data_.marked = std::move(marked); }
  /// The smallest rectangle with all finite points and a little air.
  static QRectF boundsOf(const ScatterData& data);

  struct Places {
    QRectF plot;
    QRectF window;  ///< of the plane, y upwards: its top() is the lowest y. As wide for its height as the plot is.
    Axis x, y;
    QPointF at(double x, double y) const;      ///< in the plot
    QPointF planeAt(const QPointF& at) const;  ///< and back
  };
  Places places(const QRectF& rect) const;

  /// Headings, legend, axes and background without the points.
  void drawAround(QPainter& painter, const QRectF& rect, Theme theme) const;
  /// Rings around the marked points that lie in the plot, at most some thousands.
  void drawMarks(QPainter& painter, const Places& places, Theme theme) const;
  /// Every `stride`-th point over a transparent ground of `pixels`, `scale` of them a logical one.
  QImage pointsImage(const QRectF& window, const QSize& pixels, double scale, Theme theme, std::size_t stride = 1) const;

 private:
  QRectF fitted(const QRectF& plot) const;
  double legend(double width, QPainter* painter, const QPointF& at, Theme theme) const;
  bool isIn(std::size_t point, const QRectF& window) const;

  ScatterData data_;
  QRectF bounds_;
};

}  // namespace lix::figures
