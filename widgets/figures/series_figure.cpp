#include "figures/series_figure.h"

#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace lix::figures {
namespace {

constexpr double kTitleHeight = 24.0;
constexpr double kPanelGap = 11.0;
constexpr double kAxisHeight = 36.0;
constexpr double kLeastPlot = 84.0;
constexpr int kTicks = 4;
constexpr float kBandAlpha = 0.18f;

bool drawable(double x, double y, Scale scale) {
  return std::isfinite(x) && std::isfinite(y) && (scale == Scale::Linear || y > 0);
}

std::vector<std::string> runsOf(const SeriesData& data) {
  std::vector<std::string> runs;
  for (const SeriesPanel& panel : data.panels) {
    for (const SeriesLine& line : panel.lines) {
      if (std::find(runs.begin(), runs.end(), line.run) == runs.end()) {
        runs.push_back(line.run);
      }
    }
  }
  return runs;
}

std::vector<std::string> labelsOf(const SeriesPanel& panel) {
  std::vector<std::string> labels;
  for (const SeriesLine& line : panel.lines) {
    if (std::find(labels.begin(), labels.end(), line.label) == labels.end()) {
      labels.push_back(line.label);
    }
  }
  return labels;
}

template <class T>
int indexIn(const std::vector<T>& all, const T& one) {
  return int(std::find(all.begin(), all.end(), one) - all.begin());
}

SeriesStyle styleOf(const SeriesPanel& panel, const SeriesLine& line, const std::vector<std::string>& runs,
                    Theme theme) {
  const int label = line.look >= 0 ? line.look : indexIn(labelsOf(panel), line.label);
  if (runs.size() > 1) {
    return {categorical(theme, indexIn(runs, line.run)), Dash(label % kDashCount)};
  }
  return {categorical(theme, label), Dash(label / kCategoricalCount % kDashCount)};
}

/// What stands beside a panel: its labels where they say more than its title.
std::vector<std::pair<LegendEntry, double>> sideEntries(const SeriesPanel& panel, const std::vector<std::string>& runs,
                                                        const SeriesFigure::PanelPlace* place, Theme theme) {
  std::vector<std::pair<LegendEntry, double>> entries;
  const auto labels = labelsOf(panel);
  for (const std::string& label : labels) {
    if (labels.size() == 1 && (label.empty() || label == panel.title)) {
      continue;
    }
    double y = NAN;
    SeriesStyle style;
    for (const SeriesLine& line : panel.lines) {
      if (line.label != label) {
        continue;
      }
      style = styleOf(panel, line, runs, theme);
      style.colour = runs.size() > 1 ? palette(theme).muted : style.colour;
      for (std::size_t i = 0; place != nullptr && i < std::min(line.xs.size(), line.ys.size()); ++i) {
        y = drawable(line.xs[i], line.ys[i], panel.scale) ? place->at(line.xs[i], line.ys[i]).y() : y;
      }
    }
    entries.emplace_back(LegendEntry{cleaned(label), style, Swatch::Line}, y);
  }
  return entries;
}

/// What stands right of a panel's title: its levels and marks.
std::vector<LegendEntry> titleEntries(const SeriesPanel& panel, Theme theme) {
  std::vector<LegendEntry> entries;
  for (const LevelMark& level : panel.levels) {
    entries.push_back({cleaned(level.label), {palette(theme).muted, Dash::Dashed}, Swatch::Line});
  }
  for (const StepMark& mark : panel.marks) {
    entries.push_back({cleaned(mark.label), {palette(theme).ink}, Swatch::Hollow});
  }
  return entries;
}

std::string titleOf(const SeriesPanel& panel) {
  return panel.scale == Scale::Log ? panel.title + " (log scale)" : panel.title;
}

/// Whether levels and marks fit right of the title; else they stand below it.
bool besideTitle(const SeriesPanel& panel, double width) {
  const double title = textWidth(cleaned(titleOf(panel)), font(TextRole::PanelTitle));
  return title + 20 + legendWidth(titleEntries(panel, Theme::Light)) <= width;
}

/// Height of a panel's title with all that stands in it.
double titleHeight(const SeriesPanel& panel, double width) {
  const auto entries = titleEntries(panel, Theme::Light);
  return kTitleHeight +
         (entries.empty() || besideTitle(panel, width) ? 0.0 : placeLegend(entries, {}, width, nullptr, Theme::Light));
}

Axis xAxisOf(const SeriesData& data, double width) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const SeriesPanel& panel : data.panels) {
    for (const SeriesLine& line : panel.lines) {
      for (std::size_t i = 0; i < std::min(line.xs.size(), line.ys.size()); ++i) {
        if (drawable(line.xs[i], line.ys[i], panel.scale)) {
          low = std::min(low, line.xs[i]);
          high = std::max(high, line.xs[i]);
        }
      }
    }
  }
  Axis axis;
  if (low <= high) {
    axis.low = low < high ? low : low - 1;
    axis.high = low < high ? high : high + 1;
    if (low > 0 && low < 0.1 * high) {
      axis.low = 0.0;
    }
  }
  const int most = std::clamp(int(width / 70), 2, 9);
  axis.ticks = niceTicks(axis.low, axis.high, most);
  for (const double tick : axis.ticks) {
    axis.texts.push_back(tickText(tick, niceStep(axis.low, axis.high, most)));
  }
  return axis;
}

