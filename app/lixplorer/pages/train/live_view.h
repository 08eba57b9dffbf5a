#pragma once
#include <QWidget>
#include <array>

#include "pages/train/live_panels.h"
#include "store/run_store.h"

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLayout;
class QProgressBar;
class QSlider;
class QStackedWidget;
class QVBoxLayout;

namespace lix::widgets {
class SeriesChart;
}

namespace lix::app {

class ChartArea;
class Desk;
class RunButtons;

/// One run as it goes: status, buttons, charts. Shows the newest active run unless a person chose another.
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
  double smoothing() const;
  void setSmoothing(double weight);
  /// Hidden, it reads no series.
  void setLive(bool live);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  QLayout* topRow();
  void addStatus(QVBoxLayout& column);
  QWidget* nextSteps();
  QWidget* smoothingRow();
  void onRuns();
  void fillBox();
  void show(long long run);
  void showStatus();
  void showSeries();
  void follow(long long run);

  Desk& desk_;
  long long run_ = 0, followed_ = 0, newest_ = 0;
  bool chosen_ = false, live_ = true;
  QStackedWidget* stack_;
  QComboBox* box_;
  RunButtons* buttons_;
  QLabel *mark_, *status_, *latest_, *message_, *goesOn_;
  QWidget* next_;  ///< where a finished run leads
  QProgressBar* progress_;
  QSlider* slider_;
  QDoubleSpinBox* number_;
  std::array<widgets::SeriesChart*, kLivePanels.size()> charts_{};
  ChartArea* area_;
};

}  // namespace lix::app
