#include "figures/plot_figure.h"

#include <QFontMetricsF>
#include <algorithm>
#include <set>

#include "figures/curves_parts.h"
#include "figures/plot_parts.h"

namespace lix::figures {
namespace {

constexpr double kPanelGap = 22.0;

bool hasInterval(const PlotPoint& point) {
  return std::isfinite(point.low) && std::isfinite(point.high) && point.low < point.high;
}

Styles stylesOf(const PlotData& data) {
  Styles styles;
  for (const PlotPanel& panel : data.panels) {
    for (const PlotSeries& series : panel.series) {
      styles.add(series.group, series.label);
    }
  }
  return styles;
}

LegendEntry entryOf(const PlotSeries& series, const Styles& styles, Theme theme) {
  const Swatch swatch = series.joined == Joined::Dots ? Swatch::Dot
                        : isMarked(series)            ? Swatch::LineAndMarker
                                                      : Swatch::Line;
  return {cleaned(series.label), styles.of(series.group, series.label, theme), swatch};
}

/// Of all panels, each series once, then the levels.
std::vector<LegendEntry> legendOf(const PlotData& data, const Styles& styles, Theme theme) {
  std::vector<LegendEntry> entries;
  std::set<std::pair<std::string, std::string>> seen;
  for (const PlotPanel& panel : data.panels) {
    for (const PlotSeries& series : panel.series) {
      if (!series.label.empty() && seen.insert({series.group, series.label}).second) {
        entries.push_back(entryOf(series, styles, theme));
      }
    }
  }
  for (const PlotPanel& panel : data.panels) {
    for (const ReferenceLine& level : panel.levels) {
      if (seen.insert({"level", level.label}).second) {
        entries.push_back({cleaned(level.label), {palette(theme).muted, Dash::Dashed}, Swatch::Line});
      }
    }
  }
  return entries;
}

bool onlyLines(const PlotData& data) {
  return std::ranges::all_of(data.panels, [](const PlotPanel& panel) {
    return std::ranges::all_of(panel.series, [](const PlotSeries& one) { return one.joined == Joined::Line; });
  });
}

}  // namespace

/// Many dots would be a thick line.
bool isMarked(const PlotSeries& series) { return series.joined == Joined::Dots || series.points.size() <= 40; }

struct PlotFigure::Parts {
  int columns = 1;
  int rows = 1;
  double gutter = 0.0;
  double ends = 0.0;      // width of the names at the lines' ends, 0: a legend above
  double legend = 0.0;    // its height with the gap below
  double axisName = 0.0;  // a line for the name of the y axis where panels have titles
  double title = 0.0;     // room above a plot
  double plotWidth = 1.0;
  double plotHeight = 1.0;
};

PlotFigure::PlotFigure(PlotData data) : data_(std::move(data)) {
  if (data_.panels.empty()) {
    data_.panels.emplace_back();
  }
}

QPointF PlotFigure::PanelPlace::at(double px, double py) const {
  return {x.map(px, plot.left(), plot.right()), y.map(py, plot.bottom(), plot.top())};
}

bool PlotFigure::drawable(const PlotPoint& point) const {
  return std::isfinite(point.x) && std::isfinite(point.y) && (data_.x == Scale::Linear || point.x > 0) &&
         (data_.y == Scale::Linear || point.y > 0);
}

Axis PlotFigure::axisOf(double PlotPoint::*of, Scale scale, int most) const {
  std::vector<double> values;
  for (const PlotPanel& panel : data_.panels) {
    for (const PlotSeries& series : panel.series) {
      for (const PlotPoint& point : series.points) {
        if (drawable(point)) {
          values.push_back(point.*of);
          if (of == &PlotPoint::y && hasInterval(point)) {
            values.insert(values.end(), {point.low, point.high});
          }
        }
      }
    }
    for (const ReferenceLine& level : panel.levels) {
      values.insert(values.end(), of == &PlotPoint::y ? 1 : 0, level.y);
    }
  }
  return axisFor(values, scale, most);
}

PlotFigure::Parts PlotFigure::parts(double bodyWidth) const {
  const auto legend = legendOf(data_, stylesOf(data_), Theme::Light);
  const int count = int(data_.panels.size());
  Parts parts;
  parts.gutter = numbersWidth(axisOf(&PlotPoint::y, data_.y, 7));
  parts.columns = columnsFor(count, bodyWidth - parts.gutter, 170, kPanelGap, 4);
  parts.rows = (count + parts.columns - 1) / parts.columns;
  const auto plotWidth = [&] {
    return std::max((bodyWidth - parts.gutter - parts.ends - (parts.columns - 1) * kPanelGap) / parts.columns, 20.0);
  };
  const auto plotHeight = [&] {
    return count == 1 ? std::clamp(0.56 * plotWidth(), 190.0, 380.0) : std::clamp(0.72 * plotWidth(), 110.0, 260.0);
  };
  const double column = endLabelsWidth(legend, 1e9) + 10;
  const bool named = count == 1 && onlyLines(data_) && bodyWidth >= 460 && column <= 0.36 * bodyWidth;
  parts.ends = named && !legend.empty() ? column : 0.0;
  if (double(legend.size()) * kEndLabelHeight > plotHeight()) {
    parts.ends = 0.0;
  }
  const bool above = parts.ends == 0.0 && !legend.empty();
  parts.legend = above ? placeLegend(legend, {}, bodyWidth, nullptr, Theme::Light) + 10 : 0.0;
  parts.axisName = data_.panels.front().title.empty() ? 0.0 : 17.0;
  parts.plotWidth = plotWidth();
  parts.title = roomForTitles(data_.panels, parts.plotWidth);
  parts.plotHeight = plotHeight();
  return parts;
}

double PlotFigure::heightFor(double width) const {
  const Parts part = parts(width - 2 * kMargin);
  return headingsHeight(data_.headings, width) + part.legend + part.axisName +
         part.rows * (part.title + part.plotHeight + kBottomAxis) + (part.rows - 1) * 10;
}

std::vector<PlotFigure::PanelPlace> PlotFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Parts part = parts(body.width());
  const Axis x = axisOf(&PlotPoint::x, data_.x, std::clamp(int(part.plotWidth / 60), 2, 9));
  const Axis y = axisOf(&PlotPoint::y, data_.y, 7);
  const double rowHeight = (body.height() - part.legend - part.axisName - (part.rows - 1) * 10) / part.rows;
  std::vector<PanelPlace> places;
  for (int i = 0; i < int(data_.panels.size()); ++i) {
    const double left = body.left() + part.gutter + (i % part.columns) * (part.plotWidth + kPanelGap);
    const double top = body.top() + part.legend + part.axisName + (i / part.columns) * (rowHeight + 10);
    PanelPlace place{QRectF(left, top, part.plotWidth, rowHeight), {}, x, y};
    place.plot = place.cell.adjusted(0, part.title, 0, -kBottomAxis);
    place.plot.setHeight(std::max(place.plot.height(), 10.0));
    places.push_back(place);
  }
  return places;
}