Axis yAxisOf(const SeriesPanel& panel) {
  std::vector<double> values;
  for (const SeriesLine& line : panel.lines) {
    for (const auto* each : {&line.ys, &line.lows, &line.highs}) {
      values.insert(values.end(), each->begin(), each->end());
    }
  }
  for (const LevelMark& level : panel.levels) {
    values.push_back(level.y);
  }
  return axisFor(values, panel.scale, kTicks);
}

}  // namespace

struct SeriesFigure::Parts {
  std::vector<std::string> runs;
  double legend = 0.0;
  double gutter = 0.0;
  double side = 0.0;
  std::vector<double> titles;   // heights above the plots
  std::vector<double> heights;  // of the plots

  double total() const {
    double sum = legend + kAxisHeight;
    for (std::size_t i = 0; i < heights.size(); ++i) {
      sum += titles[i] + heights[i];
    }
    return sum + (double(heights.size()) - 1) * kPanelGap;
  }
};

SeriesFigure::SeriesFigure(SeriesData data) : data_(std::move(data)) {
  if (data_.panels.empty()) {
    data_.panels.emplace_back();
  }
}

QPointF SeriesFigure::PanelPlace::at(double step, double value) const {
  return {x.map(step, plot.left(), plot.right()), y.map(value, plot.bottom(), plot.top())};
}

namespace {

std::vector<LegendEntry> runLegend(const std::vector<std::string>& runs, Theme theme) {
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; runs.size() > 1 && i < runs.size(); ++i) {
    entries.push_back({cleaned(runs[i]), {categorical(theme, int(i))}, Swatch::Line});
  }
  return entries;
}

}  // namespace

SeriesFigure::Parts SeriesFigure::parts(double bodyWidth) const {
  Parts parts;
  parts.runs = runsOf(data_);
  const auto legend = runLegend(parts.runs, Theme::Light);
  parts.legend = legend.empty() ? 0.0 : placeLegend(legend, {}, bodyWidth, nullptr, Theme::Light) + 8;
  for (const SeriesPanel& panel : data_.panels) {
    for (const QString& text : yAxisOf(panel).texts) {
      parts.gutter = std::max(parts.gutter, std::ceil(textWidth(text, font(TextRole::Tick))) + 8);
    }
    std::vector<LegendEntry> entries;
    for (auto& [entry, y] : sideEntries(panel, parts.runs, nullptr, Theme::Light)) {
      entries.push_back(std::move(entry));
    }
    parts.side = std::max(parts.side, entries.empty() ? 0.0 : endLabelsWidth(entries, 0.32 * bodyWidth) + 12);
    parts.heights.push_back(std::max(kLeastPlot, double(entries.size()) * kEndLabelHeight));
  }
  for (const SeriesPanel& panel : data_.panels) {
    parts.titles.push_back(titleHeight(panel, bodyWidth - parts.side));
  }
  return parts;
}

double SeriesFigure::naturalWidth() const { return 720.0; }

double SeriesFigure::heightFor(double width) const {
  return headingsHeight(data_.headings, width) + parts(width - 2 * kMargin).total();
}

