#include "figures/curves_figure.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "figures/axis.h"
#include "figures/curves_draw.h"
#include "figures/curves_parts.h"
#include "figures/parts.h"
#include "figures/plot_parts.h"

namespace lix::figures {
namespace {

constexpr double kPanelGap = 22.0;
constexpr double kAxisHeight = 36.0;  // tick numbers and the axis' label

}  // namespace

/// How the body is divided, before heights are known.
struct CurvesFigure::Parts {
  int columns = 1;
  int rows = 1;
  double gutter = 0.0;
  double labels = 0.0;    // width of the column of labels, 0: a legend above
  double legend = 0.0;    // its height with the gap below
  double axisName = 0.0;  // a line for the name of the y axis where panels have titles
  double title = 0.0;     // room above a plot
  double plotWidth = 1.0;
  double plotHeight = 1.0;
};

CurvesFigure::CurvesFigure(CurvesData data) : data_(std::move(data)) {
  if (data_.panels.empty()) {
    data_.panels.emplace_back();
  }
}

QPointF CurvesFigure::PanelPlace::at(double shots, double accuracy) const {
  const double u = shots > 0 ? std::log2(shots) : uZero;
  return {plot.left() + (u - uLow) / (uHigh - uLow) * plot.width(),
          plot.bottom() - (accuracy - yLow) / (yHigh - yLow) * plot.height()};
}

Headings CurvesFigure::headings() const {
  Headings headings = data_.headings;
  int fewest = 0;
  int most = 0;
  bool banded = false;
  for (const CurvesPanel& panel : data_.panels) {
    for (const CurveSeries& series : panel.series) {
      for (const CurvePoint& point : series.points) {
        if (usable(point) && point.x > 0) {
          fewest = fewest == 0 ? point.n : std::min(fewest, point.n);
          most = std::max(most, point.n);
          banded = banded || hasBand(point);
        }
      }
    }
  }
  std::string said;
  if (banded) {
    said = fewest == most ? cat("Bands: ", data_.bandLabel, " over ", most, " repeats.")
                          : cat("Bands: ", data_.bandLabel, " over ", fewest, " to ", most, " repeats.");
  } else if (most == 1) {
    said = "One seed: no bands.";
  }
  headings.notes = join(headings.notes.empty() ? std::vector{said} : std::vector{headings.notes, said}, " ");
  return headings;
}

CurvesFigure::Parts CurvesFigure::parts(double bodyWidth) const {
  const Styles styles(data_);
  const auto legend = legendOf(data_, styles, Theme::Light);
  const int count = int(data_.panels.size());
  Parts parts;
  parts.gutter = gutterOf(rangesOf(data_).y);
  parts.columns = columnsFor(count, bodyWidth - parts.gutter, 170, kPanelGap, 4);
  parts.rows = (count + parts.columns - 1) / parts.columns;
  const auto plotWidth = [&] {
    return std::max((bodyWidth - parts.gutter - parts.labels - (parts.columns - 1) * kPanelGap) / parts.columns, 20.0);
  };
  const auto plotHeight = [&] {
    return count == 1 ? std::clamp(0.56 * plotWidth(), 170.0, 380.0) : std::clamp(0.72 * plotWidth(), 110.0, 260.0);
  };
  const double column = endLabelsWidth(legend, 0.36 * bodyWidth) + 10;
  const bool fits = endLabelsWidth(legend, 1e9) + 10 <= column && bodyWidth >= 460 && count == 1;
  parts.labels = fits ? column : 0.0;
  if (fits && double(legend.size()) * kEndLabelHeight > plotHeight()) {
    parts.labels = 0.0;
  }
  const bool above = parts.labels == 0.0 && !legend.empty();
  parts.legend = above ? placeLegend(legend, {}, bodyWidth, nullptr, Theme::Light) + 10 : 0.0;
  parts.axisName = data_.panels.front().title.empty() ? 0.0 : 17.0;
  parts.plotWidth = plotWidth();
  parts.title = roomForTitles(data_.panels, parts.plotWidth);
  parts.plotHeight = plotHeight();
  return parts;
}

double CurvesFigure::naturalWidth() const { return data_.panels.size() == 1 ? 660.0 : 820.0; }

double CurvesFigure::heightFor(double width) const {
  const Parts part = parts(width - 2 * kMargin);
  return headingsHeight(headings(), width) + part.legend + part.axisName +
         part.rows * (part.title + part.plotHeight + kAxisHeight) + (part.rows - 1) * 10;
}

std::vector<CurvesFigure::PanelPlace> CurvesFigure::places(const QRectF& rect) const {
  const QRectF body = placeHeadings(headings(), rect, nullptr, Theme::Light);
  const Parts part = parts(body.width());
  const Ranges ranges = rangesOf(data_);
  PanelPlace place;
  const double first = ranges.shots.empty() ? 0.0 : std::log2(*ranges.shots.begin());
  const double last = ranges.shots.empty() ? 0.0 : std::log2(*ranges.shots.rbegin());
  const double span = std::max(last - first + 1.2, 2.0);
  place.uZero = first - 0.22 * span;
  place.uLow = (ranges.zero ? place.uZero : first) - 0.07 * span;
  place.uHigh = last + 0.05 * span;
  place.yLow = ranges.y.low;
  place.yHigh = ranges.y.high;
  const double rowHeight = (body.height() - part.legend - part.axisName - (part.rows - 1) * 10) / part.rows;
  std::vector<PanelPlace> places;
  for (std::size_t i = 0; i < data_.panels.size(); ++i) {
    const int row = int(i) / part.columns;
    const int column = int(i) % part.columns;
    const double left = body.left() + part.gutter + column * (part.plotWidth + kPanelGap);
    const double top = body.top() + part.legend + part.axisName + row * (rowHeight + 10);
    place.cell = QRectF(left, top, part.plotWidth, rowHeight);
    place.plot = place.cell.adjusted(0, part.title, 0, -kAxisHeight);
    place.plot.setHeight(std::max(place.plot.height(), 10.0));
    places.push_back(place);
  }
  return places;
}

namespace {

using Place = CurvesFigure::PanelPlace;

void drawAxes(QPainter& painter, const Place& place, const Ranges& ranges, const std::string& xLabel, bool numbers,
              Theme theme) {
  const Palette& colours = palette(theme);
  for (std::size_t i = 0; i < ranges.y.ticks.size(); ++i) {
    const double y = place.at(1, ranges.y.ticks[i]).y();
    painter.setPen(penOf(colours.grid, 1.0));
    painter.drawLine(QPointF(place.plot.left(), y), QPointF(place.plot.right(), y));
    if (numbers) {
      drawLine(painter, {place.plot.left() - 6, y}, ranges.y.texts[i], font(TextRole::Tick), colours.muted,
               Anchor::Right);
    }
  }
  const double bottom = place.plot.bottom();
  double left = place.plot.left();
  const auto tick = [&](double shots, const QString& text) {
    const double x = place.at(shots, 0).x();
    painter.setPen(penOf(colours.axis, 1.0));
    painter.drawLine(QPointF(x, bottom), QPointF(x, bottom + 4));
    drawLine(painter, {x, bottom + 12}, text, font(TextRole::Tick), colours.muted, Anchor::Middle);
  };
  painter.setPen(penOf(colours.axis, 1.0));
  if (ranges.zero && !ranges.shots.empty()) {
    // The axis is broken between zero, which a logarithm cannot reach, and the first shots.
    const double gap = (place.at(0, 0).x() + place.at(*ranges.shots.begin(), 0).x()) / 2;
    painter.drawLine(QPointF(left, bottom), QPointF(gap - 3, bottom));
    for (const double x : {gap - 3, gap + 3}) {
      painter.drawLine(QPointF(x - 2, bottom + 4), QPointF(x + 2, bottom - 4));
    }
    left = gap + 3;
  }
  painter.drawLine(QPointF(left, bottom), QPointF(place.plot.right(), bottom));
  if (ranges.zero) {
    tick(0, QStringLiteral("0"));
  }
  for (const double shots : ranges.shots.empty() ? std::vector<double>() : shotTicks(ranges.shots)) {
    tick(shots, QString::number(shots));
  }
  const TextBlock label(xLabel, font(TextRole::Label), place.plot.width(), 1, Align::Centre);
  label.draw(painter, {place.plot.left(), bottom + 20}, colours.muted);
}

void drawLabels(QPainter& painter, const Place& place, const CurvesPanel& panel, const Styles& styles, double width,
                Theme theme) {
  std::vector<std::pair<LegendEntry, double>> labels;
  for (const CurveSeries& series : panel.series) {
    double y = NAN;
    for (const CurvePoint& point : series.points) {
      y = usable(point) ? place.at(point.x, point.mean).y() : y;
    }
    labels.emplace_back(entryOf(series, styles, theme), y);
  }
  for (const ReferenceLine& line : panel.references) {
    labels.emplace_back(entryOf(line, theme), std::isfinite(line.y) ? place.at(1, line.y).y() : NAN);
  }
  drawEndLabels(painter, QRectF(place.plot.right() + 10, place.plot.top() - 6, width - 10, place.plot.height() + 12),
                labels, theme);
}

}  // namespace

void CurvesFigure::draw(QPainter& painter, const QRectF& rect, Theme theme) const {
  painter.save();
  const QRectF body = placeHeadings(headings(), rect, &painter, theme);
  const Parts part = parts(body.width());
  const Styles styles(data_);
  const Ranges ranges = rangesOf(data_);
  const auto where = places(rect);
  if (part.legend > 0) {
    placeLegend(legendOf(data_, styles, theme), body.topLeft(), body.width(), &painter, theme);
  }
  const TextBlock axisName(data_.yLabel, font(TextRole::Label), body.width(), 1);
  axisName.draw(painter, {body.left(), body.top() + part.legend}, palette(theme).muted);
  for (std::size_t i = 0; i < where.size(); ++i) {
    const Place& place = where[i];
    const bool first = int(i) % part.columns == 0;
    const CurvesPanel& panel = data_.panels[i];
    drawAxes(painter, place, ranges, data_.xLabel, first, theme);
    drawPanelTitle(painter, panel.title, place.plot, theme);
    if (!drawCurves(painter, place, panel, styles, theme)) {
      drawNothing(painter, place.plot, QStringLiteral("No results yet"), theme);
    }
  }
  if (part.labels > 0) {
    drawLabels(painter, where.front(), data_.panels.front(), styles, part.labels, theme);
  }
  painter.restore();
}

}  // namespace lix::figures
