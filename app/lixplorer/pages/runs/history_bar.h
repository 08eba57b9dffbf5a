#pragma once
#include <QFrame>

class QLabel;
class QPushButton;

namespace lix::app {

class RunHistory;

/// Says what was just done to runs, and offers to take it back, or to make it again once it was taken back.
class HistoryBar : public QFrame {
  Q_OBJECT

 public:
  explicit HistoryBar(RunHistory& history, QWidget* parent = nullptr);

 private:
  void tell(const QString& sentence);

  RunHistory& history_;
  QLabel* words_;
  QPushButton *undo_, *redo_;
};

}  // namespace lix::app
