#pragma once
#include <QWidget>

class QLabel;

namespace lix::app {

/// A line at the window's top that says which trainings go on when it is closed, and asks what shall be done.
class CloseBar : public QWidget {
  Q_OBJECT

 public:
  explicit CloseBar(QWidget* parent = nullptr);
  /// Names of the runs; shows itself and takes the keyboard.
  void ask(const QStringList& runs);

 Q_SIGNALS:
  void closeAsked();  ///< they go on
  void stopAsked();   ///< each saves and stops, then the window closes
  void stayed();

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QLabel* text_;
};

}  // namespace lix::app
