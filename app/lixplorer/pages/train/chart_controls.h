#pragma once
#include <QJsonObject>
#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QSlider;

namespace lix::app {

/// How live charts are drawn: smoothing, whether the axes leave outliers out, logarithmic values.
class ChartControls : public QWidget {
  Q_OBJECT

 public:
  explicit ChartControls(QWidget* parent = nullptr);

  double smoothing() const;
  void setSmoothing(double weight);
  bool leavesOutliersOut() const;
  bool isLogarithmic() const;
  QJsonObject state() const;
  void restore(const QJsonObject& state);

 Q_SIGNALS:
  void changed();

 private:
  QSlider* slider_;
  QDoubleSpinBox* number_;
  QCheckBox *outliers_, *logarithmic_;
};

}  // namespace lix::app
