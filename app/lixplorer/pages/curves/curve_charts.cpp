#include "pages/curves/curve_charts.h"

#include <QGridLayout>
#include <algorithm>
#include <set>

#include "charts/curve_chart.h"

namespace lix::app {
namespace {

constexpr int kLeastWidth = 430;   // of a chart that stands beside another
constexpr int kLeastHeight = 290;  // of one of several
constexpr int kLeastAlone = 200;   // of the only one
constexpr int kSpacing = 12;

}  // namespace

CurveCharts::CurveCharts(QWidget* parent) : QScrollArea(parent) {
  setObjectName("curves.charts");
  setAccessibleName(tr("Curves"));
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* inside = new QWidget;
  grid_ = new QGridLayout(inside);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(kSpacing);
  setWidget(inside);
}

void CurveCharts::setCurves(const figures::CurvesData& drawn) {
  std::set<std::string> hiddenBefore;
  for (const auto& ofChart : hidden()) {
    hiddenBefore.insert(ofChart.begin(), ofChart.end());
  }
  while (charts_.size() > drawn.panels.size()) {
    charts_.back()->hide();
    charts_.back()->deleteLater();
    charts_.pop_back();
  }
  while (charts_.size() < drawn.panels.size()) {
    auto* chart = new widgets::CurveChart(widget());
    // Equally wide columns: how long a legend is has no part in it.
    chart->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding);
    const int panel = int(charts_.size());
    connect(chart, &widgets::CurveChart::pointClicked, this,
            [this, panel](int series, int point) { Q_EMIT pointClicked(panel, series, point); });
    connect(chart, &widgets::CurveChart::hiddenChanged, this, [this, chart] { share(chart); });
    connect(chart, &widgets::CurveChart::failed, this, &CurveCharts::failed);
    charts_.push_back(chart);
  }
  labels_.clear();
  for (std::size_t i = 0; i < charts_.size(); ++i) {
    const figures::CurvesPanel& panel = drawn.panels[i];
    charts_[i]->setObjectName(QString("curves.chart.%1").arg(i));
    charts_[i]->setAccessibleName(QString::fromStdString(panel.title));
    charts_[i]->setPanel(panel, drawn);
    charts_[i]->setHidden({hiddenBefore.begin(), hiddenBefore.end()});
    auto& labels = labels_.emplace_back();
    for (const figures::CurveSeries& series : panel.series) {
      labels.insert(series.label);
    }
  }
  columns_ = 0;
  arrange();
}

std::vector<std::vector<std::string>> CurveCharts::hidden() const {
  std::vector<std::vector<std::string>> all;
  for (const widgets::CurveChart* chart : charts_) {
    all.push_back(chart->hidden());
  }
  return all;
}

void CurveCharts::share(const widgets::CurveChart* from) {
  const auto source = std::size_t(std::ranges::find(charts_, from) - charts_.begin());
  const std::vector<std::string> wanted = from->hidden();
  for (std::size_t i = 0; i < charts_.size(); ++i) {
    if (i == source) {
      continue;
    }
    std::vector<std::string> hidden = charts_[i]->hidden();
    std::erase_if(hidden, [&](const std::string& label) { return labels_[source].contains(label); });
    hidden.insert(hidden.end(), wanted.begin(), wanted.end());
    charts_[i]->setHidden(hidden);
  }
  Q_EMIT hiddenChanged();
}

void CurveCharts::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  arrange();
}

void CurveCharts::arrange() {
  const int many = int(charts_.size());
  const int columns = std::clamp((viewport()->width() + kSpacing) / (kLeastWidth + kSpacing), 1, std::max(1, many));
  if (columns == columns_) {
    return;
  }
  columns_ = columns;
  while (QLayoutItem* item = grid_->takeAt(0)) {
    delete item;
  }
  for (int i = 0; i < many; ++i) {
    widgets::CurveChart* chart = charts_[std::size_t(i)];
    chart->setMinimumHeight(many == 1 ? kLeastAlone : kLeastHeight);
    grid_->addWidget(chart, i / columns, i % columns);
    chart->show();
  }
  const int rows = (many + columns - 1) / columns;
  for (int c = 0; c < std::max(columns, grid_->columnCount()); ++c) {
    grid_->setColumnStretch(c, c < columns ? 1 : 0);
  }
  for (int r = 0; r < std::max(rows, grid_->rowCount()); ++r) {
    grid_->setRowStretch(r, r < rows ? 1 : 0);
  }
}

}  // namespace lix::app
