#include "charts/series_chart.h"

#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QLabel>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QVBoxLayout>
#include <QValueAxis>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "charts/chart_legend.h"
#include "charts/chart_look.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kMostTicks = 6;
constexpr const char* kEntry = "entry";

QString textOf(const figures::SeriesLine& line) {
  return figures::cleaned(line.run.empty() ? line.label : line.run + ", " + line.label);
}

QString textOf(const figures::StepMark& mark) { return SeriesChart::tr("%1 (step %2)").arg(figures::cleaned(mark.label)).arg(mark.x, 0, 'f', 0); }
QString textOf(const figures::LevelMark& level) { return SeriesChart::tr("%1 (%2)").arg(figures::cleaned(level.label), figures::shortText(level.y)); }

/// What of a line can be drawn, thinned to the columns of the plot.
QList<QPointF> pointsOf(const std::vector<double>& xs, const std::vector<double>& ys, bool log, int columns) {
  std::vector<QPointF> points;
  for (std::size_t i = 0; i < std::min(xs.size(), ys.size()); ++i) {
    if (std::isfinite(ys[i]) && std::isfinite(xs[i]) && (!log || ys[i] > 0.0)) {
      points.emplace_back(xs[i], ys[i]);
    }
  }
  if (points.size() > 2) {
    points = figures::decimated(points, points.front().x(), points.back().x(), columns);
  }
  return {points.begin(), points.end()};
}

figures::SeriesStyle styleOf(int index, figures::Theme theme) {
  return {figures::categorical(theme, index), figures::Dash((index / figures::kCategoricalCount) % figures::kDashCount), figures::Marker::Circle};
}

bool sameLines(const figures::SeriesPanel& a, const figures::SeriesPanel& b) {
  const auto same = [](const auto& x, const auto& y) { return x.label == y.label; };
  return a.scale == b.scale && a.title == b.title &&
         std::ranges::equal(a.lines, b.lines, [](const auto& x, const auto& y) { return x.label == y.label && x.run == y.run; }) &&
         std::ranges::equal(a.marks, b.marks, same) && std::ranges::equal(a.levels, b.levels, same);
}

}  // namespace

std::vector<double> smoothed(const std::vector<double>& values, double weight) {
  std::vector<double> result(values.size());
  double sum = 0.0, whole = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) {
      sum = weight * sum + (1.0 - weight) * values[i];
      whole = weight * whole + (1.0 - weight);
    }
    result[i] = std::isfinite(values[i]) ? sum / whole : values[i];
  }
  return result;
}

SeriesChart::SeriesChart(QWidget* parent) : QWidget(parent) {
  chart_ = new QChart;
  view_ = new QChartView(chart_);
  view_->setRenderHint(QPainter::Antialiasing);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setRubberBand(QChartView::RectangleRubberBand);
  view_->setToolTip(tr("Drag to zoom in, or Ctrl and the wheel; a double click shows everything again."));
  view_->viewport()->installEventFilter(this);
  legend_ = new ChartLegend;
  nothing_ = new QLabel;
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  nothing_->setProperty("muted", true);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(legend_);
  column->addWidget(view_, 1);
  column->addWidget(nothing_, 1);
  connect(legend_, &ChartLegend::changed, this, [this] {
    showHidden();
    updateRanges();
  });
  setMinimumSize(220, 150);
  rebuild();
}

bool SeriesChart::isZoomed() const { return chart_->isZoomed(); }

void SeriesChart::setEmptyText(const QString& text) { nothing_->setText(text); }

void SeriesChart::setSmoothing(double weight) {
  smoothing_ = std::clamp(weight, 0.0, 0.99);
  update();
}

void SeriesChart::setPanel(const figures::SeriesPanel& panel) {
  const bool same = sameLines(panel, panel_) && raw_.size() == panel.lines.size();
  panel_ = panel;
  same ? update() : rebuild();
}

void SeriesChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    rebuild();
  }
}

