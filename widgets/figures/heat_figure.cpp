#include "figures/heat_figure.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figures/axis.h"
#include "figures/colour_map.h"
#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kGap = 22.0;
constexpr double kTitle = 20.0;
constexpr double kRowGap = 14.0;
constexpr double kMostName = 110.0;  // longer names are cut
constexpr double kAxisName = 18.0;
constexpr double kLeastRow = 13.0, kMostRow = 30.0;
constexpr std::size_t kMostNumbers = 150;  // in cells; more are noise

double widest(const std::vector<std::string>& names) {
  double width = 0.0;
  for (const std::string& name : names) {
    width = std::max(width, textWidth(cleaned(name), font(TextRole::Tick)) + 1);
  }
  return std::min(std::ceil(width), kMostName);
}

bool areNumbers(const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [](const std::string& name) {
    bool ok = false;
    QString::fromStdString(name).toDouble(&ok);
    return ok;
  });
}

std::size_t strideFor(double cell, double least) {
  return cell <= 0 ? 1 : std::size_t(std::max(1.0, std::ceil(least / cell)));
}

}  // namespace

struct HeatFigure::Parts {
  int columns = 1;  // panels beside each other
  int rows = 1;
  double gutter = 0.0;  // row names with the axis' name
  bool shared = false;  // one gutter for all panels beside each other
  double panelWidth = 1.0;
  double gridHeight = 1.0;
  double leastGrid = 1.0;  // as low as rows may be
  double names = 0.0;      // height of column names
  bool upwards = false;
  double left(int column) const { return gutter + column * (panelWidth + kGap + (shared ? 0.0 : gutter)); }
  double height() const { return rows * panelHeight() + (rows - 1) * kRowGap; }
  double panelHeight() const { return kTitle + gridHeight + names + kAxisName; }
};

HeatFigure::HeatFigure(HeatData data) : data_(std::move(data)) {
  for (HeatPanel& panel : data_.panels) {
    panel.values.resize(panel.rows.size() * panel.columns.size(), NAN);
  }
}

HeatFigure::Parts HeatFigure::parts(double bodyWidth) const {
  Parts parts;
  std::size_t rows = 1, columns = 1;
  double rowNames = 0.0, columnNames = 0.0;
  bool numbers = true;
  for (const HeatPanel& panel : data_.panels) {
    rows = std::max(rows, panel.rows.size());
    columns = std::max(columns, panel.columns.size());
    rowNames = std::max(rowNames, widest(panel.rows));
    columnNames = std::max(columnNames, widest(panel.columns));
    numbers = numbers && areNumbers(panel.columns);
  }
  parts.gutter = std::min(rowNames, 0.25 * bodyWidth) + 6 + (data_.rowLabel.empty() ? 0.0 : kAxisName);
  const double room = bodyWidth - kColourBarWidth - 14;
  const int count = std::max(int(data_.panels.size()), 1);
  parts.shared = data_.sharedRows;
  const double around = parts.shared ? 0.0 : parts.gutter, before = parts.gutter - around;
  const double least = parts.shared ? std::clamp(double(columns) * kLeastRow, 60.0, 180.0) : 180.0;
  parts.columns = columnsFor(count, room - before, around + least, kGap, 3);
  parts.rows = (count + parts.columns - 1) / parts.columns;
  parts.panelWidth = std::max((room - before - (parts.columns - 1) * kGap) / parts.columns - around, 30.0);
  const double cell = parts.panelWidth / double(columns);
  parts.gridHeight = std::clamp(double(rows) * std::clamp(cell, kLeastRow, kMostRow), 60.0, std::max(parts.panelWidth, 120.0));
  parts.leastGrid = std::min(parts.gridHeight, std::max(double(rows) * kLeastRow, 60.0));
  parts.upwards = !numbers && columnNames > cell - 4;
  parts.names = parts.upwards ? columnNames + 8 : 16.0;
  return parts;
}

double HeatFigure::heightFor(double width) const {
  return headingsHeight(data_.headings, width) + parts(width - 2 * kMargin).height();
}

double HeatFigure::leastHeightFor(double width) const {
  Parts part = parts(width - 2 * kMargin);
  part.gridHeight = part.leastGrid;
  return headingsHeight(data_.headings, width) + part.height();
}

