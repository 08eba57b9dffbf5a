#include "figures/parts.h"

#include <algorithm>
#include <cmath>

namespace lix::figures {
namespace {

struct HeadingBlocks {
  TextBlock title;
  TextBlock subtitle;
  TextBlock notes;
};

HeadingBlocks blocksOf(const Headings& headings, double width) {
  const double inner = width - 2 * kMargin;
  return {TextBlock(headings.title, font(TextRole::Title), inner, 2),
          TextBlock(headings.subtitle, font(TextRole::Subtitle), inner, 3),
          TextBlock(headings.notes, font(TextRole::Small), inner, 6)};
}

double gapBefore(const TextBlock& block, double gap) { return block.height() > 0 ? gap : 0.0; }

}  // namespace

double headingsHeight(const Headings& headings, double width) {
  const HeadingBlocks blocks = blocksOf(headings, width);
  const double top = blocks.title.height() + gapBefore(blocks.subtitle, 3) + blocks.subtitle.height();
  return 2 * kMargin + top + (top > 0 ? 12 : 0) + gapBefore(blocks.notes, 12) + blocks.notes.height();
}

QRectF placeHeadings(const Headings& headings, const QRectF& rect, QPainter* painter, Theme theme) {
  const HeadingBlocks blocks = blocksOf(headings, rect.width());
  const double left = rect.left() + kMargin;
  double top = rect.top() + kMargin;
  const double notesTop = rect.bottom() - kMargin - blocks.notes.height();
  if (painter != nullptr) {
    painter->setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing | QPainter::SmoothPixmapTransform |
                            QPainter::LosslessImageRendering);
    painter->fillRect(rect, palette(theme).background);
    blocks.title.draw(*painter, {left, top}, palette(theme).ink);
    blocks.subtitle.draw(*painter, {left, top + blocks.title.height() + gapBefore(blocks.subtitle, 3)},
                         palette(theme).muted);
    blocks.notes.draw(*painter, {left, notesTop}, palette(theme).muted);
  }
  const double head = blocks.title.height() + gapBefore(blocks.subtitle, 3) + blocks.subtitle.height();
  top += head + (head > 0 ? 12 : 0);
  const double bottom = notesTop - gapBefore(blocks.notes, 12);
  return {left, top, std::max(rect.width() - 2 * kMargin, 1.0), std::max(bottom - top, 1.0)};
}