namespace {

/// Points along the lines between dots, which names keep clear of.
void addAlong(std::vector<QPointF>& avoid, const QPointF& from, const QPointF& to) {
  const QPointF way = to - from;
  const int steps = int(std::hypot(way.x(), way.y()) / 6);
  for (int i = 0; i <= steps; ++i) {
    avoid.push_back(from + way * (steps == 0 ? 0.0 : double(i) / steps));
  }
}

/// Cut in its middle where it is too long: names that begin alike differ at their ends.
QString shortened(const QString& text, double width) {
  return QFontMetricsF(font(TextRole::Tick)).elidedText(text, Qt::ElideMiddle, width);
}

void drawDotLabels(QPainter& painter, const std::vector<std::pair<DotLabel, QString>>& texts,
                   const std::vector<QPointF>& avoid, const QRectF& room, Theme theme) {
  std::vector<DotLabel> labels;
  for (const auto& [label, text] : texts) {
    labels.push_back(label);
  }
  const auto boxes = placeDotLabels(labels, avoid, room);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].isNull()) {
      continue;
    }
    const QPointF& dot = labels[i].dot;
    const QPointF near(std::clamp(dot.x(), boxes[i].left() - 2, boxes[i].right() + 2),
                       std::clamp(dot.y(), boxes[i].top() + 2, boxes[i].bottom() - 2));
    const QPointF way = near - dot;
    if (const double far = std::hypot(way.x(), way.y()); far > 12) {
      painter.setPen(penOf(palette(theme).axis, 0.8));
      painter.drawLine(dot + way * (5 / far), near);
    }
    drawLine(painter, {boxes[i].left(), boxes[i].center().y()}, texts[i].second, font(TextRole::Tick),
             palette(theme).ink);
  }
}

}  // namespace

