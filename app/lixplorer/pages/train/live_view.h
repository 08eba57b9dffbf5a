#pragma once
#include <QWidget>
#include <optional>
#include <set>

#include "pages/train/chart_area.h"
#include "store/run_store.h"
#include "study/train/settings.h"

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

/// One run as it goes: status, buttons, checkpoints, charts, and those of other runs over them. It stays with its run, so
/// that no button acts on another one than it did a moment ago: only a person's choice, or a start on this page, changes
/// it. While there is none it takes the one that trains, else the newest.
class LiveView : public QWidget {
  Q_OBJECT

 public:
  explicit LiveView(Desk& desk, QWidget* parent = nullptr);
  ~LiveView() override;

  long long run() const { return run_; }  ///< 0: none
  void choose(long long run);
  /// The run that is being started here with these settings is shown as soon as it is there.
  void await(const study::TrainSettings& settings);
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
  bool isAwaited(const store::RunRow& run) const;

  /// What was started here, and the newest run before.
  struct Awaited {
    store::RunRow plan;
    long long after = 0;
  };
  std::optional<Awaited> awaited_;
  long long run_ = 0;
  std::set<long long> followed_;
  bool live_ = true;
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