QPen penOf(const QColor& colour, double width, Dash dash) {
  QPen pen(colour, width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
  if (dash == Dash::Solid) {
    pen.setCapStyle(Qt::RoundCap);
  } else {
    // In units of the pen's width.
    const QList<qreal> patterns[] = {{}, {5, 2.5}, {1.3, 1.7}, {6, 2, 1.3, 2}};
    pen.setDashPattern(patterns[int(dash)]);
  }
  return pen;
}

void drawMarker(QPainter& painter, const QPointF& at, Marker marker, double size, const QPen& pen, const QBrush& fill) {
  painter.setPen(pen);
  painter.setBrush(fill);
  const double r = size / 2;
  switch (marker) {
    case Marker::Circle:
      painter.drawEllipse(at, r, r);
      break;
    case Marker::Square:
      painter.drawRect(QRectF(at.x() - 0.9 * r, at.y() - 0.9 * r, 1.8 * r, 1.8 * r));
      break;
    case Marker::Triangle:
    case Marker::Down: {
      const double up = marker == Marker::Triangle ? -1 : 1;
      painter.drawPolygon(QPolygonF{{at.x(), at.y() + up * 1.15 * r},
                                    {at.x() + 1.1 * r, at.y() - up * 0.8 * r},
                                    {at.x() - 1.1 * r, at.y() - up * 0.8 * r}});
      break;
    }
    case Marker::Diamond:
      painter.drawPolygon(QPolygonF{{at.x(), at.y() - 1.25 * r},
                                    {at.x() + 1.25 * r, at.y()},
                                    {at.x(), at.y() + 1.25 * r},
                                    {at.x() - 1.25 * r, at.y()}});
      break;
  }
  painter.setBrush(Qt::NoBrush);
}

void drawSwatch(QPainter& painter, const QPointF& leftMiddle, const LegendEntry& entry, Theme theme) {
  const QColor& colour = entry.style.colour;
  const QPointF middle(leftMiddle.x() + kSwatchWidth / 2, leftMiddle.y());
  const QRectF box(middle.x() - 6, middle.y() - 4.5, 12, 9);
  switch (entry.swatch) {
    case Swatch::LineAndMarker:
    case Swatch::Line:
      painter.setPen(penOf(colour, 2.0, entry.style.dash));
      painter.drawLine(leftMiddle, leftMiddle + QPointF(kSwatchWidth, 0));
      if (entry.swatch == Swatch::LineAndMarker) {
        drawMarker(painter, middle, entry.style.marker, 6.5, penOf(palette(theme).background, 1.0), colour);
      }
      break;
    case Swatch::Hollow:
      drawMarker(painter, middle, entry.style.marker, 7.5, penOf(colour, 1.8), palette(theme).background);
      break;
    case Swatch::Dot:
      drawMarker(painter, middle, entry.style.marker, 7.0, penOf(palette(theme).background, 1.0), colour);
      break;
    case Swatch::Box:
      painter.fillRect(box, colour);
      break;
    case Swatch::Frame:
      painter.setPen(penOf(colour, 2.0));
      painter.drawRect(box);
      break;
  }
}

namespace {

constexpr double kLegendLine = 17.0;
constexpr double kLegendTextGap = 6.0;
constexpr double kLegendEntryGap = 18.0;

double swatchWidth(const LegendEntry& entry) {
  const bool line = entry.swatch == Swatch::LineAndMarker || entry.swatch == Swatch::Line;
  return line ? kSwatchWidth : 12.0;
}

}  // namespace

double placeLegend(const std::vector<LegendEntry>& entries, const QPointF& topLeft, double width, QPainter* painter,
                   Theme theme) {
  double x = 0.0;
  int line = 0;
  for (const LegendEntry& entry : entries) {
    const double swatch = swatchWidth(entry);
    const double most = width - swatch - kLegendTextGap;
    const double text = std::min(textWidth(entry.text, font(TextRole::Label)), most);
    const double wide = swatch + kLegendTextGap + text;
    if (x > 0 && x + wide > width + 0.5) {
      x = 0.0;
      ++line;
    }
    if (painter != nullptr) {
      const double middle = topLeft.y() + (line + 0.5) * kLegendLine;
      drawSwatch(*painter, {topLeft.x() + x - (kSwatchWidth - swatch) / 2, middle}, entry, theme);
      const TextBlock block(entry.text, font(TextRole::Label), text + 1, 1);
      block.draw(*painter, {topLeft.x() + x + swatch + kLegendTextGap, middle - block.height() / 2},
                 palette(theme).ink);
    }
    x += wide + kLegendEntryGap;
  }
  return entries.empty() ? 0.0 : (line + 1) * kLegendLine;
}

double legendWidth(const std::vector<LegendEntry>& entries) {
  double width = 0.0;
  for (const LegendEntry& entry : entries) {
    width += (width > 0 ? kLegendEntryGap : 0.0) + swatchWidth(entry) + kLegendTextGap +
             textWidth(entry.text, font(TextRole::Label));
  }
  return width;
}

double endLabelsWidth(const std::vector<LegendEntry>& entries, double most) {
  double widest = 0.0;
  for (const LegendEntry& entry : entries) {
    widest = std::max(widest, textWidth(entry.text, font(TextRole::Label)) + 1);
  }
  return entries.empty() ? 0.0 : std::min(std::ceil(widest) + 1 + kSwatchWidth + 6, most);
}

void drawEndLabels(QPainter& painter, const QRectF& column, const std::vector<std::pair<LegendEntry, double>>& entries,
                   Theme theme) {
  std::vector<double> wanted;
  for (const auto& [entry, y] : entries) {
    wanted.push_back(std::isfinite(y) ? y : column.bottom());
  }
  const auto middles = spread(wanted, kEndLabelHeight, column.top(), column.bottom());
  const double textLeft = column.left() + kSwatchWidth + 6;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    drawSwatch(painter, {column.left(), middles[i]}, entries[i].first, theme);
    const QString& text = entries[i].first.text;
    const double width = std::min(textWidth(text, font(TextRole::Label)) + 1, column.right() - textLeft);
    const TextBlock block(text, font(TextRole::Label), width, 1);
    block.draw(painter, {textLeft, middles[i] - block.height() / 2}, palette(theme).ink);
  }
}

std::vector<double> spread(const std::vector<double>& wanted, double height, double top, double bottom) {
  std::vector<std::size_t> order(wanted.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
  // Boxes that touch form a block that stands at the mean of what its members want (pool adjacent violators).
  struct Block {
    double sum;
    int count;
    double first(double h) const { return sum / count - (count - 1) * h / 2; }
  };
  std::vector<Block> blocks;
  const auto keepInside = [&](Block& block) {
    const double half = block.count * height / 2;
    block.sum = block.count * std::max(std::min(block.sum / block.count, bottom - half), top + half);
  };
  for (const std::size_t i : order) {
    blocks.push_back({wanted[i], 1});
    keepInside(blocks.back());
    while (blocks.size() > 1) {
      Block& a = blocks[blocks.size() - 2];
      const Block b = blocks.back();
      if (a.first(height) + a.count * height <= b.first(height)) {
        break;
      }
      a.sum += b.sum;
      a.count += b.count;
      blocks.pop_back();
      keepInside(a);
    }
  }
  std::vector<double> middles(wanted.size());
  std::size_t at = 0;
  for (const Block& block : blocks) {
    for (int i = 0; i < block.count; ++i) {
      middles[order[at++]] = block.first(height) + i * height;
    }
  }
  return middles;
}

std::string captionText(const std::string& caption) { return cleaned(caption).isEmpty() ? "(empty caption)" : caption; }

void drawNothing(QPainter& painter, const QRectF& plot, const QString& text, Theme theme) {
  const TextBlock block(text, font(TextRole::Label), plot.width(), 2, Align::Centre);
  block.draw(painter, {plot.left(), plot.center().y() - block.height() / 2}, palette(theme).muted);
}

int columnsFor(int count, double width, double least, double gap, int most) {
  const int fit = std::clamp(int(std::floor((width + gap) / (least + gap))), 1, std::max(most, 1));
  const int columns = std::clamp(count, 1, fit);
  const int rows = (std::max(count, 1) + columns - 1) / columns;
  return (std::max(count, 1) + rows - 1) / rows;
}

}  // namespace lix::figures
