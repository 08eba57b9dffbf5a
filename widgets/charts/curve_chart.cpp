#include "charts/curve_chart.h"

#include <QAreaSeries>
#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QCursor>
#include <QEvent>
#include <QLabel>
#include <QLineSeries>
#include <QPainter>
#include <QScatterSeries>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>

#include "charts/chart_legend.h"
#include "charts/chart_look.h"
#include "figure_view/figure_export.h"
#include "figures/curves_parts.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr double kMarkerSize = 9.0;
constexpr int kEdge = 6;
constexpr int kTickHeight = 30;  // at least, between two numbers beside the plot
constexpr double kAir = 0.35;  // beside the outer points, in doublings
constexpr const char* kEntry = "entry";

QScatterSeries::MarkerShape shapeOf(figures::Marker marker) {
  switch (marker) {
    case figures::Marker::Circle:
      return QScatterSeries::MarkerShapeCircle;
    case figures::Marker::Square:
      return QScatterSeries::MarkerShapeRectangle;
    case figures::Marker::Triangle:
      return QScatterSeries::MarkerShapeTriangle;
    case figures::Marker::Diamond:
      return QScatterSeries::MarkerShapeRotatedRectangle;
    case figures::Marker::Down:
      return QScatterSeries::MarkerShapePentagon;
  }
  return QScatterSeries::MarkerShapeCircle;
}

void attach(QChart& chart, QAbstractSeries* series, const QString& entry) {
  series->setProperty(kEntry, entry);
  chart.addSeries(series);
  for (QAbstractAxis* axis : chart.axes()) {
    series->attachAxis(axis);
  }
}

}  // namespace

CurveChart::CurveChart(QWidget* parent) : QWidget(parent) {
  chart_ = new QChart;
  view_ = new QChartView(chart_);
  view_->setRenderHint(QPainter::Antialiasing);
  view_->setFrameShape(QFrame::NoFrame);
  view_->setAccessibleName(tr("Accuracy against shots"));
  legend_ = new ChartLegend;
  nothing_ = new QLabel(tr("There is nothing to draw yet."));
  nothing_->setAlignment(Qt::AlignCenter);
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
    Q_EMIT hiddenChanged();
  });
  auto* exporter = new FigureExport(this, [this] { return figure(); });
  exporter->serve(view_);
  exporter->serve(view_->viewport());
  connect(exporter, &FigureExport::failed, this, &CurveChart::failed);
  view_->setToolTip(FigureExport::hint());
  setMinimumSize(240, 200);
  rebuild();
}

void CurveChart::setPanel(const figures::CurvesPanel& panel) {
  figures::CurvesData all;
  all.panels.push_back(panel);
  setPanel(panel, all);
}

void CurveChart::setPanel(const figures::CurvesPanel& panel, const figures::CurvesData& all) {
  panel_ = panel;
  all_ = all;
  rebuild();
}

std::vector<std::string> CurveChart::hidden() const {
  std::vector<std::string> labels;
  for (const figures::CurveSeries& series : panel_.series) {
    if (!legend_->isShown(figures::cleaned(series.label))) {
      labels.push_back(series.label);
    }
  }
  return labels;
}

void CurveChart::setHidden(const std::vector<std::string>& labels) {
  QStringList texts;
  for (const std::string& label : labels) {
    texts << figures::cleaned(label);
  }
  legend_->setHidden(texts);
  showHidden();
}

std::shared_ptr<const figures::Figure> CurveChart::figure() const {
  figures::CurvesData shown;
  for (const figures::CurvesPanel& panel : all_.panels) {
    shown.looks.insert(shown.looks.end(), panel.series.begin(), panel.series.end());
  }
  const auto hidden = [this](const auto& one) { return !legend_->isShown(figures::cleaned(one.label)); };
  figures::CurvesPanel panel = panel_;
  std::erase_if(panel.series, hidden);
  std::erase_if(panel.references, hidden);
  if (panel.series.empty()) {
    return nullptr;
  }
  shown.headings = {panel.title, "", ""};
  panel.title.clear();
  shown.xLabel = all_.xLabel;
  shown.yLabel = all_.yLabel;
  shown.bandLabel = all_.bandLabel;
  shown.panels.push_back(std::move(panel));
  return std::make_shared<figures::CurvesFigure>(std::move(shown));
}

