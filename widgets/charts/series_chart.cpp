#include "charts/series_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QEvent>
#include <QLabel>
#include <QLineSeries>
#include <QPainter>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "charts/chart_legend.h"
#include "charts/chart_look.h"
#include "charts/series_shown.h"
#include "figure_view/figure_export.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kEdge = 6;
constexpr int kTickWidth = 75, kTickHeight = 34;  // room for a number beside an axis
constexpr double kThin = 1.0, kThick = 1.6;  // lines
constexpr double kWheelStep = 1.25;
constexpr const char* kEntry = "entry";

bool drawable(double value, figures::Scale scale) {
  return std::isfinite(value) && (scale == figures::Scale::Linear || value > 0.0);
}

double drawn(double value, figures::Scale scale) {
  return scale == figures::Scale::Log ? std::log10(value) : value;
}

/// What of a line can be drawn, thinned to the columns of the plot: between two steps, and one point beyond each.
QList<QPointF> pointsOf(const figures::SeriesLine& line, const std::vector<double>& ys, figures::Scale scale,
                        std::pair<double, double> window, int columns) {
  std::vector<QPointF> points;
  for (std::size_t i = 0; i < std::min(line.xs.size(), ys.size()); ++i) {
    if (!drawable(ys[i], scale) || !std::isfinite(line.xs[i])) {
      continue;
    }
    const QPointF point(line.xs[i], drawn(ys[i], scale));
    if (!points.empty() && point.x() < window.first) {
      points.back() = point;
      continue;
    }
    points.push_back(point);
    if (point.x() > window.second) {
      break;
    }
  }
  if (points.size() > 2) {
    points = figures::decimated(points, points.front().x(), points.back().x(), columns);
  }
  return {points.begin(), points.end()};
}

figures::SeriesStyle styleOf(int index, figures::Theme theme) {
  return {figures::categorical(theme, index),
          figures::Dash((index / figures::kCategoricalCount) % figures::kDashCount), figures::Marker::Circle};
}

bool sameLines(const figures::SeriesPanel& a, const figures::SeriesPanel& b) {
  const auto same = [](const auto& x, const auto& y) { return textOf(x) == textOf(y); };
  return a.scale == b.scale && a.title == b.title && std::ranges::equal(a.lines, b.lines, same) &&
         std::ranges::equal(a.marks, b.marks, same) && std::ranges::equal(a.levels, b.levels, same);
}

}  // namespace

SeriesChart::SeriesChart(QWidget* parent) : QWidget(parent) {
  chart_ = new QChart;
  view_ = new QChartView(chart_);
  view_->setRenderHint(QPainter::Antialiasing);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setRubberBand(QChartView::RectangleRubberBand);
  view_->setToolTip(tr("Drag to zoom in, or Ctrl and the wheel; a double click shows everything again.") +
                    QStringLiteral("\n") + FigureExport::hint());
  view_->viewport()->installEventFilter(this);
  legend_ = new ChartLegend;
  nothing_ = new QLabel;
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  nothing_->setProperty("muted", true);
  title_ = new QLabel;
  title_->setFont(figures::font(figures::TextRole::PanelTitle));
  title_->setContentsMargins(kEdge, 2, kEdge, 0);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 2, 2, 2);
  column->setSpacing(2);
  column->addWidget(title_);
  column->addWidget(legend_);
  column->addWidget(view_, 1);
  column->addWidget(nothing_, 1);
  connect(legend_, &ChartLegend::changed, this, [this] {
    showHidden();
    if (!isZoomed()) {
      updateRanges();
    }
  });
  auto* exporter = new FigureExport(this, [this] { return figure(); });
  exporter->serve(view_);
  exporter->serve(view_->viewport());
  connect(exporter, &FigureExport::failed, this, &SeriesChart::failed);
  setMinimumSize(220, 150);
  rebuild();
}

bool SeriesChart::isZoomed() const { return chart_->isZoomed(); }

void SeriesChart::setEmptyText(const QString& text) { nothing_->setText(text); }

void SeriesChart::setSmoothing(double weight) {
  smoothing_ = std::clamp(weight, 0.0, 0.99);
  refresh();
}

std::shared_ptr<const figures::Figure> SeriesChart::figure() const {
  const std::pair steps = isZoomed() ? std::pair(x_->min(), x_->max()) : std::pair(-double(INFINITY), double(INFINITY));
  return shownFigure(panel_, smoothing_, steps, legend_->hidden());
}

