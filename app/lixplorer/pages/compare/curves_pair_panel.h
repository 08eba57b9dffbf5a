#pragma once
#include "pages/compare/compare_panel.h"
#include "pages/compare/pair_curves.h"

class QPushButton;

namespace lix::widgets {
class CurveChart;
}

namespace lix::app {

/// The few-shot curves of both checkpoints on the comparison's dataset and label set.
class CurvesPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit CurvesPairPanel(QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void setCurves(const PairCurves& curves);

 Q_SIGNALS:
  void measureAsked();

 private:
  widgets::CurveChart* chart_;
  QLabel *notes_, *none_;
  QWidget* room_;
  QPushButton* measure_;
};

}  // namespace lix::app
