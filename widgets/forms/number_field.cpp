#include "forms/number_field.h"

#include <QLineEdit>
#include <QRegularExpression>
#include <QTimer>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/contracts.h"

namespace lix::widgets {
namespace {

constexpr int kLongestText = 40;
constexpr int kMostShown = 12;  // characters; more of a real number is rounded for the eye

/// The power of ten of a number's `digit`-th significant digit (1 is the first).
double unitOf(double value, int digit) { return std::pow(10.0, std::floor(std::log10(std::abs(value))) - (digit - 1)); }

/// Without the dust of binary fractions.
double tidy(double value) { return QString::number(value, 'g', 12).toDouble(); }

long long toWhole(double value) {
  constexpr double kEdge = 9223372036854775808.0;  // 2^63
  if (value >= kEdge) {
    return std::numeric_limits<long long>::max();
  }
  return value < -kEdge ? std::numeric_limits<long long>::min() : static_cast<long long>(value);
}

double toDouble(const ParamValue& value) {
  const auto* whole = std::get_if<long long>(&value);
  return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

std::optional<ParamValue> parsed(const QString& text, bool whole) {
  bool ok = false;
  const ParamValue value = whole ? ParamValue(text.toLongLong(&ok)) : ParamValue(text.toDouble(&ok));
  return ok ? std::optional(value) : std::nullopt;
}

/// Digits that are more than 64 bits hold: the end of them that is meant.
std::optional<ParamValue> overflowed(const QString& text, bool whole) {
  using Limits = std::numeric_limits<long long>;
  const bool digits = std::any_of(text.begin(), text.end(), [](QChar c) { return c.isDigit(); });
  return whole && digits ? std::optional<ParamValue>(text.startsWith(u'-') ? Limits::min() : Limits::max())
                         : std::nullopt;
}

/// What was typed into words that stand for a number: that alone.
QString typedInto(const QString& words, const QString& text) {
  const auto before = std::mismatch(words.begin(), words.end(), text.begin(), text.end()).second - text.begin();
  const qsizetype longer = text.size() - words.size();
  return longer > 0 && text.endsWith(words.mid(before)) ? text.mid(before, longer) : text;
}

/// How far one press of an arrow goes on a linear scale: a unit of the default's second digit, bounded by the range.
double linearStep(const Param& param, bool whole) {
  const double start = toDouble(param.value);
  const double range = param.max - param.min;
  if (whole) {
    return start == 0.0 ? 1.0 : std::max(1.0, unitOf(start, 2));
  }
  const double byRange = range > 0 ? unitOf(range / 20, 1) : std::numeric_limits<double>::infinity();
  const double byStart = start == 0.0 ? (range > 0 ? byRange : 0.1) : unitOf(start, 2);
  return std::min(byRange, byStart);
}

}  // namespace

QString numberText(const ParamValue& value) {
  if (const auto* whole = std::get_if<long long>(&value)) {
    return QString::number(*whole);
  }
  QString text = QString::number(std::get<double>(value), 'g', QLocale::FloatingPointShortest);
  static const QRegularExpression kExponent(QStringLiteral("e(?:\\+|(-))0*"));  // 1e-07, 1e+20
  return text.replace(kExponent, QStringLiteral("e\\1"));
}

NumberField::NumberField(const Param& param, QWidget* parent)
    : QAbstractSpinBox(parent), value_(param.value), log_(param.scale == ParamScale::Log) {
  LIX_REQUIRE(std::holds_alternative<long long>(value_) || std::holds_alternative<double>(value_));
  const bool bounded = param.min != param.max;
  if (whole()) {
    using Limits = std::numeric_limits<long long>;
    least_ = bounded ? toWhole(std::ceil(param.min)) : Limits::min();
    most_ = bounded ? toWhole(std::floor(param.max)) : Limits::max();
  } else {
    least_ = bounded ? param.min : std::numeric_limits<double>::lowest();
    most_ = bounded ? param.max : std::numeric_limits<double>::max();
  }
  step_ = linearStep(param, whole());
  value_ = clamped(value_);
  setAccelerated(true);
  setFocusPolicy(Qt::StrongFocus);
  lineEdit()->setMaxLength(kLongestText);
  write();
  connect(lineEdit(), &QLineEdit::textEdited, this, &NumberField::take);
  connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
    if (const auto typed = parsed(lineEdit()->text(), whole()); typed && !within(*typed)) {
      bringIn(*typed, lineEdit()->text());
    } else if (const auto tooLong = typed ? std::nullopt : overflowed(lineEdit()->text(), whole())) {
      bringIn(*tooLong, lineEdit()->text());
    } else {
      write();
    }
  });
}

bool NumberField::within(const ParamValue& value) const { return !(value < least_) && !(most_ < value); }

ParamValue NumberField::clamped(const ParamValue& value) const {
  if (!(least_ <= value)) {  // no number is less than NaN, which comes here too
    return least_;
  }
  return most_ < value ? most_ : value;
}

ParamValue NumberField::nearest(double number) const {
  return clamped(whole() ? ParamValue(toWhole(std::round(number))) : ParamValue(number));
}

void NumberField::setValue(const ParamValue& value) {
  const auto* number = std::get_if<long long>(&value);
  const ParamValue wanted = clamped(!whole() && number ? ParamValue(static_cast<double>(*number)) : value);
  LIX_REQUIRE(wanted.index() == value_.index());
  const bool other = wanted != value_;
  value_ = wanted;
  write();
  if (other) {
    Q_EMIT valueChanged();
  }
}

