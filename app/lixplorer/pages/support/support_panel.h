#pragma once
#include <QJsonObject>
#include <QWidget>

#include "desk/payload.h"

namespace lix::app {

/// One way of looking at the set that is open, in a dock of its own beside the board.
class SupportPanel : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  /// Whether a person can see it: what costs time is made only then, and what was missed when it comes to the front.
  virtual void setActive(bool active) { (void)active; }
  /// What was chosen here, kept in the workspace; restore() takes any older or damaged one without complaint.
  virtual QJsonObject state() const { return {}; }
  virtual void restore(const QJsonObject& state) { (void)state; }
  /// As narrow whatever it holds, so that its dock keeps its width when words change.
  QSize minimumSizeHint() const override;

 protected:
  /// What was let go over it, where it accepts drops.
  virtual void take(const Payload& payload) { (void)payload; }
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
};

}  // namespace lix::app
