#pragma once
#include <map>
#include <string>

#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QLabel;
class QPushButton;

namespace lix::widgets {
class ParamForm;
}

namespace lix::app {

/// Settings of the quick adapters as sliders with numbers, and what they do to the accuracy at once.
class AdapterSettingsPanel : public SupportPanel {
  Q_OBJECT

 public:
  explicit AdapterSettingsPanel(LiveScores& scores, QWidget* parent = nullptr);

  /// Of Tip-Adapter.
  void setAlphaBeta(double alpha, double beta);
  void setDefaults();
  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  struct Part {
    widgets::ParamForm* form;
    QLabel *title, *effect;
  };
  void build();
  void tell();
  void show();

  LiveScores& scores_;
  std::map<std::string, Part> parts_;  ///< by adapter
  QPushButton* defaults_;
  QLabel* note_;
  bool active_ = false;
};

}  // namespace lix::app