void SeriesChart::setPanel(const figures::SeriesPanel& panel) {
  const bool same = sameLines(panel, panel_) && raw_.size() == panel.lines.size();
  panel_ = panel;
  same ? refresh() : rebuild();
}

void SeriesChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    restyle();
    drawLines();
  }
}

void SeriesChart::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), figures::palette(themeOf(palette())).background);
}

bool SeriesChart::eventFilter(QObject* object, QEvent* event) {
  switch (event->type()) {
    case QEvent::Resize:
      isZoomed() ? updateTicks() : updateRanges();
      break;
    case QEvent::MouseButtonPress:
      pressed_ = static_cast<QMouseEvent*>(event)->position().toPoint();
      break;
    case QEvent::MouseButtonRelease:
      // A click is no rubber band: it would zoom into next to nothing.
      if ((static_cast<QMouseEvent*>(event)->position().toPoint() - pressed_).manhattanLength() < 8) {
        view_->setRubberBand(QChartView::NoRubberBand);
        view_->setRubberBand(QChartView::RectangleRubberBand);
      }
      break;
    case QEvent::MouseButtonDblClick:
      showAll();
      return true;
    case QEvent::Wheel: {
      const auto* wheel = static_cast<QWheelEvent*>(event);
      if (wheel->modifiers() & Qt::ControlModifier) {
        zoomAt(wheel->position(), wheel->angleDelta().y() > 0 ? kWheelStep : 1.0 / kWheelStep);
        return true;
      }
      break;
    }
    default:
      break;
  }
  return QWidget::eventFilter(object, event);
}

void SeriesChart::showAll() {
  chart_->zoomReset();
  refresh();
}

void SeriesChart::zoomAt(const QPointF& place, double factor) {
  const QRectF plot = chart_->plotArea();
  if (factor < 1.0) {
    chart_->zoom(factor);
    return;
  }
  const QPointF at(std::clamp(place.x(), plot.left(), plot.right()), std::clamp(place.y(), plot.top(), plot.bottom()));
  chart_->zoomIn(QRectF(at - (at - plot.topLeft()) / factor, plot.size() / factor));
}

void SeriesChart::rebuild() {
  chart_->removeAllSeries();
  for (auto* group : {&raw_, &smooth_, &marks_, &levels_}) {
    group->clear();
  }
  for (QAbstractAxis* axis : chart_->axes()) {
    chart_->removeAxis(axis);
    delete axis;
  }
  title_->setText(figures::cleaned(panel_.title));
  title_->setVisible(!panel_.title.empty());
  view_->setAccessibleName(figures::cleaned(panel_.title));
  for (QCategoryAxis** axis : {&x_, &y_}) {
    *axis = new QCategoryAxis;
    (*axis)->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    chart_->addAxis(*axis, axis == &x_ ? Qt::AlignBottom : Qt::AlignLeft);
    connect(*axis, &QValueAxis::rangeChanged, this, [this] {
      updateTicks();
      placeMarks();
      if (isZoomed()) {
        drawLines();
      }
    });
  }
  x_->setTitleText(tr("Step"));
  const auto add = [this](const auto& what) {
    auto* line = new QLineSeries;
    line->setProperty(kEntry, textOf(what));
    chart_->addSeries(line);
    line->attachAxis(x_);
    line->attachAxis(y_);
    return line;
  };
  const auto addAll = [&add](std::vector<QLineSeries*>& group, const auto& whats) {
    for (const auto& what : whats) {
      group.push_back(add(what));
    }
  };
  addAll(marks_, panel_.marks);
  addAll(levels_, panel_.levels);
  addAll(raw_, panel_.lines);
  addAll(smooth_, panel_.lines);
  restyle();
  refresh();
}