void PlotFigure::drawPanel(QPainter& painter, const PanelPlace& place, const PlotPanel& panel, Theme theme) const {
  const Styles styles = stylesOf(data_);
  std::vector<std::pair<DotLabel, QString>> texts;
  std::vector<QPointF> avoid;
  for (const ReferenceLine& level : panel.levels) {
    if (std::isfinite(level.y) && (data_.y == Scale::Linear || level.y > 0)) {
      painter.setPen(penOf(palette(theme).muted, 1.3, Dash::Dashed));
      painter.drawLine(place.at(place.x.low, level.y), place.at(place.x.high, level.y));
    }
  }
  bool any = !panel.levels.empty();
  for (const PlotSeries& series : panel.series) {
    const SeriesStyle style = styles.of(series.group, series.label, theme);
    QPolygonF line;
    for (const PlotPoint& point : series.points) {
      if (!drawable(point)) {
        continue;
      }
      const QPointF dot = place.at(point.x, point.y);
      any = true;
      if (series.joined == Joined::Line && !line.isEmpty()) {
        addAlong(avoid, line.back(), dot);
      }
      line << dot;
      avoid.push_back(dot);
      if (hasInterval(point)) {
        drawWhisker(painter, place.at(point.x, point.low), place.at(point.x, point.high), style.colour);
        addAlong(avoid, place.at(point.x, point.low), place.at(point.x, point.high));
      }
      if (!point.label.empty()) {
        const QString text = shortened(cleaned(point.label), 0.45 * place.plot.width());
        texts.push_back({{dot, textWidth(text, font(TextRole::Tick)) + 1}, text});
      }
    }
    if (series.joined == Joined::Line && line.size() > 1) {
      painter.setPen(penOf(style.colour, 2.0, style.dash));
      painter.drawPolyline(line);
    }
    for (const QPointF& dot : isMarked(series) ? line : QPolygonF()) {
      drawMarker(painter, dot, style.marker, 7.0, penOf(palette(theme).background, 1.0), style.colour);
    }
  }
  drawDotLabels(painter, texts, avoid, place.plot.adjusted(-4, -6, 4, -2), theme);
  if (!any) {
    drawNothing(painter, place.plot, QStringLiteral("No results yet"), theme);
  }
}

void PlotFigure::drawEnds(QPainter& painter, const PanelPlace& place, const PlotPanel& panel, double width,
                          Theme theme) const {
  const Styles styles = stylesOf(data_);
  std::vector<std::pair<LegendEntry, double>> labels;
  for (const PlotSeries& series : panel.series) {
    double y = NAN;
    for (const PlotPoint& point : series.points) {
      y = drawable(point) ? place.at(point.x, point.y).y() : y;
    }
    if (!series.label.empty()) {
      labels.emplace_back(entryOf(series, styles, theme), y);
    }
  }
  for (const ReferenceLine& level : panel.levels) {
    labels.emplace_back(LegendEntry{cleaned(level.label), {palette(theme).muted, Dash::Dashed}, Swatch::Line},
                        place.at(place.x.low, level.y).y());
  }
  drawEndLabels(painter, QRectF(place.plot.right() + 10, place.plot.top() - 6, width - 10, place.plot.height() + 12),
                labels, theme);
}

void PlotFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Parts part = parts(body.width());
  const auto where = places(rect);
  if (part.legend > 0) {
    placeLegend(legendOf(data_, stylesOf(data_), theme), body.topLeft(), body.width(), &painter, theme);
  }
  const TextBlock axisName(data_.yLabel, font(TextRole::Label), body.width(), 1);
  axisName.draw(painter, {body.left(), body.top() + part.legend}, palette(theme).muted);
  for (std::size_t i = 0; i < where.size(); ++i) {
    const bool first = int(i) % part.columns == 0;
    drawVerticalAxis(painter, where[i].plot, where[i].y, first ? Numbers::Shown : Numbers::Hidden, theme);
    drawHorizontalAxis(painter, where[i].plot, where[i].x, data_.xLabel, theme);
    drawPanelTitle(painter, data_.panels[i].title, where[i].plot, theme);
    drawPanel(painter, where[i], data_.panels[i], theme);
  }
  if (part.ends > 0) {
    drawEnds(painter, where.front(), data_.panels.front(), part.ends, theme);
  }
  painter.restore();
}

}  // namespace lix::figures
