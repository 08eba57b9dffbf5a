#pragma once
#include <QScrollArea>
#include <array>

#include "pages/train/live_panels.h"

class QGridLayout;

namespace lix::widgets {
class SeriesChart;
}

namespace lix::app {

using LiveCharts = std::array<widgets::SeriesChart*, kLivePanels.size()>;

/// Charts in two columns where there is room, two of them over each other in sight.
class ChartArea : public QScrollArea {
  Q_OBJECT

 public:
  explicit ChartArea(const LiveCharts& charts);
  /// The others leave no gap.
  void setShown(const std::array<bool, kLivePanels.size()>& shown);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void place();

  const LiveCharts charts_;
  std::array<bool, kLivePanels.size()> shown_{};
  QGridLayout* grid_;
  int columns_ = 0;
};

}  // namespace lix::app
