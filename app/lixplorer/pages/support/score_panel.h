#pragma once
#include <QJsonObject>

#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;
class QToolButton;

namespace lix::figures {
class Figure;
}

namespace lix::app {

class CheckpointBox;
class DatasetBox;

/// Which checkpoint and which queries measure the set, and how every adapter does.
class ScorePanel : public SupportPanel {
  Q_OBJECT

 public:
  ScorePanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  QCheckBox* live() const { return live_; }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  enum Column { kAdapter, kAccuracy, kInterval, kChange, kColumns };
  static constexpr int kIdRole = Qt::UserRole;  ///< an adapter's id, of its name
  static constexpr int kRowHeight = 26;
  void build();
  void connectAll();
  void tellChoice();
  void showPlan();
  void showScores();
  void showRow(int row, const study::AdapterScore& score);
  void showAccuracy(int row, const study::AdapterScore& score, const QString& tip);
  void showChange(int row, const study::AdapterScore& score);
  void showFitting();
  void showShown();
  void chooseRow(int row);
  void fitColumns();
  bool showTip(const QPoint& at);
  void buildTable();
  QWidget* buildChoice();
  void showNotes();
  QString worthOfOne() const;
  /// Queries that the accuracies are over; 0 where there are none.
  std::size_t measured() const;
  /// The table, as it is copied and saved; null for nothing.
  std::shared_ptr<const figures::Figure> figure() const;
  void tellUnreadable();

  Desk& desk_;
  LiveScores& scores_;
  CheckpointBox* checkpoint_;
  QToolButton* fold_;
  QWidget* choice_;  ///< that it folds
  DatasetBox* dataset_;
  QComboBox *labelSet_, *split_, *most_;
  QCheckBox *live_, *fitted_;
  QPushButton* now_;
  QTableWidget* table_;
  QLabel *status_, *notes_;
  std::string wantedLabelSet_;  ///< chosen by a person; "" is the best match
  std::string told_;            ///< unreadable pictures that were told last
};

}  // namespace lix::app