void NumberField::bringIn(const ParamValue& typed, const QString& text) {
  setValue(typed);
  const QString sentence = tr("%1 lies between %2 and %3, so %4 became %5.")
                               .arg(accessibleName(), numberText(least_), numberText(most_), text, numberText(value_));
  QToolTip::showText(mapToGlobal(rect().bottomLeft()), sentence, this);
  Q_EMIT corrected(sentence);
}

bool NumberField::isZero() const { return whole() ? std::get<long long>(value_) == 0 : std::get<double>(value_) == 0.0; }

void NumberField::setZeroText(const QString& words) {
  if (words != zeroText_) {
    const bool shown = lineEdit()->text() == zeroText_ || !hasFocus();  // else somebody is typing
    zeroText_ = words;
    updateGeometry();
    if (shown && isZero()) {
      write();
    }
  }
}

void NumberField::focusInEvent(QFocusEvent* event) {
  QAbstractSpinBox::focusInEvent(event);
  if (!zeroText_.isEmpty() && isZero()) {
    QTimer::singleShot(0, lineEdit(), &QLineEdit::selectAll);  // a digit takes the place of the words, also after a click
  }
}

void NumberField::take(const QString& text) {
  const auto number = parsed(text, whole());
  if (number && within(*number) && *number != value_) {
    value_ = *number;
    Q_EMIT valueChanged();
  }
}

void NumberField::write() {
  QString text = numberText(value_);
  if (const auto* real = std::get_if<double>(&value_); real && text.size() > kMostShown) {
    text = numberText(QString::number(*real, 'g', 6).toDouble());  // the value itself stays whole until one is typed
  }
  text = isZero() && !zeroText_.isEmpty() ? zeroText_ : text;
  if (lineEdit()->text() != text) {
    lineEdit()->setText(text);
  }
  update();  // the arrows at a bound
}

double NumberField::stepFrom(double value, bool up) const {
  if (!log_ || value <= 0.0) {
    return step_;
  }
  // One unit of the first digit; down from a power of ten it is the smaller unit: 0.002, 0.001, 0.0009.
  const double unit = unitOf(value * (1 + 1e-12), 1);
  const bool power = std::abs(value / unit - 1.0) < 1e-9;
  return !up && power ? unit / 10 : unit;
}

void NumberField::stepBy(int steps) {
  const bool up = steps > 0;
  if (const auto* number = std::get_if<long long>(&value_)) {
    long long next = *number;
    for (int i = 0; i < std::abs(steps); ++i) {
      const auto step = std::max(1LL, toWhole(stepFrom(static_cast<double>(next), up)));
      const long long left = up ? std::get<long long>(most_) : std::get<long long>(least_);
      // The distance to the bound as unsigned cannot overflow.
      const auto room = up ? static_cast<unsigned long long>(left) - static_cast<unsigned long long>(next)
                           : static_cast<unsigned long long>(next) - static_cast<unsigned long long>(left);
      next = room < static_cast<unsigned long long>(step) ? left : up ? next + step : next - step;
    }
    setValue(next);
  } else {
    double next = std::get<double>(value_);
    for (int i = 0; i < std::abs(steps); ++i) {
      const double step = stepFrom(next, up);
      next = toDouble(clamped(tidy(up ? next + step : next - step)));
    }
    setValue(next);
  }
  lineEdit()->selectAll();
}

QValidator::State NumberField::validate(QString& input, int&) const {
  static const QRegularExpression kWhole(QStringLiteral("^[+-]?[0-9]*$"));
  if (!zeroText_.isEmpty() && input == zeroText_) {
    return QValidator::Acceptable;
  }
  input = zeroText_.isEmpty() || !isZero() ? input : typedInto(zeroText_, input);
  static const QRegularExpression kReal(QStringLiteral("^[+-]?[0-9]*\\.?[0-9]*(?:[eE][+-]?[0-9]{0,3})?$"));
  input.remove(u' ');
  if (!whole()) {
    input.replace(u',', u'.');
  }
  const bool negative = input.startsWith(u'-');
  if (!(whole() ? kWhole : kReal).match(input).hasMatch() || (negative && toDouble(least_) >= 0.0)) {
    return QValidator::Invalid;
  }
  const auto number = parsed(input, whole());
  return number && within(*number) ? QValidator::Acceptable : QValidator::Intermediate;  // leaving brings it into range
}

QAbstractSpinBox::StepEnabled NumberField::stepEnabled() const {
  StepEnabled enabled = StepNone;
  enabled.setFlag(StepUpEnabled, value_ < most_);
  enabled.setFlag(StepDownEnabled, least_ < value_);
  return enabled;
}

void NumberField::wheelEvent(QWheelEvent* event) {
  if (hasFocus()) {
    QAbstractSpinBox::wheelEvent(event);
  } else {
    event->ignore();  // scrolling past a field does not change it
  }
}

QSize NumberField::withText(QSize size, int characters) const {
  const int number = fontMetrics().horizontalAdvance(u'0') * characters;
  return {size.width() + std::max(number, fontMetrics().horizontalAdvance(zeroText_)), size.height()};
}

QSize NumberField::sizeHint() const { return withText(QAbstractSpinBox::sizeHint(), 9); }

QSize NumberField::minimumSizeHint() const { return withText(QAbstractSpinBox::minimumSizeHint(), 6); }

}  // namespace lix::widgets
