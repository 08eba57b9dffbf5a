#include "figures/bars_figure.h"

#include <algorithm>

#include "figures/plot_parts.h"

namespace lix::figures {
namespace {

constexpr double kBarHeight = 13.0;
constexpr double kRowGap = 9.0;
constexpr int kLabelLines = 3;

bool hasInterval(const Bar& bar) { return std::isfinite(bar.low) && std::isfinite(bar.high) && bar.low < bar.high; }

double endOf(const BarRow& row) {
  double end = 0.0;
  for (const Bar& bar : row.bars) {
    end += std::isfinite(bar.value) ? bar.value : 0.0;
  }
  return end;
}

bool anyBar(const BarRow& row) {
  return std::ranges::any_of(row.bars, [](const Bar& bar) { return std::isfinite(bar.value); });
}

/// What stands right of a row, one text a bar or one for a stack.
std::vector<QString> textsOf(const BarRow& row, BarLayout layout) {
  if (layout == BarLayout::Stacked) {
    return {anyBar(row) ? shortText(endOf(row)) : shortText(NAN)};
  }
  std::vector<QString> texts;
  for (const Bar& bar : row.bars) {
    texts.push_back(shortText(bar.value));
  }
  return texts;
}

}  // namespace

struct BarsFigure::Parts {
  double legend = 0.0;
  double labels = 0.0;                // width of the names
  double numbers = 0.0;               // width of the numbers
  std::vector<double> tops, heights;  // of the rows, from the first row's top
  double total = 0.0;                 // height of all rows
};

BarsFigure::BarsFigure(BarsData data) : data_(std::move(data)) {
  data_.series.resize(std::max<std::size_t>(data_.series.size(), 1));
  for (BarRow& row : data_.rows) {
    row.bars.resize(data_.series.size());
  }
}

namespace {

std::vector<LegendEntry> legendOf(const BarsData& data, Theme theme) {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; data.series.size() > 1 && i < data.series.size(); ++i) {
    entries.push_back({cleaned(data.series[i]), {categorical(theme, int(i))}, Swatch::Box});
  }
  return entries;
}

}  // namespace

Axis BarsFigure::axis() const {
  std::vector<double> values{0.0};
  for (const BarRow& row : data_.rows) {
    double at = 0.0;
    for (const Bar& bar : row.bars) {
      if (!std::isfinite(bar.value)) {
        continue;
      }
      at = data_.layout == BarLayout::Stacked ? at + bar.value : bar.value;
      values.push_back(at);
      if (hasInterval(bar)) {
        values.insert(values.end(), {bar.low, bar.high});
      }
    }
  }
  return axisFor(values, Scale::Linear, 7);
}

BarsFigure::Parts BarsFigure::parts(double bodyWidth) const {
  Parts parts;
  const auto legend = legendOf(data_, Theme::Light);
  parts.legend = legend.empty() ? 0.0 : placeLegend(legend, {}, bodyWidth, nullptr, Theme::Light) + 8;
  for (const BarRow& row : data_.rows) {
    parts.labels = std::max(parts.labels, textWidth(cleaned(row.label), font(TextRole::Label)) + 1);
    for (const QString& text : textsOf(row, data_.layout)) {
      parts.numbers = std::max(parts.numbers, textWidth(text, font(TextRole::Tick)) + 10);
    }
  }
  parts.labels = std::min(std::ceil(parts.labels), 0.36 * bodyWidth);
  const double bars = data_.layout == BarLayout::Grouped ? double(data_.series.size()) : 1.0;
  for (const BarRow& row : data_.rows) {
    const TextBlock label(row.label, font(TextRole::Label), parts.labels, kLabelLines);
    parts.tops.push_back(parts.total);
    parts.heights.push_back(std::max(bars * kBarHeight, label.height()));
    parts.total += parts.heights.back() + kRowGap;
  }
  parts.total = std::max(parts.total, 60.0);
  return parts;
}

double BarsFigure::heightFor(double width) const {
  const Parts part = parts(width - 2 * kMargin);
  return headingsHeight(data_.headings, width) + part.legend + part.total + kBottomAxis;
}

