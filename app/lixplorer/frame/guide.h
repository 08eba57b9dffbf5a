#pragma once
#include <QFrame>
#include <QTimer>
#include <functional>
#include <vector>

#include "desk/desk.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace lix::app {

class MainWindow;

/// The guided tour of the demo workspace: a line under the page that says one thing to do at a time and sees for itself
/// when it is done. Covers nothing, blocks nothing; closed for good by its cross, opened again by Help > Guided tour.
class Guide : public QFrame {
  Q_OBJECT

 public:
  explicit Guide(MainWindow& window);
  void start();
  /// From 0; as many as there are steps when all are done.
  int step() const { return step_; }
  int steps() const { return int(steps_.size()); }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct Step {
    QString text, key;
    std::function<void()> show;   ///< goes where it is done
    std::function<bool()> done;
    std::function<void()> begin;  ///< remembers what the person shall change
  };
  void addInspectSteps();
  void addSupportSteps();
  void look();
  void go(int step);
  void build();

  MainWindow& window_;
  std::vector<Step> steps_;
  int step_ = 0;
  bool touched_ = false;  // the panel of the step was clicked
  QTimer looking_;
  QLabel *count_, *text_;
  QPushButton *show_, *skip_;
  QToolButton* close_;
};

}  // namespace lix::app