HeatFigure::Parts HeatFigure::partsIn(const QRectF& body) const {
  Parts part = parts(body.width());
  const double missing = std::max(0.0, part.height() - body.height() - 0.5);
  part.gridHeight = std::max(part.leastGrid, part.gridHeight - missing / part.rows);
  return part;
}

QRectF HeatFigure::Places::cell(int panel, int row, int column, const HeatData& data) const {
  const QRectF& grid = grids[std::size_t(panel)];
  const HeatPanel& of = data.panels[std::size_t(panel)];
  const double wide = grid.width() / double(of.columns.size());
  const double tall = grid.height() / double(of.rows.size());
  return {grid.left() + column * wide, grid.top() + row * tall, wide, tall};
}

HeatFigure::Places HeatFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Parts part = partsIn(body);
  Places places;
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < data_.panels.size(); ++i) {
    const int column = int(i) % part.columns;
    const int row = int(i) / part.columns;
    places.grids.emplace_back(body.left() + part.left(column),
                              body.top() + kTitle + row * (part.panelHeight() + kRowGap), part.panelWidth,
                              part.gridHeight);
    for (const double value : data_.panels[i].values) {
      low = std::isfinite(value) ? std::min(low, value) : low;
      high = std::isfinite(value) ? std::max(high, value) : high;
    }
  }
  std::tie(places.low, places.high) = data_.range.value_or(low <= high ? std::pair(low, high) : std::pair(0.0, 1.0));
  if (data_.scale == HeatScale::Diverging) {
    const double end = std::max(std::abs(places.low), std::abs(places.high));
    places.high = end > 0.0 ? end : 1.0;
    places.low = -places.high;
  }
  places.high = places.high > places.low ? places.high : places.low + 1.0;
  places.colourBar = QRectF(body.right() - kColourBarWidth, body.top() + kTitle - 18, kColourBarWidth,
                            std::min(std::max(part.gridHeight, 84.0), 220.0) + 18);
  return places;
}