std::vector<SeriesFigure::PanelPlace> SeriesFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(data_.headings, rect, nullptr, Theme::Light);
  const Parts part = parts(body.width());
  const double extra = std::max(body.height() - part.total(), 0.0) / double(data_.panels.size());
  const double width = std::max(body.width() - part.gutter - part.side, 20.0);
  const Axis x = xAxisOf(data_, width);
  std::vector<PanelPlace> places;
  double top = body.top() + part.legend;
  for (std::size_t i = 0; i < data_.panels.size(); ++i) {
    const double height = part.heights[i] + extra;
    places.push_back(
        {QRectF(body.left() + part.gutter, top + part.titles[i], width, height), x, yAxisOf(data_.panels[i])});
    top += part.titles[i] + height + kPanelGap;
  }
  return places;
}

namespace {

using Place = SeriesFigure::PanelPlace;

void drawFrame(QPainter& painter, const Place& place, const SeriesPanel& panel, double gutter, Theme theme) {
  const Palette& colours = palette(theme);
  const double left = place.plot.left() - gutter;
  const double width = place.plot.right() - left;
  const double top = place.plot.top() - titleHeight(panel, width);
  const TextBlock block(titleOf(panel), font(TextRole::PanelTitle), width, 1);
  block.draw(painter, {left, top}, colours.ink);
  const auto entries = titleEntries(panel, theme);
  if (besideTitle(panel, width)) {
    const double wide = legendWidth(entries);
    placeLegend(entries, {place.plot.right() - wide, top - 1.5}, wide + 1, &painter, theme);
  } else {
    placeLegend(entries, {left, top + 16}, width, &painter, theme);
  }
  for (const double tick : place.x.ticks) {
    const double x = place.at(tick, place.y.low).x();
    painter.setPen(penOf(colours.grid, 1.0));
    painter.drawLine(QPointF(x, place.plot.top()), QPointF(x, place.plot.bottom()));
  }
  for (std::size_t i = 0; i < place.y.ticks.size(); ++i) {
    const double y = place.at(place.x.low, place.y.ticks[i]).y();
    painter.setPen(penOf(colours.grid, 1.0));
    painter.drawLine(QPointF(place.plot.left(), y), QPointF(place.plot.right(), y));
    drawLine(painter, {place.plot.left() - 6, y}, place.y.texts[i], font(TextRole::Tick), colours.muted, Anchor::Right);
  }
  painter.setPen(penOf(colours.axis, 1.0));
  painter.drawLine(place.plot.bottomLeft(), place.plot.bottomRight());
}

/// A noisy line in the usual width would be a filled area; all lines of a panel are equally wide.
double lineWidth(const Place& place, const SeriesPanel& panel) {
  for (const SeriesLine& line : panel.lines) {
    double travel = 0.0;
    for (std::size_t i = 1; i < std::min(line.xs.size(), line.ys.size()); ++i) {
      if (drawable(line.xs[i - 1], line.ys[i - 1], panel.scale) && drawable(line.xs[i], line.ys[i], panel.scale)) {
        travel += std::abs(place.at(0, line.ys[i]).y() - place.at(0, line.ys[i - 1]).y());
      }
    }
    if (travel > 15 * place.plot.height()) {
      return 0.9;
    }
  }
  return 1.6;
}

void drawSeries(QPainter& painter, const Place& place, const SeriesLine& line, const SeriesStyle& style, Scale scale,
                double width) {
  std::vector<QPointF> points;
  const auto flush = [&] {
    const auto kept = decimated(points, place.plot.left(), place.plot.right(), int(2 * place.plot.width()));
    if (kept.size() > 1) {
      painter.setPen(penOf(style.colour, width, style.dash));
      painter.drawPolyline(kept.data(), int(kept.size()));
    } else if (kept.size() == 1) {
      drawMarker(painter, kept.front(), Marker::Circle, 4.5, Qt::NoPen, style.colour);
    }
    points.clear();
  };
  for (std::size_t i = 0; i < std::min(line.xs.size(), line.ys.size()); ++i) {
    if (drawable(line.xs[i], line.ys[i], scale)) {
      points.push_back(place.at(line.xs[i], line.ys[i]));
    } else {
      flush();
    }
  }
  flush();
}

/// The interval around a line, lighter than it.
void drawBand(QPainter& painter, const Place& place, const SeriesLine& line, QColor colour, Scale scale) {
  QPolygonF outline;
  QPainterPath area;
  const std::size_t count = std::min({line.xs.size(), line.lows.size(), line.highs.size()});
  for (std::size_t i = 0; i < count; ++i) {
    if (drawable(line.xs[i], line.lows[i], scale) && drawable(line.xs[i], line.highs[i], scale)) {
      outline.prepend(place.at(line.xs[i], line.lows[i]));
      outline.append(place.at(line.xs[i], line.highs[i]));
    }
  }
  area.addPolygon(outline);
  colour.setAlphaF(kBandAlpha);
  painter.fillPath(area, colour);
}

/// Marks stand on the first line that reaches their step.
void drawMarks(QPainter& painter, const Place& place, const SeriesPanel& panel, Theme theme) {
  for (const StepMark& mark : panel.marks) {
    if (!(mark.x >= place.x.low && mark.x <= place.x.high)) {
      continue;
    }
    const double x = place.at(mark.x, place.y.high).x();
    painter.setPen(penOf(palette(theme).muted, 1.0, Dash::Dashed));
    painter.drawLine(QPointF(x, place.plot.top()), QPointF(x, place.plot.bottom()));
    for (const SeriesLine& line : panel.lines) {
      const auto found = std::lower_bound(line.xs.begin(), line.xs.end(), mark.x);
      const auto i = std::size_t(found - line.xs.begin());
      if (found != line.xs.end() && i < line.ys.size() && drawable(*found, line.ys[i], panel.scale)) {
        drawMarker(painter, QPointF(x, place.at(*found, line.ys[i]).y()), Marker::Circle, 7.5,
                   penOf(palette(theme).ink, 1.8), palette(theme).background);
        break;
      }
    }
  }
}

void drawStepAxis(QPainter& painter, const Place& place, const std::string& label, Theme theme) {
  const double bottom = place.plot.bottom();
  for (std::size_t i = 0; i < place.x.ticks.size(); ++i) {
    const double x = place.at(place.x.ticks[i], place.y.low).x();
    painter.setPen(penOf(palette(theme).axis, 1.0));
    painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 4));
    drawLine(painter, {x, bottom + 12}, place.x.texts[i], font(TextRole::Tick), palette(theme).muted, Anchor::Middle);
  }
  const TextBlock block(label, font(TextRole::Label), place.plot.width(), 1, Align::Centre);
  block.draw(painter, {place.plot.left(), bottom + 20}, palette(theme).muted);
}

}  // namespace

void SeriesFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(data_.headings, rect, &painter, theme);
  const Parts part = parts(body.width());
  const auto where = places(rect);
  placeLegend(runLegend(part.runs, theme), body.topLeft(), body.width(), &painter, theme);
  for (std::size_t i = 0; i < where.size(); ++i) {
    const Place& place = where[i];
    const SeriesPanel& panel = data_.panels[i];
    drawFrame(painter, place, panel, part.gutter, theme);
    for (const LevelMark& level : panel.levels) {
      if (drawable(0, level.y, panel.scale)) {
        painter.setPen(penOf(palette(theme).muted, 1.3, Dash::Dashed));
        painter.drawLine(place.at(place.x.low, level.y), place.at(place.x.high, level.y));
      }
    }
    bool any = false;
    const double width = lineWidth(place, panel);
    for (const SeriesLine& line : panel.lines) {
      drawBand(painter, place, line, styleOf(panel, line, part.runs, theme).colour, panel.scale);
      drawSeries(painter, place, line, styleOf(panel, line, part.runs, theme), panel.scale, width);
      for (std::size_t k = 0; !any && k < std::min(line.xs.size(), line.ys.size()); ++k) {
        any = drawable(line.xs[k], line.ys[k], panel.scale);
      }
    }
    if (!any) {
      drawNothing(painter, place.plot, QStringLiteral("No values yet"), theme);
    }
    drawMarks(painter, place, panel, theme);
    drawEndLabels(painter,
                  QRectF(place.plot.right() + 12, place.plot.top() - 4, part.side - 12, place.plot.height() + 8),
                  sideEntries(panel, part.runs, &place, theme), theme);
  }
  drawStepAxis(painter, where.back(), data_.xLabel, theme);
  painter.restore();
}

}  // namespace lix::figures
