// What dots, bars and cells were made from, and where they are drawn.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "figures/bars_figure.h"
#include "figures/parts.h"
#include "figures/plot_figure.h"
#include "figures/table_figure.h"

namespace lix::figures {
namespace {

constexpr double kDot = 8.0;       // around a dot's middle
constexpr double kLeastBar = 6.0;  // of a bar of nearly nothing

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : cat(first, ", ", second);
}

}  // namespace

bool PlotFigure::isSource(const PlotSeries& series, const PlotPoint& point) const {
  return !point.keys.empty() && isMarked(series) && drawable(point);
}

std::vector<Source> PlotFigure::sources() const {
  std::vector<Source> sources;
  for (const PlotPanel& panel : data_.panels) {
    for (const PlotSeries& series : panel.series) {
      for (const PlotPoint& point : series.points) {
        if (isSource(series, point)) {
          sources.push_back({joined(panel.title, joined(series.label, point.label)), point.keys});
        }
      }
    }
  }
  return sources;
}

std::vector<QRectF> PlotFigure::sourcePlaces(const QRectF& rect) const {
  std::vector<QRectF> found;
  const auto panels = places(rect);
  for (std::size_t p = 0; p < panels.size(); ++p) {
    for (const PlotSeries& series : data_.panels[p].series) {
      for (const PlotPoint& point : series.points) {
        if (isSource(series, point)) {
          found.push_back(QRectF(panels[p].at(point.x, point.y), QSizeF(0, 0)).adjusted(-kDot, -kDot, kDot, kDot));
        }
      }
    }
  }
  return found;
}

std::vector<Source> BarsFigure::sources() const {
  std::vector<Source> sources;
  for (const BarRow& row : data_.rows) {
    for (std::size_t s = 0; s < row.bars.size(); ++s) {
      if (!row.bars[s].keys.empty() && std::isfinite(row.bars[s].value)) {
        sources.push_back({joined(row.label, s < data_.series.size() ? data_.series[s] : ""), row.bars[s].keys});
      }
    }
  }
  return sources;
}

std::vector<QRectF> BarsFigure::sourcePlaces(const QRectF& rect) const {
  std::vector<QRectF> found;
  const auto rows = places(rect).bars;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t s = 0; s < rows[r].size(); ++s) {
      const Bar& bar = data_.rows[r].bars[s];
      if (!bar.keys.empty() && std::isfinite(bar.value)) {
        const double more = std::max(0.0, kLeastBar - rows[r][s].width()) / 2;
        found.push_back(rows[r][s].adjusted(-more, 0, more, 0));
      }
    }
  }
  return found;
}

std::vector<Source> TableFigure::sources() const {
  std::vector<Source> sources;
  for (const TableRow& row : data_.rows) {
    for (std::size_t column = 0; column < data_.columns.size(); ++column) {
      if (!row.keys[column].empty()) {
        sources.push_back({joined(row.name, data_.columns[column]), row.keys[column]});
      }
    }
  }
  return sources;
}

std::vector<QRectF> TableFigure::sourcePlaces(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  std::vector<QRectF> columns(data_.columns.size());  // of the first row: where it begins, and how wide it is
  const auto heights = rowHeights(nameWidth(body.width()));
  double top = body.top();
  for (const auto& block : blocks(body.width())) {
    const double first = top + headHeight(block) + 2;
    double right = body.left() + nameWidth(body.width());
    for (const std::size_t column : block) {
      const double wide = columnWidth(column);
      right += kTableColumnGap + wide;
      columns[column] = QRectF(right - wide - kTableColumnGap / 2, first, wide + kTableColumnGap, 0);
    }
    top = first + std::accumulate(heights.begin(), heights.end(), 0.0) + 2 + kTableBlockGap;
  }
  std::vector<QRectF> found;
  double down = 0.0;
  for (std::size_t r = 0; r < data_.rows.size(); ++r) {
    for (std::size_t column = 0; column < data_.columns.size(); ++column) {
      if (!data_.rows[r].keys[column].empty()) {
        found.emplace_back(columns[column].left(), columns[column].top() + down, columns[column].width(), heights[r]);
      }
    }
    down += heights[r];
  }
  return found;
}

}  // namespace lix::figures