namespace {

void drawRowNames(QPainter& painter, const HeatPanel& panel, const QRectF& grid, double gutter, Theme theme) {
  const QColor& colour = palette(theme).muted;
  const double tall = grid.height() / double(panel.rows.size());
  for (std::size_t r = 0; r < panel.rows.size(); r += strideFor(tall, 12)) {
    const double room = std::max(gutter - 6, 10.0);
    const double wide = std::min(textWidth(cleaned(panel.rows[r]), font(TextRole::Tick)) + 1, room);
    const TextBlock name(panel.rows[r], font(TextRole::Tick), wide, 1);
    name.draw(painter, {grid.left() - 5 - wide, grid.top() + (double(r) + 0.5) * tall - name.height() / 2}, colour);
  }
}

void drawColumnNames(QPainter& painter, const HeatPanel& panel, const QRectF& grid, bool upwards, Theme theme) {
  const QColor& colour = palette(theme).muted;
  const double cell = grid.width() / double(panel.columns.size());
  const double least = upwards ? 12 : widest(panel.columns) + 5;
  for (std::size_t c = 0; c < panel.columns.size(); c += strideFor(cell, least)) {
    const double x = grid.left() + (double(c) + 0.5) * cell;
    const double wide = std::min(textWidth(cleaned(panel.columns[c]), font(TextRole::Tick)) + 1, kMostName);
    const TextBlock name(panel.columns[c], font(TextRole::Tick), wide, 1);
    painter.save();
    painter.translate(x, grid.bottom() + 5);
    if (upwards) {
      painter.rotate(-90);
      name.draw(painter, {-wide, -name.height() / 2}, colour);
    } else {
      name.draw(painter, {-wide / 2, 0}, colour);
    }
    painter.restore();
  }
}

void drawNumbers(QPainter& painter, const HeatPanel& panel, const HeatFigure::Places& where, int index,
                 const HeatData& data, const std::function<QColor(double)>& colour) {
  const QRectF first = where.cell(index, 0, 0, data);
  const double span = where.high - where.low;
  const auto text = [&](double value) { return QString::number(value, 'f', span > 20 ? 0 : span > 2 ? 1 : 2); };
  double wide = 0.0;
  for (const double value : panel.values) {
    wide = std::isfinite(value) ? std::max(wide, textWidth(text(value), font(TextRole::Tick))) : wide;
  }
  if (first.width() < wide + 5 || first.height() < 12 || panel.values.size() > kMostNumbers) {
    return;
  }
  for (std::size_t i = 0; i < panel.values.size(); ++i) {
    if (std::isfinite(panel.values[i])) {
      const QRectF cell = where.cell(index, int(i / panel.columns.size()), int(i % panel.columns.size()), data);
      const QColor ground = colour(panel.values[i]);
      const QColor ink = contrast(ground, Qt::white) > contrast(ground, Qt::black) ? Qt::white : Qt::black;
      drawLine(painter, cell.center(), text(panel.values[i]), font(TextRole::Tick), ink, Anchor::Middle);
    }
  }
}

void drawPanel(QPainter& painter, const HeatData& data, int index, const HeatFigure::Places& where,
               const std::function<QColor(double)>& colour, Theme theme) {
  const HeatPanel& panel = data.panels[std::size_t(index)];
  const QRectF& grid = where.grids[std::size_t(index)];
  if (panel.values.empty()) {
    drawNothing(painter, grid, QStringLiteral("No results yet"), theme);
    return;
  }
  drawCells(painter, grid, int(panel.rows.size()), int(panel.columns.size()), [&](int row, int column) {
    return colour(panel.values[std::size_t(row) * panel.columns.size() + std::size_t(column)]);
  });
  drawNumbers(painter, panel, where, index, data, colour);
  if (panel.marked) {
    QRectF cell = where.cell(index, panel.marked->first, panel.marked->second, data);
    constexpr double kLeast = 10.0;  // a frame around less would cover what it marks
    const double wider = std::max(0.0, kLeast - cell.width()) / 2, higher = std::max(0.0, kLeast - cell.height()) / 2;
    cell.adjust(-wider, -higher, wider, higher);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(penOf(Qt::black, 4.0));
    painter.drawRect(cell);
    painter.setPen(penOf(Qt::white, 2.0));
    painter.drawRect(cell);
  }
}

}  // namespace

void HeatFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Parts part = partsIn(body);
  const Places where = places(rect);
  const auto colour = [&](double value) {
    const double share = (value - where.low) / (where.high - where.low);
    return data_.scale == HeatScale::Diverging ? diverging(2.0 * share - 1.0, theme) : viridis(share, theme);
  };
  for (std::size_t i = 0; i < data_.panels.size(); ++i) {
    const QRectF& grid = where.grids[i];
    const HeatPanel& panel = data_.panels[i];
    const TextBlock title(panel.title, font(TextRole::PanelTitle), grid.width(), 1);
    title.draw(painter, {grid.left(), grid.top() - kTitle}, palette(theme).ink);
    drawPanel(painter, data_, int(i), where, colour, theme);
    const double names = data_.rowLabel.empty() ? 0.0 : kAxisName;
    const bool named = !part.shared || int(i) % part.columns == 0;
    if (!panel.values.empty()) {
      drawColumnNames(painter, panel, grid, part.upwards, theme);
    }
    if (!panel.values.empty() && named) {
      drawRowNames(painter, panel, grid, part.gutter - names, theme);
    }
    const TextBlock below(data_.columnLabel, font(TextRole::Label), grid.width(), 1, Align::Centre);
    below.draw(painter, {grid.left(), grid.bottom() + part.names + 2}, palette(theme).muted);
    const TextBlock beside(data_.rowLabel, font(TextRole::Label), grid.height(), 1, Align::Centre);
    painter.save();
    painter.translate(grid.left() - part.gutter, grid.bottom());
    painter.rotate(-90);
    named ? beside.draw(painter, {0, 0}, palette(theme).muted) : void();
    painter.restore();
  }
  if (data_.panels.empty()) {
    drawNothing(painter, body, QStringLiteral("No results yet"), theme);
  } else {
    drawColourBar(painter, where.colourBar, where.low, where.high, QString::fromStdString(data_.valueLabel), colour,
                  theme);
  }
  painter.restore();
}

}  // namespace lix::figures
