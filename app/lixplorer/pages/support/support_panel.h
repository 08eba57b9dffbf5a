#pragma once
#include <QJsonObject>
#include <QWidget>

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
};

}  // namespace lix::app
