#include "figures/grid_figure.h"

#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kGap = 14.0;
constexpr int kLines = 2;

}  // namespace

struct GridFigure::Grid {
  int columns = 1;
  int rows = 1;
  double side = 1.0;
  double textHeight = 0.0;
};

GridFigure::GridFigure(GridData data) : data_(std::move(data)) {
  data_.thumbnail = std::clamp(data_.thumbnail, 32.0, 512.0);
}

GridFigure::Grid GridFigure::grid(double bodyWidth) const {
  Grid grid;
  grid.columns = std::max(1, int(std::floor((bodyWidth + kGap) / (data_.thumbnail + kGap))));
  const int count = int(data_.items.size());
  grid.rows = (count + grid.columns - 1) / grid.columns;
  grid.side = std::min((bodyWidth - (grid.columns - 1) * kGap) / grid.columns, 1.3 * data_.thumbnail);
  for (const GridItem& item : data_.items) {
    const double height = TextBlock(item.caption, font(TextRole::Label), grid.side, kLines).height() +
                          TextBlock(item.label, font(TextRole::Small), grid.side, kLines).height();
    grid.textHeight = std::max(grid.textHeight, height);
  }
  return grid;
}

double GridFigure::naturalWidth() const {
  const double columns =
      std::clamp(double(data_.items.size()), 4.0, std::max(std::floor(720.0 / data_.thumbnail), 1.0) + 4);
  return 2 * kMargin + std::min(columns * (data_.thumbnail + kGap) - kGap, 748.0);
}

double GridFigure::heightFor(double width) const {
  const Grid part = grid(width - 2 * kMargin);
  return headingsHeight(data_.headings, width) +
         std::max(part.rows * (part.side + 5 + part.textHeight) + (part.rows - 1) * kGap, 60.0);
}

std::vector<QRectF> GridFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Grid part = grid(body.width());
  std::vector<QRectF> tiles;
  for (int i = 0; i < int(data_.items.size()); ++i) {
    tiles.emplace_back(body.left() + (i % part.columns) * (part.side + kGap),
                       body.top() + (i / part.columns) * (part.side + 5 + part.textHeight + kGap), part.side,
                       part.side);
  }
  return tiles;
}

namespace {

void drawVerdict(QPainter& painter, const QRectF& tile, Verdict verdict, Theme theme) {
  const QColor colour = verdict == Verdict::Right ? palette(theme).right : palette(theme).wrong;
  painter.setBrush(Qt::NoBrush);
  painter.setPen(penOf(colour, 3.0));
  painter.drawRect(tile.adjusted(1.5, 1.5, -1.5, -1.5));
  const QPointF middle(tile.right() - 11, tile.top() + 11);
  painter.setPen(Qt::NoPen);
  painter.setBrush(colour);
  painter.drawEllipse(middle, 8, 8);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(penOf(palette(theme).background, 2.0));
  if (verdict == Verdict::Right) {
    painter.drawPolyline(QPolygonF{middle + QPointF(-3.5, 0), middle + QPointF(-1, 3), middle + QPointF(3.8, -3)});
  } else {
    painter.drawLine(middle + QPointF(-3, -3), middle + QPointF(3, 3));
    painter.drawLine(middle + QPointF(-3, 3), middle + QPointF(3, -3));
  }
}

}  // namespace

void GridFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const auto tiles = places(rect);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const GridItem& item = data_.items[i];
    const QRectF& tile = tiles[i];
    const double frame = item.verdict == Verdict::None ? 0.0 : 4.5;
    drawPicture(painter, tile.adjusted(frame, frame, -frame, -frame), toQImage(item.picture), theme);
    if (item.verdict != Verdict::None) {
      drawVerdict(painter, tile, item.verdict, theme);
    }
    const TextBlock caption(item.caption, font(TextRole::Label), tile.width(), kLines);
    caption.draw(painter, {tile.left(), tile.bottom() + 5}, palette(theme).ink);
    const TextBlock label(item.label, font(TextRole::Small), tile.width(), kLines);
    label.draw(painter, {tile.left(), tile.bottom() + 5 + caption.height()},
               item.verdict == Verdict::Wrong ? palette(theme).wrong : palette(theme).muted);
  }
  if (tiles.empty()) {
    drawNothing(painter, body, QStringLiteral("No pictures"), theme);
  }
  painter.restore();
}

}  // namespace lix::figures
