#pragma once
#include <QColor>
#include <QPixmap>
#include <QRect>
#include <QString>

#include "image_grid/image_grid.h"

class QPainter;
class QPalette;

namespace lix::widgets {

/// What one cell of a grid shows.
struct Cell {
  QPixmap thumbnail;  ///< null while it is being made
  QString caption, detail, badge;
  GridFrame frame = GridFrame::None;
  double bar = -1.0, secondBar = -1.0;
  bool barRoom = false;    ///< other cells have bars: the caption stands where theirs do
  bool badgeRoom = false;  ///< the same for badges
  bool selected = false, current = false, hovered = false;
};

inline constexpr int kCellPadding = 6;

/// Height of a cell below its thumbnail.
int cellFoot(const QFont& font, const CellRoom& room);

/// Draws a cell of a grid whose thumbnails have that side.
void drawCell(QPainter& painter, const QRect& rect, int side, const Cell& cell, const QPalette& palette,
              const QFont& font);

/// What a grid without rows says: in the middle where there is room for all of it, else from its beginning.
void drawEmptyText(QPainter& painter, const QRect& rect, const QString& text, const QColor& colour);

}  // namespace lix::widgets
