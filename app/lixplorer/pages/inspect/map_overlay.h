#pragma once
#include <QImage>
#include <QWidget>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "figures/map_figure.h"
#include "imaging/image.h"

namespace lix::app {

/// A map as steps of a colour scale, at the patches or, smoothed, some points a patch (Catmull-Rom, as figures do).
struct MapShades {
  int rows = 0, columns = 0;
  std::vector<std::uint8_t> steps;  ///< [rows, columns], 0 lowest, 255 highest
};

/// One caption's map over its picture: opacity, patches or smooth, what the caption speaks of as an outline, and a cell
/// cursor that follows the mouse or the arrow keys. PageUp and PageDown ask for the caption before or after, plus and
/// minus for another opacity.
class MapOverlay : public QWidget {
  Q_OBJECT

 public:
  enum class Cells { Smooth, Patches };
  enum class Under { Colour, Grey };
  using Colours = std::array<QRgb, 256>;  ///< premultiplied by the opacity

  explicit MapOverlay(QWidget* parent = nullptr);

  /// The part of the picture that the model reads; null: the empty text is shown.
  void setPicture(const QImage& picture);
  /// Low and high are the ends of the colour scale. A map with a number that is not finite is not drawn.
  void setMap(const figures::CaptionMap& map, double low, double high,
              figures::MapScale scale = figures::MapScale::Rising);
  void clear();
  /// Over the same part of the picture; nothing: no outline.
  void setOutline(const std::optional<imaging::Mask>& mask);
  void setEmptyText(const QString& text);
  const QString& emptyText() const { return emptyText_; }
  void setOpacity(int percent);
  void setCells(Cells cells);
  void setUnder(Under under);

  bool isEmpty() const { return picture_.isNull(); }
  const figures::CaptionMap& map() const { return map_; }
  int opacity() const { return opacity_; }
  std::pair<double, double> ends() const { return {low_, high_}; }
  figures::MapScale scale() const { return scale_; }
  bool hasOutline() const { return !outline_.isEmpty(); }
  /// Where the picture is drawn.
  QRectF pictureRect() const;
  /// The patch under the mouse or the cursor: row and column.
  std::optional<std::pair<int, int>> cell() const { return cell_; }
  void setCell(std::optional<std::pair<int, int>> cell);
  /// "Row 3, column 4: 2.3 x an even share", "" without a cell.
  QString cellText() const;
  /// "2.3 x", "" without a cell.
  QString cellValue() const;
  /// What the widget draws, composed anew if anything has changed since.
  const QImage& composed();

  static MapShades shadesOf(const figures::CaptionMap& map, double low, double high, Cells cells);
  static Colours coloursOf(figures::Theme theme, int opacityPercent,
                           figures::MapScale scale = figures::MapScale::Rising);
  /// Mixes base (RGB32) and map into `target` (RGB32, of the same size): 1024 x 1024 in some 2 ms.
  static void render(QImage& target, const QImage& base, const MapShades& shades, const Colours& colours, Cells cells,
                     int opacityPercent);
  /// The edges of a mask, in its pixels; straight runs are one line.
  static std::vector<QLineF> edgesOf(const imaging::Mask& mask);

  QSize sizeHint() const override { return {360, 360}; }
  QSize minimumSizeHint() const override { return {140, 110}; }

 Q_SIGNALS:
  void cellChanged();
  void captionStepAsked(int by);
  void opacityAsked(int percent);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void drawScale(QPainter& painter) const;
  void drawOutline(QPainter& painter) const;
  void stale();

  QImage picture_, base_, composed_;
  figures::CaptionMap map_;
  double low_ = 0.0, high_ = 1.0;
  figures::MapScale scale_ = figures::MapScale::Rising;
  MapShades shades_;
  QVector<QLineF> outline_;  // in shares of the picture
  QString emptyText_;
  int opacity_ = 65;
  Cells cells_ = Cells::Smooth;
  Under under_ = Under::Grey;
  std::optional<std::pair<int, int>> cell_;
};

}  // namespace lix::app
