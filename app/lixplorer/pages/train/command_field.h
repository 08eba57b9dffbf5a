#pragma once
#include <QLineEdit>

namespace lix::app {

/// A command line to be read and copied: one that is longer than its place ends in an ellipsis until the keyboard comes,
/// and its tip tells it whole.
class CommandField : public QLineEdit {
  Q_OBJECT

 public:
  explicit CommandField(QWidget* parent = nullptr);
  void setCommand(const QString& command);
  /// As it is drawn while the keyboard is elsewhere.
  QString shownText() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QRect textPlace() const;
};

}  // namespace lix::app
