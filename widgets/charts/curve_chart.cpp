#include "charts/curve_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QCursor>
#include <QKeyEvent>
#include <QLabel>
#include <QLineSeries>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <tuple>

#include "charts/chart_legend.h"
#include "charts/chart_look.h"
#include "charts/curve_layer.h"
#include "figure_view/figure_export.h"
#include "figures/curves_parts.h"
#include "theme/theme.h"

namespace lix::widgets {
namespace {

constexpr int kEdge = 6;
constexpr int kTickHeight = 30;  // at least, between two numbers beside the plot
constexpr double kAir = 0.35;  // beside the outer points, in doublings

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
  view_->setToolTip(tr("Arrow keys go from point to point, Return shows the measurements behind one.") +
                    QStringLiteral("\n") + FigureExport::hint());
  view_->setFocusPolicy(Qt::StrongFocus);
  view_->installEventFilter(this);
  setMinimumSize(240, 200);
  addAxes();
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
  styles_ = figures::Styles(all_);
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

const figures::CurvesPanel& CurveChart::drawn() const { return layer_->panel(); }

QPointF CurveChart::placeOf(int series, int point) const {
  for (const figures::CurveDot& dot : layer_->dots()) {
    if (kept_[std::size_t(dot.series)] == series && dot.point == point) {
      return view_->mapTo(this, view_->mapFromScene(chart_->mapToScene(dot.at)));
    }
  }
  return {};
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
  setTicks(*y_, linearTicks(y_->min(), y_->max(), std::clamp(view_->height() / kTickHeight, 2, 7)));
}

void CurveChart::addAxes() {
  x_ = new QCategoryAxis;
  x_->setTitleText(tr("Shots per class"));
  y_ = new QCategoryAxis;
  y_->setTitleText(tr("Accuracy, %"));
  auto* anchor = new QLineSeries;  // axes without a series have no range
  chart_->addSeries(anchor);
  for (const auto& [axis, side] : {std::pair(x_, Qt::AlignBottom), std::pair(y_, Qt::AlignLeft)}) {
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    chart_->addAxis(axis, side);
    anchor->attachAxis(axis);
  }
  layer_ = new CurveLayer(*chart_, *x_, *y_);
  connect(layer_, &CurveLayer::pointClicked, this,
          [this](int series, int point) { Q_EMIT pointClicked(kept_[std::size_t(series)], point); });
  connect(layer_, &CurveLayer::pointHovered, this, [this](int series, int point, bool entered) {
    entered ? tellPoint(series, point, QCursor::pos()) : QToolTip::hideText();
  });
}

void CurveChart::setAxes() {
  const figures::Theme theme = themeOf(palette());
  const figures::Ranges ranges = figures::rangesOf(all_);  // small multiples share both axes
  const double first = ranges.shots.empty() ? 0.0 : std::log2(*ranges.shots.begin());
  const double last = ranges.shots.empty() ? first - 1.0 : std::log2(*ranges.shots.rbegin());
  zero_ = first - 1.0;
  x_->setRange((ranges.zero ? zero_ : first) - kAir, last + kAir);
  std::vector<Tick> ticks;
  if (ranges.zero) {
    ticks.push_back({zero_, "0"});
  }
  for (const double shots : figures::shotTicks(ranges.shots)) {
    ticks.push_back({std::log2(shots), QString::number(shots)});
  }
  setTicks(*x_, ticks);
  y_->setRange(ranges.y.low * 100.0, ranges.y.high * 100.0);
  setAccuracyTicks();
  applyLook(*x_, theme);
  applyLook(*y_, theme);
}

void CurveChart::tellPoint(int series, int point, const QPoint& at) {
  const figures::CurveSeries& one = drawn().series[std::size_t(series)];
  QToolTip::showText(at, hint(one, one.points[std::size_t(point)]), this);
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
  return text + tr(" (n = %1)\nA click (Return) shows the measurements behind it.").arg(point.n);
}

void CurveChart::rebuild() {
  const figures::Theme theme = themeOf(palette());
  applyLook(*chart_, theme);
  title_->setText(figures::cleaned(panel_.title));
  title_->setVisible(!panel_.title.empty());
  view_->setBackgroundBrush(figures::palette(theme).background);
  const bool any = std::ranges::any_of(
      panel_.series, [](const auto& series) { return std::ranges::any_of(series.points, figures::usable); });
  view_->setVisible(any);
  legend_->setVisible(any);
  nothing_->setVisible(!any);
  if (!any) {
    return;
  }
  setAxes();
  std::vector<figures::LegendEntry> entries;
  for (const figures::CurveSeries& series : panel_.series) {
    entries.push_back(figures::entryOf(series, styles_, theme));
  }
  for (const figures::ReferenceLine& reference : panel_.references) {
    entries.push_back(figures::entryOf(reference, theme));
  }
  legend_->setEntries(entries);
  showHidden();
}

void CurveChart::showHidden() {
  const auto isShown = [this](const auto& one) { return legend_->isShown(figures::cleaned(one.label)); };
  figures::CurvesPanel shown;
  kept_.clear();
  for (std::size_t i = 0; i < panel_.series.size(); ++i) {
    if (isShown(panel_.series[i])) {
      kept_.push_back(int(i));
      shown.series.push_back(panel_.series[i]);
    }
  }
  std::ranges::copy_if(panel_.references, std::back_inserter(shown.references), isShown);
  series_ = -1;
  layer_->setPanel(std::move(shown), styles_, themeOf(palette()), zero_);
}

bool CurveChart::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool isReturn = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (isReturn && series_ >= 0) {
      Q_EMIT pointClicked(kept_[std::size_t(series_)], at_);
      return true;
    }
    if (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down) {
      goTo(key);
      return true;
    }
  }
  if (event->type() == QEvent::FocusOut) {
    series_ = -1;
    layer_->setCurrent({});
  }
  return QWidget::eventFilter(object, event);
}

