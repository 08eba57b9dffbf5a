#pragma once
#include <QWidget>

class QDoubleSpinBox;
class QSlider;

namespace lix::app {

/// A positive number on a logarithmic slider with a number field beside it.
class LogSlider : public QWidget {
  Q_OBJECT

 public:
  LogSlider(double least, double most, QWidget* parent = nullptr);
  void setNames(const QString& name, const QString& tip);
  double value() const { return value_; }
  /// Without changed().
  void setValue(double value);

 Q_SIGNALS:
  void changed(double value);  ///< by a person

 private:
  double least_, most_, value_;
  QSlider* slider_;
  QDoubleSpinBox* number_;
};

/// A line of 3 pixels that moves while something runs, and is empty otherwise; it shows only what takes longer than a
/// blink.
class BusyLine : public QWidget {
  Q_OBJECT

 public:
  explicit BusyLine(QWidget* parent = nullptr);
  void setBusy(bool busy);
  bool isBusy() const { return timer_ != 0; }

 protected:
  void timerEvent(QTimerEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  int timer_ = 0;
  int ticks_ = 0;
};

}  // namespace lix::app
