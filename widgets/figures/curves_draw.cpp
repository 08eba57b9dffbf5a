#include "figures/curves_draw.h"

#include <algorithm>
#include <cmath>

#include "figures/parts.h"

namespace lix::figures {
namespace {

using Place = CurvesFigure::PanelPlace;

constexpr double kDot = 6.5, kZeroDot = 7.5;  // pixels across
constexpr double kZeroGap = 9.0;              // between hollow dots, and at most
constexpr double kZeroRoom = 0.1;             // of the plot's width for all of them

void drawBands(QPainter& painter, const Place& place, const CurveSeries& series, const QColor& colour) {
  QPolygonF upper;
  QPolygonF lower;
  const auto flush = [&] {
    std::reverse(lower.begin(), lower.end());
    QColor fill = colour;
    fill.setAlphaF(0.17F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    if (upper.size() > 1) {
      painter.drawPolygon(upper + lower);
    }
    painter.setBrush(Qt::NoBrush);
    upper.clear();
    lower.clear();
  };
  for (const CurvePoint& point : series.points) {
    if (!usable(point) || !hasBand(point) || point.x <= 0) {
      if (point.x != 0) {
        flush();
      }
      continue;
    }
    upper << place.at(point.x, point.high);
    lower << place.at(point.x, point.low);
  }
  flush();
}

void drawLine(QPainter& painter, const Place& place, const CurveSeries& series, const SeriesStyle& style) {
  QPolygonF line;
  const auto flush = [&] {
    painter.setPen(penOf(style.colour, 2.0, style.dash));
    if (line.size() > 1) {
      painter.drawPolyline(line);
    }
    line.clear();
  };
  for (const CurvePoint& point : series.points) {
    if (usable(point) && point.x > 0) {
      line << place.at(point.x, point.mean);
    } else if (point.x != 0) {
      flush();
    }
  }
  flush();
}

}  // namespace

std::vector<CurveDot> dotsOf(const Place& place, const CurvesPanel& panel) {
  std::vector<CurveDot> dots;
  std::vector<std::size_t> zeros;
  for (std::size_t s = 0; s < panel.series.size(); ++s) {
    const std::vector<CurvePoint>& points = panel.series[s].points;
    for (std::size_t p = 0; p < points.size(); ++p) {
      if (usable(points[p])) {
        if (points[p].x == 0) {
          zeros.push_back(dots.size());
        }
        dots.push_back({int(s), int(p), place.at(points[p].x, points[p].mean)});
      }
    }
  }
  const double step = zeros.size() > 1 ? std::min(kZeroGap, kZeroRoom * place.plot.width() / double(zeros.size() - 1)) : 0.0;
  for (std::size_t i = 0; i < zeros.size(); ++i) {
    dots[zeros[i]].at.rx() += (double(i) - double(zeros.size() - 1) / 2) * step;
  }
  return dots;
}

bool drawCurves(QPainter& painter, const Place& place, const CurvesPanel& panel, const Styles& styles, Theme theme) {
  for (const ReferenceLine& line : panel.references) {
    if (std::isfinite(line.y)) {
      painter.setPen(penOf(palette(theme).muted, 1.3, Dash::Dashed));
      const double y = place.at(1, line.y).y();
      painter.drawLine(QPointF(place.plot.left(), y), QPointF(place.plot.right(), y));
    }
  }
  std::vector<SeriesStyle> looks;
  for (const CurveSeries& series : panel.series) {
    looks.push_back(styles.of(series, theme));
    drawBands(painter, place, series, looks.back().colour);
  }
  for (std::size_t i = 0; i < looks.size(); ++i) {
    drawLine(painter, place, panel.series[i], looks[i]);
  }
  const std::vector<CurveDot> dots = dotsOf(place, panel);
  for (const CurveDot& dot : dots) {
    const SeriesStyle& look = looks[std::size_t(dot.series)];
    const CurvePoint& point = panel.series[std::size_t(dot.series)].points[std::size_t(dot.point)];
    if (point.x > 0) {
      drawMarker(painter, dot.at, look.marker, kDot, penOf(palette(theme).background, 1.0), look.colour);
      continue;
    }
    if (hasBand(point)) {
      painter.setPen(penOf(look.colour, 1.4));
      painter.drawLine(QPointF(dot.at.x(), place.at(0, point.low).y()), QPointF(dot.at.x(), place.at(0, point.high).y()));
    }
    drawMarker(painter, dot.at, look.marker, kZeroDot, penOf(look.colour, 1.8), palette(theme).background);
  }
  return !dots.empty() || !panel.references.empty();
}

}  // namespace lix::figures
