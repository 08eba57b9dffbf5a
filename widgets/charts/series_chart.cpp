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
#include "charts/chart_scale.h"
#include "charts/series_shown.h"
#include "figure_view/figure_export.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kEdge = 6;
constexpr double kThin = 1.0, kThick = 1.6;  // lines
constexpr std::size_t kFew = 500;            // points that Qt Charts draws in time
constexpr int kFrameMs = 33;
constexpr float kBandAlpha = 0.18f;
constexpr double kWheelStep = 1.25;
constexpr const char* kEntry = "entry";

bool sameLines(const figures::SeriesPanelView& a, const figures::SeriesPanelView& b) {
  const auto same = [](const auto& x, const auto& y) { return textOf(x) == textOf(y); };
  const auto sameLine = [](const auto& x, const auto& y) { return x.label == y.label && x.run == y.run; };
  return a.scale == b.scale && a.title == b.title && std::ranges::equal(a.lines, b.lines, sameLine) &&
         std::ranges::equal(a.marks, b.marks, same) && std::ranges::equal(a.levels, b.levels, same);
}

}  // namespace

SeriesChart::SeriesChart(QWidget* parent) : QWidget(parent) {
  chart_ = new QChart;
  view_ = new QChartView(chart_);
  view_->setRenderHint(QPainter::Antialiasing);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setRubberBand(QChartView::RectangleRubberBand);
  view_->setToolTip(tr("Rest on a curve to read it, or go along it with Left and Right. Drag to zoom in, or Ctrl and the wheel; a "
                       "double click shows everything again.") +
                    QStringLiteral("\n") + FigureExport::hint());
  view_->viewport()->setMouseTracking(true);
  view_->viewport()->installEventFilter(this);
  view_->installEventFilter(this);
  legend_ = new ChartLegend;
  nothing_ = new QLabel;
  nothing_->setAlignment(Qt::AlignCenter);
  nothing_->setWordWrap(true);
  nothing_->setProperty("muted", true);
  title_ = new QLabel;
  title_->setFont(figures::font(figures::TextRole::PanelTitle));
  title_->setContentsMargins(kEdge, 2, kEdge, 0);
  title_->setToolTip(view_->toolTip());
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(2, 2, 2, 2);
  column->setSpacing(2);
  column->addWidget(title_);
  column->addWidget(legend_);
  column->addWidget(view_, 1);
  column->addWidget(nothing_, 1);
  connect(legend_, &ChartLegend::changed, this, &SeriesChart::refresh);
  auto* exporter = new FigureExport(this, [this] { return figure(); });
  exporter->serve(view_);
  exporter->serve(view_->viewport());
  connect(exporter, &FigureExport::failed, this, &SeriesChart::failed);
  pending_.setSingleShot(true);
  connect(&pending_, &QTimer::timeout, this, &SeriesChart::refresh);
  setMinimumSize(220, 150);
  rebuild();
}

bool SeriesChart::isZoomed() const { return chart_->isZoomed(); }

void SeriesChart::setEmptyText(const QString& text) { nothing_->setText(text); }

void SeriesChart::setSmoothing(double weight) {
  smoothing_ = std::clamp(weight, 0.0, 0.99);
  refreshSoon();
}

void SeriesChart::setRange(Range range) {
  range_ = range;
  refreshSoon();
}

void SeriesChart::setLogarithmic(bool logarithmic) {
  if (logarithmic == logarithmic_) {
    return;
  }
  logarithmic_ = logarithmic;
  rescale();
  refresh();
}

figures::Scale SeriesChart::possibleScale() const {
  const bool empty = std::ranges::all_of(lines_, [](const ChartLine& line) { return line.measured().size() == 0; });
  if (!empty && std::ranges::none_of(lines_, &ChartLine::hasPositive)) {
    return figures::Scale::Linear;
  }
  // A panel that is logarithmic by itself has gaps where a value went wrong; others may mean their negative values.
  const bool negative = std::ranges::any_of(lines_, &ChartLine::hasNegative);
  return logarithmic_ && !negative ? figures::Scale::Log : panel_.scale;
}

void SeriesChart::rescale() {
  if (const figures::Scale possible = possibleScale(); possible != scale_) {
    scale_ = possible;
    for (ChartLine& line : lines_) {
      line.setScale(possible);
    }
    chart_->zoomReset();
  }
  title_->setText(titleText());
}

std::shared_ptr<const figures::Figure> SeriesChart::figure() const {
  const std::pair window = isZoomed() ? steps() : std::pair(-double(INFINITY), double(INFINITY));
  figures::SeriesPanelView shown = panel_;
  shown.scale = scale();
  return shownFigure(shown, lines_, window, legend_->hidden());
}

void SeriesChart::setPanel(const figures::SeriesPanelView& panel) {
  const bool same = sameLines(panel, panel_) && raw_.size() == panel.lines.size();
  if (!same) {
    panel_ = panel;
    lines_.clear();
    scale_ = logarithmic_ ? figures::Scale::Log : panel.scale;
    for (const figures::SeriesLineView& line : panel.lines) {
      lines_.emplace_back(line.label, line.run, scale());
    }
  }
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    lines_[i].take(panel.lines[i]);
    figures::SeriesLineView& kept = panel_.lines[i];
    kept.xs = kept.ys = kept.lows = kept.highs = {};  // they may be gone by the next time
  }
  rescale();
  same ? refreshSoon() : rebuild();
}

void SeriesChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    restyle();
    refresh();
  }
}

void SeriesChart::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), figures::palette(themeOf(palette())).background);
}

bool SeriesChart::eventFilter(QObject* object, QEvent* event) {
  if (object == view_) {
    return event->type() == QEvent::KeyPress && readByKey(static_cast<QKeyEvent*>(event)->key());
  }
  switch (event->type()) {
    case QEvent::MouseMove:
      readAt(static_cast<QMouseEvent*>(event)->position());
      break;
    case QEvent::Leave:
      readStep({});
      break;
    case QEvent::ToolTip:  // would lie over the curves that are being read
      return chart_->plotArea().contains(static_cast<QHelpEvent*>(event)->pos());
    case QEvent::Resize:
      refreshSoon();
      updateTicks();
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
  title_->setText(titleText());
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
  addAll(raw_, lines_);
  addAll(smooth_, lines_);
  delete layer_;
  layer_ = new SeriesLayer(*chart_, *x_, *y_);
  delete cursor_;
  cursor_ = new SeriesCursor(*chart_, *x_, *y_);
  restyle();
  refresh();
}

figures::SeriesStyle SeriesChart::styleOf(std::size_t line) const {
  const LinePlace place = placesOf(lines_)[line];
  return {figures::categorical(themeOf(palette()), place.colour), figures::Dash(place.dash), figures::Marker::Circle};
}

void SeriesChart::restyle() {
  const figures::Theme theme = themeOf(palette());
  applyLook(*chart_, theme);
  view_->setBackgroundBrush(figures::palette(theme).background);
  applyLook(*x_, theme);
  applyLook(*y_, theme);
  std::vector<figures::LegendEntry> entries;
  for (std::size_t i = 0; i < raw_.size(); ++i) {
    const figures::SeriesStyle style = styleOf(i);
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
  QHash<QString, QString> meanings;
  for (const figures::StepMark& mark : panel_.marks) {
    meanings[textOf(mark)] = figures::cleaned(mark.help);
  }
  legend_->setEntries(entries, meanings);
}

void SeriesChart::refreshSoon() {
  const qint64 since = sinceDrawn_.isValid() ? sinceDrawn_.elapsed() : kFrameMs;
  if (since >= kFrameMs) {
    refresh();
  } else if (!pending_.isActive()) {
    pending_.start(int(kFrameMs - since));
  }
}

void SeriesChart::refresh() {
  pending_.stop();
  sinceDrawn_.start();
  for (ChartLine& line : lines_) {
    line.smooth(panel_.smoothing == figures::Smoothing::Allowed ? smoothing_ : 0.0);
  }
  showHidden();
  isZoomed() ? drawLines() : updateRanges();
  const bool anyLine = isZoomed() || std::ranges::any_of(lines_, [](const ChartLine& line) {
    return line.measured().extent(0, line.measured().size()).has_value();
  });
  view_->setVisible(anyLine);
  legend_->setVisible(anyLine);
  nothing_->setVisible(!anyLine);
  readStep(read_);
}

std::pair<double, double> SeriesChart::steps() const { return {x_->min(), x_->max()}; }

void SeriesChart::drawLines() {
  drawn_.assign(lines_.size(), {});
  faint_.assign(lines_.size(), {});
  std::vector<SeriesLayer::Line> layer;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    drawLine(i, layer);
  }
  layer_->setLines(std::move(layer));
}

void SeriesChart::drawLine(std::size_t line, std::vector<SeriesLayer::Line>& layer) {
  const int columns = std::max(100, view_->width());
  const auto pointsOf = [&](const SeriesPyramid& samples) {
    std::vector<QPointF> points = samples.columns(x_->min(), x_->max(), columns);
    for (QPointF& point : points) {
      point.setY(isGap(point) ? point.y() : drawn(point.y(), scale()));
    }
    return points;
  };
  const auto place = [&](const std::vector<QPointF>& points, QLineSeries& series) {
    // Qt Charts takes seconds for lines that reach far beyond its plot, and joins what a gap parts.
    const bool within = !isZoomed() && range_ == Range::All;
    const bool isSimple = within && points.size() <= kFew && std::ranges::none_of(points, isGap);
    series.replace(isSimple ? QList<QPointF>(points.begin(), points.end()) : QList<QPointF>());
    if (!isSimple && series.isVisible()) {
      QPen pen = series.pen();
      pen.setWidthF(points.size() > kFew ? kThin : pen.widthF());
      layer.push_back({points, pen});
    }
  };
  if (const auto area = bandOf(line); area.size() > 2 && smooth_[line]->isVisible()) {
    QColor fill = smooth_[line]->pen().color();
    fill.setAlphaF(kBandAlpha);
    layer.push_back({area, Qt::NoPen, fill});
  }
  const bool isSmooth = lines_[line].smoothing() > 0.0;
  faint_[line] = isSmooth ? pointsOf(lines_[line].measured()) : std::vector<QPointF>();
  drawn_[line] = pointsOf(lines_[line].shown());
  place(faint_[line], *raw_[line]);
  place(drawn_[line], *smooth_[line]);
  smooth_[line]->setPointsVisible(smooth_[line]->count() == 1);
}

void SeriesChart::showHidden() {
  for (QAbstractSeries* series : chart_->series()) {
    series->setVisible(legend_->isShown(series->property(kEntry).toString()));
  }
}

}  // namespace lix::widgets
