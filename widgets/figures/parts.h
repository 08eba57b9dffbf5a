#pragma once
#include <QImage>
#include <QPainter>
#include <QRectF>
#include <functional>
#include <utility>
#include <vector>

#include "figures/figure.h"
#include "figures/text_block.h"
#include "imaging/image.h"

namespace lix::figures {

// What several figures share. None of it clips: Qt's SVG writer knows no clip regions.

inline constexpr double kMargin = 16.0;

/// Height of a figure at `width` beside its body.
double headingsHeight(const Headings& headings, double width);
/// What the headings leave of `rect`; draws background and headings where a painter is given.
QRectF placeHeadings(const Headings& headings, const QRectF& rect, QPainter* painter, Theme theme);

enum class Marker { Circle, Square, Triangle, Diamond, Down };
inline constexpr int kMarkerCount = 5;
enum class Dash { Solid, Dashed, Dotted, DashDotted };
inline constexpr int kDashCount = 4;

struct SeriesStyle {
  QColor colour;
  Dash dash = Dash::Solid;
  Marker marker = Marker::Circle;
};

QPen penOf(const QColor& colour, double width, Dash dash = Dash::Solid);
void drawMarker(QPainter& painter, const QPointF& at, Marker marker, double size, const QPen& pen, const QBrush& fill);

enum class Swatch { LineAndMarker, Line, Hollow, Dot, Box, Frame };

struct LegendEntry {
  QString text;
  SeriesStyle style;
  Swatch swatch = Swatch::Line;
};

inline constexpr double kSwatchWidth = 30.0;  ///< of lines; boxes are narrower in a legend
void drawSwatch(QPainter& painter, const QPointF& leftMiddle, const LegendEntry& entry, Theme theme);

/// Entries in reading order over as many lines as they need; returns their height. Draws where a painter is given.
double placeLegend(const std::vector<LegendEntry>& entries, const QPointF& topLeft, double width, QPainter* painter,
                   Theme theme);
/// Width of the entries on one line.
double legendWidth(const std::vector<LegendEntry>& entries);

inline constexpr double kEndLabelHeight = 15.0;
/// Width of a column of entries beside a plot.
double endLabelsWidth(const std::vector<LegendEntry>& entries, double most);
/// Entries in a column, each as near to its wanted y (NaN: none, it goes last) as they fit without overlap.
void drawEndLabels(QPainter& painter, const QRectF& column, const std::vector<std::pair<LegendEntry, double>>& entries,
                   Theme theme);

/// Middles of boxes of one height, in order of their wanted middles, moved apart and kept within [top, bottom] if they
/// fit.
std::vector<double> spread(const std::vector<double>& wanted, double height, double top, double bottom);

QImage toQImage(const imaging::Image& image);
/// The picture as large as fits in the middle of `box`, a grey box with a cross for an empty one; returns where it
/// lies.
QRectF drawPicture(QPainter& painter, const QRectF& box, const QImage& image, Theme theme);
/// Slanted lines over a rectangle.
void drawHatch(QPainter& painter, const QRectF& rect, const QColor& colour, double distance = 6.0);
/// Rows x columns of colours as one crisp picture.
void drawCells(QPainter& painter, const QRectF& rect, int rows, int columns,
               const std::function<QColor(int row, int column)>& colour);
/// A vertical colour bar from low (below) to high, numbers to its right, a short title above.
void drawColourBar(QPainter& painter, const QRectF& rect, double low, double high, const QString& title,
                   const std::function<QColor(double value)>& colour, Theme theme);
inline constexpr double kColourBarWidth = 58.0;

/// A caption to be read above or below a drawing, where an empty one would look like a fault.
std::string captionText(const std::string& caption);

/// Says in the middle of an empty plot that there is nothing to draw.
void drawNothing(QPainter& painter, const QRectF& plot, const QString& text, Theme theme);

/// How many columns of at least `least` width fit, at most `most`, such that rows are filled evenly.
int columnsFor(int count, double width, double least, double gap, int most);

}  // namespace lix::figures
