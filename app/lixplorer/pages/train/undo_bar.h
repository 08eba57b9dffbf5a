#pragma once
#include <QWidget>

class QLabel;
class QPushButton;

namespace lix::app {

/// One line that says what was removed, with a button that takes it back; hidden while there is nothing to take back.
class UndoBar : public QWidget {
  Q_OBJECT

 public:
  /// `name` begins the object names of its parts: "train.queue". `tip` says what the button does.
  UndoBar(const QString& name, const QString& tip, QWidget* parent = nullptr);

  void offer(const QString& sentence);
  void withdraw() { hide(); }
  void focusButton();

 Q_SIGNALS:
  void asked();

 private:
  QLabel* text_;
  QPushButton* undo_;
};

}  // namespace lix::app