QPointF CurveChart::placeOf(int series, int point) const {
  const QPointF value = places_.at(std::size_t(series)).at(std::size_t(point));
  return view_->mapTo(this, view_->mapFromScene(chart_->mapToScene(chart_->mapToPosition(value))));
}

void CurveChart::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) {
    rebuild();
  }
}

void CurveChart::paintEvent(QPaintEvent*) {
  QPainter(this).fillRect(rect(), figures::palette(themeOf(palette())).background);
}

void CurveChart::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  setAccuracyTicks();
}

void CurveChart::setAccuracyTicks() {
  for (QAbstractAxis* axis : chart_->axes(Qt::Vertical)) {
    auto* y = static_cast<QCategoryAxis*>(axis);
    setTicks(*y, linearTicks(y->min(), y->max(), std::clamp(view_->height() / kTickHeight, 2, 7)));
  }
}

void CurveChart::addAxes(double& low, double& high, double& zero) {
  const figures::Theme theme = themeOf(palette());
  const figures::Ranges ranges = figures::rangesOf(all_);  // small multiples share both axes
  auto* x = new QCategoryAxis;
  x->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  x->setTitleText(tr("Shots per class"));
  const double first = ranges.shots.empty() ? 0.0 : std::log2(*ranges.shots.begin());
  const double last = ranges.shots.empty() ? first - 1.0 : std::log2(*ranges.shots.rbegin());
  zero = first - 1.0;
  low = (ranges.zero ? zero : first) - kAir;
  high = last + kAir;
  x->setRange(low, high);
  std::vector<Tick> ticks;
  if (ranges.zero) {
    ticks.push_back({zero, "0"});
  }
  for (const double shots : figures::shotTicks(ranges.shots)) {
    ticks.push_back({std::log2(shots), QString::number(shots)});
  }
  setTicks(*x, ticks);
  applyLook(*x, theme);
  auto* y = new QCategoryAxis;
  y->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  y->setTitleText(tr("Accuracy, %"));
  y->setRange(ranges.y.low * 100.0, ranges.y.high * 100.0);
  applyLook(*y, theme);
  chart_->addAxis(x, Qt::AlignBottom);
  chart_->addAxis(y, Qt::AlignLeft);
  setAccuracyTicks();
}

std::vector<QAbstractSeries*> CurveChart::bandAndLine(int index, const figures::SeriesStyle& style, double xZero) {
  auto* line = new QLineSeries;
  auto* upper = new QLineSeries;
  auto* lower = new QLineSeries;
  std::vector<QPointF>& places = places_[std::size_t(index)];
  for (const figures::CurvePoint& point : panel_.series[std::size_t(index)].points) {
    const bool usable = figures::usable(point);
    places.emplace_back(point.x > 0 ? std::log2(point.x) : xZero, usable ? point.mean * 100.0 : NAN);
    if (usable && point.x > 0) {
      const bool band = figures::hasBand(point);
      line->append(places.back());
      upper->append(places.back().x(), (band ? point.high : point.mean) * 100.0);
      lower->append(places.back().x(), (band ? point.low : point.mean) * 100.0);
    }
  }
  auto* band = new QAreaSeries(upper, lower);
  upper->setParent(band);
  lower->setParent(band);
  QColor shade = style.colour;
  shade.setAlphaF(0.16f);
  band->setBrush(shade);
  band->setPen(Qt::NoPen);
  line->setPen(linePen(style, 2.0));
  return {band, line};
}

