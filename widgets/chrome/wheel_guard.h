#pragma once
#include <QElapsedTimer>
#include <QObject>

class QWidget;

namespace lix::widgets {

/// Keeps the wheel from changing settings by accident, in all windows of the program: numbers, boxes and sliders take it
/// only while they have the keyboard, never get the keyboard by it, and never while a scroll goes on that began elsewhere.
/// What they do not take scrolls what they stand in.
class WheelGuard : public QObject {
  Q_OBJECT

 public:
  /// Once for the program; more calls do nothing.
  static void install();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  using QObject::QObject;
  bool isScrolling() const;

  QElapsedTimer scrolled_;  ///< since the last turn that scrolled
};

}  // namespace lix::widgets
