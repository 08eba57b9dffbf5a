#pragma once
#include <QWidget>
#include <optional>

#include "store/run_store.h"

class QLabel;
class QPushButton;

namespace lix::app {

class Desk;

/// Pause, resume, stop, cancel and continue of one run; cancelling is asked once, in place. Says what cannot be done by
/// leaving its button out or disabled.
class RunButtons : public QWidget {
  Q_OBJECT

 public:
  /// Words where there is room, else icons alone.
  enum class Look { Words, Icons };
  RunButtons(Desk& desk, Look look, QWidget* parent = nullptr);

  void setRun(const std::optional<store::RunRow>& run);
  void pauseOrResume();
  void stop();
  void cancel();  ///< asks first
  void goOn();    ///< continues a run that ended early, in a process of its own

 private:
  QPushButton* button(const char* id, const QString& icon, const QString& text);
  /// Every button says whose it is.
  void nameRun();
  void buildQuestion();
  void update();
  /// Shows or hides a button; one that is hidden while it has the keyboard gives it to the successor.
  static void replace(QPushButton& button, bool visible, QPushButton& successor, bool successorVisible);
  void request(store::RunRequest request);
  bool isActive() const;
  bool canGoOn() const;

  Desk& desk_;
  const Look look_;
  std::optional<store::RunRow> run_;
  std::optional<long long> going_;  ///< that was asked to go on, and has not begun
  std::optional<long long> asked_;  ///< whose cancelling is being confirmed
  QPushButton *pause_, *resume_, *stop_, *cancel_, *goOn_, *confirm_, *keep_;
  QLabel* question_;
  QWidget *normal_, *asking_;
};

}  // namespace lix::app
