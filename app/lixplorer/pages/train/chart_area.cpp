#include "pages/train/chart_area.h"

#include <QGridLayout>
#include <algorithm>

#include "charts/series_chart.h"

namespace lix::app {
namespace {

constexpr int kTwoColumns = 560;  // pixels of width
constexpr int kLeastHeight = 190;
constexpr int kSpacing = 8;

}  // namespace

ChartArea::ChartArea(const LiveCharts& charts) : charts_(charts) {
  auto* inner = new QWidget;
  grid_ = new QGridLayout(inner);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(kSpacing);
  for (widgets::SeriesChart* chart : charts_) {
    chart->setParent(inner);
  }
  for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
    shown_[i] = i < kAlwaysShown;
  }
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWidget(inner);
  place();
}

void ChartArea::setShown(const std::array<bool, kLivePanels.size()>& shown) {
  if (shown != shown_) {
    shown_ = shown;
    columns_ = 0;
    place();
  }
}

void ChartArea::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  place();
}

void ChartArea::place() {
  if (const int columns = width() >= kTwoColumns ? 2 : 1; columns != columns_) {
    columns_ = columns;
    int cell = 0;
    for (std::size_t i = 0; i < kLivePanels.size(); ++i) {
      grid_->removeWidget(charts_[i]);
      charts_[i]->setVisible(shown_[i]);
      if (shown_[i]) {
        grid_->addWidget(charts_[i], cell / columns, cell % columns);
        ++cell;
      }
    }
    grid_->setColumnStretch(0, 1);
    grid_->setColumnStretch(1, columns - 1);
  }
  for (widgets::SeriesChart* chart : charts_) {
    chart->setFixedHeight(std::max(kLeastHeight, (viewport()->height() - kSpacing) / 2));
  }
}

}  // namespace lix::app