bool SeriesChart::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::MouseButtonDblClick) {
    chart_->zoomReset();
    updateRanges();
    return true;
  }
  if (event->type() == QEvent::Wheel) {
    auto* wheel = static_cast<QWheelEvent*>(event);
    if (wheel->modifiers() & Qt::ControlModifier) {
      chart_->zoom(wheel->angleDelta().y() > 0 ? 1.25 : 0.8);
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

void SeriesChart::rebuild() {
  chart_->removeAllSeries();
  for (QAbstractAxis* axis : chart_->axes()) {
    chart_->removeAxis(axis);
    delete axis;
  }
  raw_.clear();
  smooth_.clear();
  marks_.clear();
  levels_.clear();
  const figures::Theme theme = themeOf(palette());
  applyLook(*chart_, theme);
  chart_->setTitle(figures::cleaned(panel_.title));
  view_->setAccessibleName(figures::cleaned(panel_.title));
  view_->setBackgroundBrush(figures::palette(theme).background);
  auto* x = new QValueAxis;
  x->setTitleText(tr("Step"));
  QAbstractAxis* y = panel_.scale == figures::Scale::Log ? static_cast<QAbstractAxis*>(new QLogValueAxis) : new QValueAxis;
  applyLook(*x, theme);
  applyLook(*y, theme);
  chart_->addAxis(x, Qt::AlignBottom);
  chart_->addAxis(y, Qt::AlignLeft);
  const auto add = [&](const QString& entry, const QPen& pen) {
    auto* line = new QLineSeries;
    line->setPen(pen);
    line->setProperty(kEntry, entry);
    chart_->addSeries(line);
    line->attachAxis(x);
    line->attachAxis(y);
    return line;
  };
  std::vector<figures::LegendEntry> entries;
  for (std::size_t i = 0; i < panel_.lines.size(); ++i) {
    const figures::SeriesStyle style = styleOf(int(i), theme);
    QColor faint = style.colour;
    faint.setAlphaF(0.25f);
    raw_.push_back(add(textOf(panel_.lines[i]), QPen(faint, 1.2)));
    smooth_.push_back(add(textOf(panel_.lines[i]), linePen(style, 1.8)));
    entries.push_back({textOf(panel_.lines[i]), style, figures::Swatch::Line});
  }
  const figures::SeriesStyle quiet{figures::palette(theme).muted, figures::Dash::Dashed, figures::Marker::Circle};
  for (const auto& mark : panel_.marks) {
    marks_.push_back(add(textOf(mark), linePen(quiet, 1.2)));
    entries.push_back({textOf(mark), quiet, figures::Swatch::Line});
  }
  for (const auto& level : panel_.levels) {
    levels_.push_back(add(textOf(level), linePen(quiet, 1.2)));
    entries.push_back({textOf(level), quiet, figures::Swatch::Line});
  }
  legend_->setEntries(entries);
  update();
}

void SeriesChart::update() {
  const bool log = panel_.scale == figures::Scale::Log;
  const int columns = std::max(100, view_->width());
  bool any = false;
  for (std::size_t i = 0; i < panel_.lines.size(); ++i) {
    const figures::SeriesLine& line = panel_.lines[i];
    const QList<QPointF> shown = pointsOf(line.xs, smoothing_ > 0.0 ? smoothed(line.ys, smoothing_) : line.ys, log, columns);
    smooth_[i]->replace(shown);
    smooth_[i]->setPointsVisible(shown.size() == 1);
    raw_[i]->replace(smoothing_ > 0.0 ? pointsOf(line.xs, line.ys, log, columns) : QList<QPointF>());
    any = any || !shown.isEmpty();
  }
  view_->setVisible(any);
  legend_->setVisible(any);
  nothing_->setVisible(!any);
  showHidden();
  if (!chart_->isZoomed()) {
    updateRanges();
  }
}

void SeriesChart::updateRanges() {
  const bool log = panel_.scale == figures::Scale::Log;
  std::vector<double> xs, ys;
  for (const auto* group : {&raw_, &smooth_}) {
    for (const QLineSeries* line : *group) {
      for (const QPointF& point : line->isVisible() ? line->points() : QList<QPointF>()) {
        xs.push_back(point.x());
        ys.push_back(point.y());
      }
    }
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (legend_->isShown(levels_[i]->property(kEntry).toString())) {
      ys.push_back(panel_.levels[i].y);
    }
  }
  if (xs.empty()) {
    return;
  }
  const auto [first, last] = std::ranges::minmax(xs);
  const double end = last > first ? last : first + 1.0;
  auto* x = static_cast<QValueAxis*>(chart_->axes(Qt::Horizontal).first());
  setAxis(*x, {.low = first, .high = end, .scale = figures::Scale::Linear, .ticks = figures::niceTicks(first, end, kMostTicks), .texts = {}});
  const figures::Axis y = figures::axisFor(ys, panel_.scale, kMostTicks);
  QAbstractAxis* axis = chart_->axes(Qt::Vertical).first();
  if (log) {
    auto* logarithmic = static_cast<QLogValueAxis*>(axis);
    logarithmic->setBase(10.0);
    // Less than a decade would show no tick at all.
    const double low = std::pow(10.0, std::floor(std::log10(y.low))), high = std::pow(10.0, std::ceil(std::log10(y.high)));
    logarithmic->setRange(low, high);
    logarithmic->setLabelFormat("%g");
  } else {
    setAxis(*static_cast<QValueAxis*>(axis), y);
  }
  const double bottom = log ? static_cast<QLogValueAxis*>(axis)->min() : y.low, top = log ? static_cast<QLogValueAxis*>(axis)->max() : y.high;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    marks_[i]->replace(QList<QPointF>{{panel_.marks[i].x, bottom}, {panel_.marks[i].x, top}});
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    levels_[i]->replace(QList<QPointF>{{first, panel_.levels[i].y}, {end, panel_.levels[i].y}});
  }
}

void SeriesChart::showHidden() {
  for (QAbstractSeries* series : chart_->series()) {
    series->setVisible(legend_->isShown(series->property(kEntry).toString()));
  }
}

}  // namespace lix::widgets
