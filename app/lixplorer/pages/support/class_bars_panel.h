#pragma once
#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QComboBox;
class QLabel;
class QTableWidget;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// How many queries of every class an adapter gets right, with interval, the worst class first or in the set's order.
class ClassBarsPanel : public SupportPanel {
  Q_OBJECT

 public:
  ClassBarsPanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  /// A class by its place in the set was clicked, or Enter was pressed on it.
  void classChosen(int index);

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void show();
  void fitNames();
  void showRow(int row, const study::ClassRecall& recall, const std::string& name);
  void showFigure(const std::vector<study::ClassRecall>& recalls, const std::vector<std::string>& names);
  int classAt(int row) const;

  LiveScores& scores_;
  QComboBox *adapter_, *order_;
  QTableWidget* table_;
  QLabel* empty_;
  widgets::FigureView* figure_;  ///< never shown: what is copied and saved
  bool active_ = false;
};

}  // namespace lix::app
