// What the axes of a series chart hold, and what stands beside them.
#include <QCategoryAxis>
#include <QChartView>
#include <QLineSeries>
#include <algorithm>
#include <cmath>

#include "charts/chart_look.h"
#include "charts/chart_scale.h"
#include "charts/series_chart.h"

namespace lix::widgets {
namespace {

constexpr int kTickWidth = 75, kTickHeight = 34;  // room for a number beside an axis
constexpr double kOutliers = 0.02;                // of the drawn values, at either end
constexpr double kAir = 0.05;                     // around a range without outliers

/// [low, high] of what lies within all but `share` of the values at either end.
std::pair<double, double> innerRange(std::vector<double> values, double share) {
  const auto nth = [&](double place) {
    const auto at = values.begin() + std::ptrdiff_t(std::lround(place * double(values.size() - 1)));
    std::nth_element(values.begin(), at, values.end());
    return *at;
  };
  const double low = nth(share), high = nth(1.0 - share);
  return {low, high};
}

}  // namespace

int SeriesChart::mostTicks(Qt::Orientation direction) const {
  return direction == Qt::Horizontal ? std::clamp(view_->width() / kTickWidth, 2, 9)
                                     : std::clamp(view_->height() / kTickHeight, 2, 8);
}

void SeriesChart::updateTicks() {
  if (x_ == nullptr) {
    return;
  }
  const double steps = std::max(1.0, x_->max() - x_->min()) + 1.0;  // there is nothing between two steps
  setTicks(*x_, linearTicks(x_->min(), x_->max(), int(std::min<double>(steps, mostTicks(Qt::Horizontal)))));
  setTicks(*y_, (isLog() ? logTicks : linearTicks)(y_->min(), y_->max(), mostTicks(Qt::Vertical)));
}

QString SeriesChart::titleText() const {
  const QString title = figures::cleaned(panel_.title);
  const bool asked = logarithmic_ || panel_.scale == figures::Scale::Log;
  return isLog()                  ? tr("%1 (logarithmic)").arg(title)
         : asked && !lines_.empty() ? tr("%1 (linear: values below or at zero)").arg(title)
                                  : title;
}

std::vector<QPointF> SeriesChart::bandOf(std::size_t line) const {
  const ChartLine& of = lines_[line];
  std::vector<QPointF> outline;
  const std::size_t count = std::min(of.lows().size(), of.highs().size());
  for (const auto* side : {&of.lows(), &of.highs()}) {
    std::vector<QPointF> edge;
    for (std::size_t i = 0; i < count; ++i) {
      if (drawable(of.lows()[i], scale()) && drawable(of.highs()[i], scale())) {
        edge.push_back({of.measured().xs()[i], drawn((*side)[i], scale())});
      }
    }
    if (side == &of.highs()) {
      std::ranges::reverse(edge);
    }
    outline.insert(outline.end(), edge.begin(), edge.end());
  }
  return outline;
}

void SeriesChart::updateRanges() {
  double first = INFINITY, last = -INFINITY;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const SeriesPyramid& samples = lines_[i].measured();
    if (raw_[i]->isVisible() && samples.extent(0, samples.size())) {
      first = std::min(first, samples.xs().front());
      last = std::max(last, samples.xs().back());
    }
  }
  if (!(first <= last)) {
    drawLines();
    return;
  }
  // Counted from the start of the training, unless only a late part of it is there.
  first = first > 0.0 && first < 0.1 * last ? 0.0 : first;
  x_->setRange(first, last > first ? last : first + 1.0);
  drawLines();
  fitValues();
  updateTicks();
  placeMarks();
}

void SeriesChart::fitValues() {
  std::vector<double> ys;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    for (const QPointF& point : raw_[i]->isVisible() ? bandOf(i) : std::vector<QPointF>()) {
      ys.push_back(point.y());
    }
  }
  for (const auto* group : {&faint_, &drawn_}) {
    for (std::size_t i = 0; i < group->size(); ++i) {
      for (const QPointF& point : raw_[i]->isVisible() ? (*group)[i] : std::vector<QPointF>()) {
        if (!isGap(point)) {
          ys.push_back(point.y());
        }
      }
    }
  }
  if (ys.empty()) {
    return;
  }
  if (range_ == Range::WithoutOutliers) {
    const auto [low, high] = innerRange(ys, kOutliers);
    const double air = kAir * (high - low);
    ys = {low - air, high + air};
  }
  for (double& y : ys) {
    y = isLog() ? std::pow(10.0, y) : y;
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (levels_[i]->isVisible()) {
      ys.push_back(panel_.levels[i].y);
    }
  }
  const figures::Axis wanted = figures::axisFor(ys, scale(), mostTicks(Qt::Vertical));
  const double low = drawn(wanted.low, scale()), high = drawn(wanted.high, scale());
  const auto [bottom, top] = isLog() ? std::pair(low, high) : steadyRange(low, high, mostTicks(Qt::Vertical));
  y_->setRange(bottom, top);
}

void SeriesChart::placeMarks() {
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const double step = panel_.marks[i].x;
    marks_[i]->replace(QList<QPointF>{{step, y_->min()}, {step, y_->max()}});
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const double value = panel_.levels[i].y;
    const double y = drawable(value, scale()) ? drawn(value, scale()) : NAN;
    levels_[i]->replace(std::isfinite(y) ? QList<QPointF>{{x_->min(), y}, {x_->max(), y}} : QList<QPointF>());
  }
}

}  // namespace lix::widgets
