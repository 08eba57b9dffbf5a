#pragma once
#include <QScrollArea>
#include <set>
#include <string>
#include <vector>

#include "figures/curves_figure.h"

class QGridLayout;

namespace lix::widgets {
class CurveChart;
}

namespace lix::app {

/// One interactive chart a panel: a single one fills the room, several scroll in as many columns as fit.
class CurveCharts : public QScrollArea {
  Q_OBJECT

 public:
  explicit CurveCharts(QWidget* parent = nullptr);

  /// What was hidden stays hidden where the curve is still there.
  void setCurves(const figures::CurvesData& drawn);
  /// Labels of hidden curves by panel.
  std::vector<std::vector<std::string>> hidden() const;
  const std::vector<widgets::CurveChart*>& charts() const { return charts_; }

 Q_SIGNALS:
  void pointClicked(int panel, int series, int point);
  void hiddenChanged();
  void failed(const QString& sentence);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void arrange();
  /// What was hidden or shown in one chart is so in all.
  void share(const widgets::CurveChart* from);
  QGridLayout* grid_;
  std::vector<widgets::CurveChart*> charts_;
  std::vector<std::set<std::string>> labels_;  ///< of the curves of each chart
  int columns_ = 0;
};

}  // namespace lix::app
