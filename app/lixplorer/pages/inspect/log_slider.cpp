#include "pages/inspect/log_slider.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QPainter>
#include <QSignalBlocker>
#include <QSlider>
#include <QTimerEvent>
#include <algorithm>
#include <cmath>

#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr int kSteps = 400;
constexpr int kTick = 40;        // milliseconds
constexpr int kTicksQuiet = 3;   // nothing is shown before
constexpr double kShare = 0.25;  // of the width that moves

}  // namespace

LogSlider::LogSlider(double least, double most, QWidget* parent)
    : QWidget(parent),
      least_(least),
      most_(most),
      value_(least),
      slider_(new QSlider(Qt::Horizontal)),
      number_(new QDoubleSpinBox) {
  slider_->setRange(0, kSteps);
  slider_->setPageStep(kSteps / 20);
  slider_->setMinimumWidth(60);
  number_->setDecimals(4);
  number_->setRange(least, most);
  number_->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
  number_->setKeyboardTracking(false);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(slider_, 1);
  layout->addWidget(number_);
  setFocusProxy(slider_);
  connect(slider_, &QSlider::valueChanged, this, [this](int step) {
    setValue(least_ * std::pow(most_ / least_, double(step) / kSteps));
    Q_EMIT changed(value_);
  });
  connect(number_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
    setValue(value);
    Q_EMIT changed(value_);
  });
}

void LogSlider::setNames(const QString& name, const QString& tip) {
  slider_->setAccessibleName(name);
  number_->setAccessibleName(name);
  slider_->setToolTip(tip);
  number_->setToolTip(tip);
}

void LogSlider::setValue(double value) {
  value_ = std::clamp(value, least_, most_);
  const QSignalBlocker noSlider(slider_), noNumber(number_);
  slider_->setValue(int(std::lround(std::log(value_ / least_) / std::log(most_ / least_) * kSteps)));
  number_->setValue(value_);
}

BusyLine::BusyLine(QWidget* parent) : QWidget(parent) {
  setFixedHeight(3);
  setAccessibleName(tr("Working"));
}

void BusyLine::setBusy(bool busy) {
  if (busy == (timer_ != 0)) {
    return;
  }
  if (busy) {
    ticks_ = 0;
    timer_ = startTimer(kTick);
  } else {
    killTimer(timer_);
    timer_ = 0;
    update();
  }
}

void BusyLine::timerEvent(QTimerEvent*) {
  ++ticks_;
  update();
}

void BusyLine::paintEvent(QPaintEvent*) {
  if (timer_ == 0 || ticks_ < kTicksQuiet) {
    return;
  }
  QPainter painter(this);
  const double at = std::fmod(ticks_ * 0.03, 1.0 + kShare) - kShare;
  painter.fillRect(QRectF(at * width(), 0, kShare * width(), height()),
                   widgets::colours(widgets::themeOf(palette())).accent);
}

}  // namespace lix::app