void CurveChart::goTo(int key) {
  const std::vector<figures::CurveDot> dots = layer_->dots();
  const auto here = std::ranges::find_if(dots, [&](const auto& dot) { return dot.series == series_ && dot.point == at_; });
  const figures::CurveDot* next = here == dots.end() && !dots.empty() ? &dots.front() : nullptr;
  if (here != dots.end()) {
    // Left and right the next dot of the curve; up and down the nearest in height of those that stand at the same shots.
    const bool along = key == Qt::Key_Left || key == Qt::Key_Right;
    const bool back = key == Qt::Key_Left || key == Qt::Key_Up;
    const auto& series = drawn().series;
    const auto shots = [&](const auto& dot) { return series[std::size_t(dot.series)].points[std::size_t(dot.point)].x; };
    const auto order = [&](const auto& dot) { return along ? std::tuple(shots(dot), 0) : std::tuple(dot.at.y(), dot.series); };
    for (const figures::CurveDot& dot : dots) {
      const bool candidate = along ? dot.series == here->series : shots(dot) == shots(*here);
      if (!candidate || (back ? order(dot) >= order(*here) : order(dot) <= order(*here))) {
        continue;
      }
      const bool nearer = next == nullptr || (back ? order(dot) > order(*next) : order(dot) < order(*next));
      next = nearer ? &dot : next;
    }
  }
  if (next == nullptr) {
    return;
  }
  series_ = next->series;
  at_ = next->point;
  layer_->setCurrent(CurveLayer::Point{series_, at_});
  const figures::CurveSeries& one = drawn().series[std::size_t(series_)];
  view_->setAccessibleDescription(hint(one, one.points[std::size_t(at_)]));
  tellPoint(series_, at_, view_->mapToGlobal(view_->mapFromScene(chart_->mapToScene(next->at)) + QPoint(8, 8)));
}

}  // namespace lix::widgets
