// Reading values off a series chart: at the pointer, or sample by sample with the keys.
#include <QChart>
#include <QChartView>
#include <QLineSeries>
#include <algorithm>
#include <cmath>

#include "charts/chart_scale.h"
#include "charts/series_chart.h"
#include "charts/series_shown.h"
#include "figures/text_block.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

/// Index of the sample nearest to a step; the line has one.
std::size_t nearest(const std::vector<double>& xs, double step) {
  const auto after = std::ranges::lower_bound(xs, step);
  if (after == xs.end()) {
    return xs.size() - 1;
  }
  const bool before = after != xs.begin() && step - *(after - 1) <= *after - step;
  return std::size_t(after - xs.begin()) - (before ? 1 : 0);
}

QString numberOf(double value) { return std::isfinite(value) ? QString::number(value, 'g', 4) : SeriesChart::tr("none"); }

}  // namespace

std::optional<double> SeriesChart::sampleNear(double step) const {
  std::optional<double> found;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto& xs = lines_[i].measured().xs();
    if (raw_[i]->isVisible() && !xs.empty()) {
      const double at = xs[nearest(xs, step)];
      found = !found || std::abs(at - step) < std::abs(*found - step) ? at : *found;
    }
  }
  return found;
}

std::optional<double> SeriesChart::sampleBeside(double step, int direction) const {
  std::optional<double> found;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto& xs = lines_[i].measured().xs();
    const auto after = std::ranges::upper_bound(xs, step);
    const auto from = std::ranges::lower_bound(xs, step);
    if (!raw_[i]->isVisible() || (direction > 0 ? after == xs.end() : from == xs.begin())) {
      continue;
    }
    const double at = direction > 0 ? *after : *(from - 1);
    found = !found || std::abs(at - step) < std::abs(*found - step) ? at : *found;
  }
  return found;
}

void SeriesChart::readAt(const QPointF& place) {
  const QRectF plot = chart_->plotArea();
  if (!plot.contains(place) || !view_->isVisible()) {
    readStep({});
    return;
  }
  const auto [first, last] = steps();
  readStep(sampleNear(first + (place.x() - plot.left()) / plot.width() * (last - first)));
}

SeriesCursor::Reading SeriesChart::readingOf(std::size_t line, double step) const {
  const ChartLine& of = lines_[line];
  const std::size_t at = nearest(of.measured().xs(), step);
  const double value = of.measured().ys()[at], x = of.measured().xs()[at];
  const QString name = textOf(of);
  SeriesCursor::Reading reading{name.isEmpty() ? figures::cleaned(panel_.title) : name, numberOf(value), styleOf(line).colour, {x, NAN}};
  if (at < of.lows().size() && at < of.highs().size()) {
    reading.value = tr("%1 (%2 to %3)").arg(reading.value, numberOf(of.lows()[at]), numberOf(of.highs()[at]));
  } else if (of.smoothing() > 0.0) {
    reading.value = tr("%1 (smoothed %2)").arg(reading.value, numberOf(of.shown().ys()[at]));
  }
  if (x != step) {
    reading.value = tr("%1 at step %2").arg(reading.value).arg(x, 0, 'f', 0);
  }
  if (const double shown = of.shown().ys()[at]; drawable(shown, scale())) {
    reading.at.setY(drawn(shown, scale()));
  }
  return reading;
}

void SeriesChart::readStep(std::optional<double> step) {
  read_ = step;
  reading_.clear();
  if (!step) {
    cursor_->hide();
    view_->setAccessibleDescription({});
    return;
  }
  std::vector<SeriesCursor::Reading> readings;
  QStringList texts;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (raw_[i]->isVisible() && lines_[i].measured().size() > 0) {
      readings.push_back(readingOf(i, *step));
      texts << QStringLiteral("%1 %2").arg(readings.back().name, readings.back().value);
    }
  }
  const QString heading = tr("Step %1").arg(*step, 0, 'f', 0);
  reading_ = QStringLiteral("%1: %2").arg(heading, texts.join(QStringLiteral(", ")));
  view_->setAccessibleDescription(reading_);
  cursor_->read(*step, heading, std::move(readings), themeOf(palette()));
}

bool SeriesChart::readByKey(int key) {
  const auto [first, last] = steps();
  std::optional<double> wanted;
  switch (key) {
    case Qt::Key_Left:
      wanted = read_ ? sampleBeside(*read_, -1) : sampleNear(last);
      break;
    case Qt::Key_Right:
      wanted = read_ ? sampleBeside(*read_, 1) : sampleNear(first);
      break;
    case Qt::Key_Home:
      wanted = sampleNear(first);
      break;
    case Qt::Key_End:
      wanted = sampleNear(last);
      break;
    case Qt::Key_Escape:
      if (!read_) {
        return false;
      }
      readStep({});
      return true;
    default:
      return false;
  }
  if (wanted) {
    readStep(wanted);
  }
  return true;
}

}  // namespace lix::widgets
