#pragma once
#include <QWidget>
#include <set>

#include "pages/train/chart_area.h"
#include "store/run_store.h"

class QComboBox;
class QLabel;
class QLayout;
class QProgressBar;
class QStackedWidget;
class QVBoxLayout;

namespace lix::app {

class ChartControls;
class CheckpointList;
class Desk;
class OverlayButton;
class RunButtons;

/// One run as it goes: status, buttons, checkpoints, charts, and those of other runs over them. Shows the newest active
/// run unless a person chose another.
class LiveView : public QWidget {
  Q_OBJECT

 public:
  explicit LiveView(Desk& desk, QWidget* parent = nullptr);
  ~LiveView() override;

  long long run() const { return run_; }  ///< 0: none
  void choose(long long run);
  /// The next run that begins is shown, whatever was chosen before.
  void awaitNew();
  RunButtons& buttons() { return *buttons_; }
  CheckpointList& checkpoints() { return *checkpoints_; }
  OverlayButton& overlay() { return *overlay_; }
  /// Hidden, it reads no series.
  void setLive(bool live);

  QJsonObject state() const;
  void restore(const QJsonObject& state);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  QLayout* topRow();
  void addStatus(QVBoxLayout& column);
  void addCharts(QVBoxLayout& column);
  QWidget* nextSteps();
  void onRuns();
  void fillBox();
  void show(long long run);
  void showStatus();
  void showSeries();
  void showGuard();
  void styleCharts();
  /// Reads the series of what is shown, and no others.
  void follow();

  Desk& desk_;
  long long run_ = 0, newest_ = 0;
  std::set<long long> followed_;
  bool chosen_ = false, live_ = true;
  QStackedWidget* stack_;
  QComboBox* box_;
  OverlayButton* overlay_;
  RunButtons* buttons_;
  CheckpointList* checkpoints_;
  QLabel *mark_, *status_, *latest_, *message_, *goesOn_, *guard_;
  QWidget* next_;  ///< where a finished run leads
  QProgressBar* progress_;
  ChartControls* controls_;
  LiveCharts charts_{};
  ChartArea* area_;
};

}  // namespace lix::app
