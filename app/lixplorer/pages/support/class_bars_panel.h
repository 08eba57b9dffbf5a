#pragma once
#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QComboBox;
class QLabel;
class QTableWidget;

namespace lix::figures {
class Figure;
}

namespace lix::app {

class AdapterBox;

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
  /// In the chosen order; only where the adapter has an answer.
  std::vector<study::ClassRecall> recalls() const;
  /// What is copied and saved; null for nothing.
  std::shared_ptr<const figures::Figure> figure() const;
  int classAt(int row) const;

  LiveScores& scores_;
  AdapterBox* adapter_;
  QComboBox* order_;
  QTableWidget* table_;
  QLabel* empty_;
  bool active_ = false;
};

}  // namespace lix::app
