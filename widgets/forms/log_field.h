#pragma once
#include <QWidget>

#include "base/param.h"

class QSlider;

namespace lix::widgets {

class NumberField;

/// A slider over the logarithm of a bounded number and the number itself beside it. The slider gives numbers of two
/// digits; a number that was typed stays as it is.
class LogField : public QWidget {
 public:
  /// The parameter's bounds must be positive and differ.
  explicit LogField(const Param& param, QWidget* parent = nullptr);

  NumberField* field() const { return field_; }
  QSlider* slider() const { return slider_; }

 private:
  int positionOf(const ParamValue& value) const;
  double numberAt(int position) const;
  void connectParts();

  double min_, max_;
  QSlider* slider_;
  NumberField* field_;
};

}  // namespace lix::widgets