std::vector<QAbstractSeries*> CurveChart::dots(int index, const figures::SeriesStyle& style) {
  auto* full = new QScatterSeries;
  auto* hollow = new QScatterSeries;
  const std::vector<figures::CurvePoint>& points = panel_.series[std::size_t(index)].points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (figures::usable(points[i])) {
      (points[i].x > 0 ? full : hollow)->append(places_[std::size_t(index)][i]);
    }
  }
  const auto nearest = [this, index](const QPointF& at) {
    const auto& all = places_[std::size_t(index)];
    const auto distance = [&at](const QPointF& one) {
      return std::isfinite(one.y()) ? std::hypot(one.x() - at.x(), one.y() - at.y()) : INFINITY;
    };
    return int(std::ranges::min_element(all, {}, distance) - all.begin());
  };
  for (QScatterSeries* scatter : {full, hollow}) {
    scatter->setMarkerShape(shapeOf(style.marker));
    scatter->setMarkerSize(kMarkerSize);
    scatter->setPen(QPen(style.colour, 1.6));
    scatter->setBrush(scatter == full ? style.colour : figures::palette(themeOf(palette())).background);
    connect(scatter, &QScatterSeries::clicked, this,
            [this, index, nearest](const QPointF& at) { Q_EMIT pointClicked(index, nearest(at)); });
    connect(scatter, &QScatterSeries::hovered, this, [this, index, nearest](const QPointF& at, bool entered) {
      const auto& one = panel_.series[std::size_t(index)];
      entered ? QToolTip::showText(QCursor::pos(), hint(one, one.points[std::size_t(nearest(at))]), this)
              : QToolTip::hideText();
    });
  }
  return {full, hollow};
}

QString CurveChart::hint(const figures::CurveSeries& series, const figures::CurvePoint& point) const {
  const QString mean = QString::number(point.mean * 100.0, 'f', 1);
  QString text = tr("%1\n%2 shots: %3 %").arg(figures::cleaned(series.label)).arg(point.x).arg(mean);
  if (figures::hasBand(point)) {
    text += tr(", %1 %2 to %3 %", "what a band shows, and its ends")
                .arg(figures::cleaned(all_.bandLabel))
                .arg(point.low * 100.0, 0, 'f', 1)
                .arg(point.high * 100.0, 0, 'f', 1);
  }
  return text + tr(" (n = %1)\nA click shows the measurements behind it.").arg(point.n);
}

void CurveChart::rebuild() {
  chart_->removeAllSeries();
  for (QAbstractAxis* axis : chart_->axes()) {
    chart_->removeAxis(axis);
    delete axis;
  }
  const figures::Theme theme = themeOf(palette());
  applyLook(*chart_, theme);
  title_->setText(figures::cleaned(panel_.title));
  title_->setVisible(!panel_.title.empty());
  view_->setBackgroundBrush(figures::palette(theme).background);
  places_.assign(panel_.series.size(), {});
  const bool any = std::ranges::any_of(
      panel_.series, [](const auto& series) { return std::ranges::any_of(series.points, figures::usable); });
  view_->setVisible(any);
  legend_->setVisible(any);
  nothing_->setVisible(!any);
  if (!any) {
    return;
  }
  double low = 0.0, high = 0.0, zero = 0.0;
  addAxes(low, high, zero);
  const figures::Styles styles(all_);
  std::vector<figures::LegendEntry> entries;
  // Bands below all lines and dots above them: a band takes the clicks on what lies beneath it.
  std::array<std::vector<std::pair<QAbstractSeries*, QString>>, 3> layers;
  for (std::size_t i = 0; i < panel_.series.size(); ++i) {
    const figures::SeriesStyle style = styles.of(panel_.series[i], theme);
    entries.push_back(figures::entryOf(panel_.series[i], styles, theme));
    const auto lower = bandAndLine(int(i), style, zero);
    layers[0].emplace_back(lower[0], entries.back().text);
    layers[1].emplace_back(lower[1], entries.back().text);
    for (QAbstractSeries* one : dots(int(i), style)) {
      layers[2].emplace_back(one, entries.back().text);
    }
  }
  for (const figures::ReferenceLine& reference : panel_.references) {
    auto* line = new QLineSeries;
    line->append(low, reference.y * 100.0);
    line->append(high, reference.y * 100.0);
    entries.push_back(figures::entryOf(reference, theme));
    line->setPen(linePen(entries.back().style, 1.4));
    layers[1].emplace_back(line, entries.back().text);
  }
  for (const auto& [series, entry] : layers | std::views::join) {
    attach(*chart_, series, entry);
  }
  legend_->setEntries(entries);
  showHidden();
}

void CurveChart::showHidden() {
  for (QAbstractSeries* series : chart_->series()) {
    series->setVisible(legend_->isShown(series->property(kEntry).toString()));
  }
}

}  // namespace lix::widgets
