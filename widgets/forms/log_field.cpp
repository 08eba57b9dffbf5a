#include "forms/log_field.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QSlider>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "base/contracts.h"
#include "forms/number_field.h"

namespace lix::widgets {
namespace {

constexpr int kPositions = 1000;

/// Scrolling past a slider does not change it.
class QuietSlider : public QSlider {
 public:
  QuietSlider() : QSlider(Qt::Horizontal) {}

 protected:
  void wheelEvent(QWheelEvent* event) override {
    if (hasFocus()) {
      QSlider::wheelEvent(event);
    } else {
      event->ignore();
    }
  }
};

}  // namespace

LogField::LogField(const Param& param, QWidget* parent)
    : QWidget(parent), min_(param.min), max_(param.max), slider_(new QuietSlider), field_(new NumberField(param)) {
  LIX_REQUIRE(min_ > 0.0 && max_ > min_);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(slider_, 3);
  row->addWidget(field_, 2);
  slider_->setRange(0, kPositions);
  slider_->setPageStep(std::clamp(int(std::lround(kPositions / std::log10(max_ / min_))), 1, kPositions));
  slider_->setMinimumWidth(56);
  slider_->setFocusPolicy(Qt::StrongFocus);
  slider_->setValue(positionOf(field_->value()));
  setFocusProxy(field_);
  connectParts();
}

int LogField::positionOf(const ParamValue& value) const {
  const auto* whole = std::get_if<long long>(&value);
  const double number = whole ? double(*whole) : std::get<double>(value);
  return int(std::lround(kPositions * std::log(number / min_) / std::log(max_ / min_)));
}

double LogField::numberAt(int position) const {
  if (position <= 0 || position >= kPositions) {
    return position <= 0 ? min_ : max_;
  }
  const double number = min_ * std::pow(max_ / min_, double(position) / kPositions);
  return QString::number(number, 'g', 2).toDouble();
}

void LogField::connectParts() {
  connect(field_, &NumberField::valueChanged, slider_, [this] {
    if (!slider_->isSliderDown()) {
      const QSignalBlocker quiet(slider_);
      slider_->setValue(positionOf(field_->value()));
      slider_->update();
    }
  });
  connect(slider_, &QSlider::actionTriggered, field_, [this](int action) {
    if (action == QAbstractSlider::SliderSingleStepAdd || action == QAbstractSlider::SliderSingleStepSub) {
      field_->stepBy(action == QAbstractSlider::SliderSingleStepAdd ? 1 : -1);  // arrows: a digit, as in the field
      slider_->setSliderPosition(positionOf(field_->value()));
    }
  });
  connect(slider_, &QSlider::valueChanged, field_, [this](int position) {
    if (position != positionOf(field_->value())) {
      field_->setValue(field_->nearest(numberAt(position)));
    }
  });
}

}  // namespace lix::widgets
