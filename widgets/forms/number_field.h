#pragma once
#include <QAbstractSpinBox>

#include "base/param.h"

namespace lix::widgets {

/// The shortest text that reads back as the same number: 1200, 0.05, 3e-7.
QString numberText(const ParamValue& value);

/// A number of a parameter, whole (64 bits) or real, typed or stepped, that never leaves the parameter's bounds: what
/// is out of range comes to the nearest bound when the field is left, which is told, what is no number to the last value.
/// A 0 that stands for something else can be shown in words.
class NumberField : public QAbstractSpinBox {
  Q_OBJECT
  Q_PROPERTY(QString value READ text)  // what assistive programs read

 public:
  /// The parameter's value must be a long long or a double.
  explicit NumberField(const Param& param, QWidget* parent = nullptr);

  const ParamValue& value() const { return value_; }
  /// Brought to the nearest bound where it is out of range; a whole number will do for a real one.
  void setValue(const ParamValue& value);
  /// What stands in the field instead of 0: "automatic (2)"; "" for the number itself.
  void setZeroText(const QString& words);
  /// The value nearest to a real number: rounded to whole ones where the parameter is.
  ParamValue nearest(double number) const;

  void stepBy(int steps) override;
  QValidator::State validate(QString& input, int& position) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void valueChanged();
  /// What was typed is out of range, and the nearest bound stands there now.
  void corrected(const QString& sentence);

 protected:
  void focusInEvent(QFocusEvent* event) override;
  StepEnabled stepEnabled() const override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  bool whole() const { return std::holds_alternative<long long>(value_); }
  bool within(const ParamValue& value) const;
  ParamValue clamped(const ParamValue& value) const;
  void take(const QString& text);
  void write();
  void bringIn(const ParamValue& typed, const QString& text);
  bool isZero() const;
  double stepFrom(double value, bool up) const;
  QSize withText(QSize size, int characters) const;

  ParamValue value_;
  ParamValue least_, most_;  ///< of value_'s type
  double step_ = 1.0;
  bool log_ = false;
  QString zeroText_;
};

}  // namespace lix::widgets
