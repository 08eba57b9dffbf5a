#include "figures/table_figure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kLine = 22.0;
constexpr double kMostHead = 130.0;  // longer heads are wrapped
constexpr int kHeadLines = 3;
constexpr int kNameLines = 3;

QFont bold() {
  QFont font = figures::font(TextRole::Label);
  font.setBold(true);
  return font;
}

/// With a true minus sign; table() keeps the hyphen, which programs read.
QString seen(const std::string& cell) {
  QString text = cleaned(cell);
  if (text.size() > 1 && text[0] == u'-' && text[1].isDigit()) {
    text[0] = QChar(0x2212);
  }
  return text;
}

}  // namespace

TableFigure::TableFigure(TableData data) : data_(std::move(data)) {
  for (TableRow& row : data_.rows) {
    row.cells.resize(data_.columns.size());
    row.best.resize(data_.columns.size(), false);
    row.keys.resize(data_.columns.size());
  }
}

double TableFigure::nameWidth(double bodyWidth) const {
  double width = textWidth(cleaned(data_.corner), bold());
  for (const TableRow& row : data_.rows) {
    width = std::max(width, textWidth(cleaned(row.name), font(TextRole::Label)));
  }
  return std::min(std::ceil(width) + 2, std::max(0.4 * bodyWidth, 60.0));
}

double TableFigure::columnWidth(std::size_t column) const {
  double width = std::min(textWidth(cleaned(data_.columns[column]), bold()) + 2, kMostHead);
  for (const TableRow& row : data_.rows) {
    width = std::max(width, textWidth(seen(row.cells[column]), bold()) + 2);
  }
  return std::ceil(width);
}

std::vector<std::vector<std::size_t>> TableFigure::blocks(double bodyWidth) const {
  std::vector<std::vector<std::size_t>> blocks(1);
  const double names = nameWidth(bodyWidth);
  double used = names;
  for (std::size_t column = 0; column < data_.columns.size(); ++column) {
    const double wide = kTableColumnGap + columnWidth(column);
    if (used + wide > bodyWidth + 0.5 && !blocks.back().empty()) {
      blocks.emplace_back();
      used = names;
    }
    blocks.back().push_back(column);
    used += wide;
  }
  return blocks;
}

double TableFigure::headHeight(const std::vector<std::size_t>& block) const {
  double height = kLine;
  for (const std::size_t column : block) {
    height = std::max(height, TextBlock(data_.columns[column], bold(), columnWidth(column), kHeadLines).height() + 6);
  }
  return height;
}

std::vector<double> TableFigure::rowHeights(double names) const {
  std::vector<double> heights;
  for (const TableRow& row : data_.rows) {
    heights.push_back(std::max(kLine, TextBlock(row.name, font(TextRole::Label), names, kNameLines).height() + 8));
  }
  return heights.empty() ? std::vector{kLine} : heights;
}

double TableFigure::naturalWidth() const {
  double width = 2 * kMargin + nameWidth(1e9);
  for (std::size_t column = 0; column < data_.columns.size(); ++column) {
    width += kTableColumnGap + columnWidth(column);
  }
  return std::clamp(width, 360.0, 1000.0);
}

double TableFigure::heightFor(double width) const {
  double height = headingsHeight(data_.headings, width);
  const auto all = blocks(width - 2 * kMargin);
  const auto rows = rowHeights(nameWidth(width - 2 * kMargin));
  const double body = std::accumulate(rows.begin(), rows.end(), 4.0);
  for (const auto& block : all) {
    height += headHeight(block) + body;
  }
  return height + kTableBlockGap * double(all.size() - 1);
}

void TableFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Palette& colours = palette(theme);
  const double names = nameWidth(body.width());
  const auto heights = rowHeights(names);
  double top = body.top();
  for (const auto& block : blocks(body.width())) {
    double right = body.left() + names;
    const double head = headHeight(block);
    for (const std::size_t column : block) {
      right += kTableColumnGap + columnWidth(column);
    }
    const double end = right;
    const TextBlock corner(data_.corner, bold(), names, 1);
    corner.draw(painter, {body.left(), top + head - corner.height() - 4}, colours.ink);
    painter.setPen(penOf(colours.ink, 1.2));
    painter.drawLine(QPointF(body.left(), top + head), QPointF(end, top + head));
    std::vector<double> middles;
    double below = top + head + 2;
    for (const double height : heights) {
      middles.push_back(below + height / 2);
      below += height;
    }
    for (std::size_t r = 0; r < data_.rows.size(); ++r) {
      const double middle = middles[r];
      const TextBlock name(data_.rows[r].name, font(TextRole::Label), names, kNameLines);
      name.draw(painter, {body.left(), middle - name.height() / 2}, colours.ink);
      painter.setPen(penOf(colours.grid, 1.0));
      const double line = middle + heights[r] / 2;
      painter.drawLine(QPointF(body.left(), line), QPointF(end, line));
    }
    right = body.left() + names;
    for (const std::size_t column : block) {
      const double wide = columnWidth(column);
      right += kTableColumnGap + wide;
      const TextBlock title(data_.columns[column], bold(), wide, kHeadLines);
      title.draw(painter, {right - title.naturalWidth(), top + head - title.height() - 4}, colours.ink);
      for (std::size_t r = 0; r < data_.rows.size(); ++r) {
        drawLine(painter, {right, middles[r]}, seen(data_.rows[r].cells[column]),
                 data_.rows[r].best[column] ? bold() : font(TextRole::Label), colours.ink, Anchor::Right);
      }
    }
    top = below + 2 + kTableBlockGap;
  }
  if (data_.rows.empty()) {
    drawNothing(painter, body, QStringLiteral("No results yet"), theme);
  }
  painter.restore();
}

}  // namespace lix::figures
