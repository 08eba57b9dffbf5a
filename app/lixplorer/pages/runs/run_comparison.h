#pragma once
#include <QFrame>
#include <vector>

#include "pages/runs/run_differences.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace lix::app {

/// The chosen runs side by side: facts, settings and what their series came to. The leftmost run is the reference, the
/// others' numbers say how far they are from it; columns are dragged, or made the reference by a button.
class RunComparison : public QFrame {
  Q_OBJECT

 public:
  static constexpr int kMostRuns = 12;

  explicit RunComparison(QWidget* parent = nullptr);

  /// In this order, where a person has made no other; `chosen` counts also those beyond kMostRuns.
  void setRuns(std::vector<ComparedRun> runs, int chosen);
  void makeReference();
  void setDifferencesOnly(bool only);
  bool isDifferencesOnly() const;
  QString csv() const;

 Q_SIGNALS:
  void closed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void fill();
  void fillCell(int row, int column, const ComparedLine& line);
  /// All of the room is used; no name and no number is cut while there is room.
  void fitColumns();
  void takeMoved();

  std::vector<ComparedRun> runs_;  ///< from left to right
  int chosen_ = 0;
  std::vector<ComparedLine> lines_;
  std::vector<int> widths_;        ///< that the columns want
  std::vector<long long> wanted_;  ///< ids from left to right, as a person put them
  QLabel* words_;
  QCheckBox* only_;
  QPushButton *reference_, *copy_;
  QTableWidget* table_;
};

}  // namespace lix::app