void SeriesChart::restyle() {
  const figures::Theme theme = themeOf(palette());
  applyLook(*chart_, theme);
  view_->setBackgroundBrush(figures::palette(theme).background);
  applyLook(*x_, theme);
  applyLook(*y_, theme);
  std::vector<figures::LegendEntry> entries;
  for (std::size_t i = 0; i < raw_.size(); ++i) {
    const figures::SeriesStyle style = styleOf(int(i), theme);
    QColor faint = style.colour;
    faint.setAlphaF(0.25f);
    raw_[i]->setPen(QPen(faint, kThin));
    smooth_[i]->setPen(linePen(style, kThick));
    entries.push_back({raw_[i]->property(kEntry).toString(), style, figures::Swatch::Line});
  }
  const figures::SeriesStyle step{figures::palette(theme).muted, figures::Dash::Dashed, figures::Marker::Circle};
  const figures::SeriesStyle level{figures::palette(theme).muted, figures::Dash::Dotted, figures::Marker::Circle};
  for (const auto& [group, style] : {std::pair(&marks_, step), std::pair(&levels_, level)}) {
    for (QLineSeries* line : *group) {
      line->setPen(linePen(style, 1.2));
      entries.push_back({line->property(kEntry).toString(), style, figures::Swatch::Line});
    }
  }
  legend_->setEntries(entries);
}

void SeriesChart::refresh() {
  drawLines();
  const bool any = std::ranges::any_of(smooth_, [](const QLineSeries* line) { return line->count() > 0; });
  view_->setVisible(any || isZoomed());
  legend_->setVisible(any || isZoomed());
  nothing_->setVisible(!any && !isZoomed());
  showHidden();
  if (!isZoomed()) {
    updateRanges();
  }
}

void SeriesChart::drawLines() {
  const int columns = std::max(100, view_->width());
  const bool all = !isZoomed();
  const std::pair<double, double> window(all ? -INFINITY : x_->min(), all ? INFINITY : x_->max());
  for (std::size_t i = 0; i < raw_.size(); ++i) {
    const figures::SeriesLine& line = panel_.lines[i];
    const bool smooth = smoothing_ > 0.0;
    const auto& values = smooth ? smoothed(line.ys, smoothing_) : line.ys;
    const QList<QPointF> shown = pointsOf(line, values, panel_.scale, window, columns);
    smooth_[i]->replace(shown);
    smooth_[i]->setPointsVisible(shown.size() == 1);
    QPen pen = smooth_[i]->pen();
    pen.setWidthF(shown.size() > columns ? kThin : kThick);  // Qt paints dense thick lines some twenty times slower
    smooth_[i]->setPen(pen);
    raw_[i]->replace(smooth ? pointsOf(line, line.ys, panel_.scale, window, columns) : QList<QPointF>());
  }
}

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

void SeriesChart::updateRanges() {
  double first = INFINITY, last = -INFINITY;
  std::vector<double> ys;
  for (const auto* group : {&raw_, &smooth_}) {
    for (const QLineSeries* line : *group) {
      for (const QPointF& point : line->isVisible() ? line->points() : QList<QPointF>()) {
        first = std::min(first, point.x());
        last = std::max(last, point.x());
        ys.push_back(isLog() ? std::pow(10.0, point.y()) : point.y());
      }
    }
  }
  if (ys.empty()) {
    return;
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    if (levels_[i]->isVisible()) {
      ys.push_back(panel_.levels[i].y);
    }
  }
  // Counted from the start of the training, unless only a late part of it is there.
  first = first > 0.0 && first < 0.1 * last ? 0.0 : first;
  x_->setRange(first, last > first ? last : first + 1.0);
  const figures::Axis wanted = figures::axisFor(ys, panel_.scale, mostTicks(Qt::Vertical));
  const double low = drawn(wanted.low, panel_.scale), high = drawn(wanted.high, panel_.scale);
  const auto [bottom, top] = isLog() ? std::pair(low, high) : steadyRange(low, high, mostTicks(Qt::Vertical));
  y_->setRange(bottom, top);
  updateTicks();
  placeMarks();
}

void SeriesChart::placeMarks() {
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const double step = panel_.marks[i].x;
    marks_[i]->replace(QList<QPointF>{{step, y_->min()}, {step, y_->max()}});
  }
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const double value = panel_.levels[i].y;
    const double y = drawable(value, panel_.scale) ? drawn(value, panel_.scale) : NAN;
    levels_[i]->replace(std::isfinite(y) ? QList<QPointF>{{x_->min(), y}, {x_->max(), y}} : QList<QPointF>());
  }
}

void SeriesChart::showHidden() {
  for (QAbstractSeries* series : chart_->series()) {
    series->setVisible(legend_->isShown(series->property(kEntry).toString()));
  }
}

}  // namespace lix::widgets
