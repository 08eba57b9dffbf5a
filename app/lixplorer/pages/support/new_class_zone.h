#pragma once
#include <QLabel>
#include <QTimer>
#include <functional>

#include "desk/payload.h"

class QPushButton;

namespace lix::app {

/// Shown where a drop makes a new class, while pictures are dragged over what it watches: the room beside the columns of
/// a board, in words, and the button that adds a class, which stands where there is no such room and takes drops too.
class NewClassZone : public QLabel {
  Q_OBJECT

 public:
  /// A child of the board's viewport, and seen through by drops, which are the board's. `columnsEnd` is where in the
  /// viewport the last column ends.
  NewClassZone(QWidget* viewport, QPushButton* add, std::function<int()> columnsEnd);

  /// A widget of the board that takes drops.
  void watch(QWidget* target);

 Q_SIGNALS:
  void dropped(const lix::app::Payload& payload, Qt::KeyboardModifiers modifiers);  ///< on the button

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  /// Dark, seen as a place for a drop, or seen as the one that is under the pointer.
  enum class Light { Off, Place, Target };
  void light(Light beside, Light button);
  bool onButton(QEvent* event);

  QPushButton* add_;
  std::function<int()> columnsEnd_;
  QTimer left_;
};

}  // namespace lix::app
