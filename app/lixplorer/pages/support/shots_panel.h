#pragma once
#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"
#include "study/support/shots_curve.h"

class QLabel;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// What fewer pictures of each class would have been worth: accuracy against shots drawn from the set as it stands,
/// redrawn as pictures come and go.
class ShotsPanel : public SupportPanel {
  Q_OBJECT

 public:
  ShotsPanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  /// Of the set as it was drawn last; empty where there is none.
  const std::vector<study::ShotsCurve>& curves() const { return curves_; }
  void setActive(bool active) override;

 private:
  void build();
  void refresh();
  void ask();
  void draw(const QString& status);

  LiveScores& scores_;
  Relay relay_;
  widgets::FigureView* figure_;
  QLabel* status_;
  std::vector<study::ShotsCurve> curves_;
  QString byHand_;  ///< settings of the curves that are not defaults, in words
  bool active_ = false;
  bool stale_ = true;
};

}  // namespace lix::app