BarsFigure::Places BarsFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Parts part = parts(body.width());
  Places places{.plot = QRectF(body.left() + part.labels + 8, body.top() + part.legend,
                               std::max(body.width() - part.labels - 8 - part.numbers, 20.0), part.total),
                .x = axis(),
                .bars = {}};
  const auto at = [&](double value) { return places.x.map(value, places.plot.left(), places.plot.right()); };
  for (std::size_t r = 0; r < data_.rows.size(); ++r) {
    auto& row = places.bars.emplace_back();
    const double middle = places.plot.top() + part.tops[r] + kRowGap / 2 + part.heights[r] / 2;
    const bool stacked = data_.layout == BarLayout::Stacked;
    double from = 0.0;
    double top = middle - (stacked ? 1.0 : double(data_.series.size())) * kBarHeight / 2;
    for (const Bar& bar : data_.rows[r].bars) {
      if (!std::isfinite(bar.value)) {
        row.emplace_back();
      } else {
        row.push_back(
            QRectF(QPointF(at(from), top + 1), QPointF(at(from + bar.value), top + kBarHeight - 1)).normalized());
        from = stacked ? from + bar.value : 0.0;
      }
      top += stacked ? 0.0 : kBarHeight;
    }
  }
  return places;
}

namespace {

QColor colourOf(const BarsData& data, const Bar& bar, std::size_t series, Theme theme) {
  return categorical(theme, data.series.size() == 1 && bar.value < 0 ? 1 : int(series));
}

void drawRow(QPainter& painter, const BarsData& data, const BarRow& row, const std::vector<QRectF>& bars,
             const BarsFigure::Places& places, Theme theme) {
  for (std::size_t s = 0; s < bars.size(); ++s) {
    const Bar& bar = row.bars[s];
    if (bars[s].isNull()) {
      continue;
    }
    const QColor colour = colourOf(data, bar, s, theme);
    if (data.layout == BarLayout::Stacked && bar.value < 0 && s > 0) {
      painter.fillRect(bars[s], palette(theme).background);
      drawHatch(painter, bars[s], colour, 4.0);
      painter.setPen(penOf(colour, 1.2));
      painter.drawRect(bars[s]);
    } else {
      painter.fillRect(bars[s], colour);
    }
  }
  for (std::size_t s = 0; s < bars.size(); ++s) {
    if (!bars[s].isNull() && hasInterval(row.bars[s])) {
      const double y = bars[s].center().y();
      drawWhisker(painter, {places.x.map(row.bars[s].low, places.plot.left(), places.plot.right()), y},
                  {places.x.map(row.bars[s].high, places.plot.left(), places.plot.right()), y}, palette(theme).ink);
    }
  }
}

}  // namespace

void BarsFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Parts part = parts(body.width());
  const Places where = places(rect);
  placeLegend(legendOf(data_, theme), body.topLeft(), body.width(), &painter, theme);
  drawHorizontalAxis(painter, where.plot, where.x, data_.xLabel, theme);
  for (std::size_t r = 0; r < data_.rows.size(); ++r) {
    const BarRow& row = data_.rows[r];
    const double middle = where.plot.top() + part.tops[r] + kRowGap / 2 + part.heights[r] / 2;
    const TextBlock label(row.label, font(TextRole::Label), part.labels, kLabelLines);
    label.draw(painter, {body.left(), middle - label.height() / 2}, palette(theme).ink);
    drawRow(painter, data_, row, where.bars[r], where, theme);
    const auto texts = textsOf(row, data_.layout);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const double y = middle + (double(i) - (double(texts.size()) - 1) / 2) * kBarHeight;
      drawLine(painter, {body.right(), y}, texts[i], font(TextRole::Tick), palette(theme).muted, Anchor::Right);
    }
  }
  if (data_.rows.empty()) {
    drawNothing(painter, where.plot, QStringLiteral("No results yet"), theme);
  }
  const double zero = where.x.map(0.0, where.plot.left(), where.plot.right());
  painter.setPen(penOf(palette(theme).axis, 1.2));
  painter.drawLine(QPointF(zero, where.plot.top()), QPointF(zero, where.plot.bottom()));
  painter.restore();
}

}  // namespace lix::figures
