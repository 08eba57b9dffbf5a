#include "pages/train/chart_controls.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <algorithm>
#include <cmath>

namespace lix::app {
namespace {

constexpr int kMostSmoothing = 99;  // hundredths

}  // namespace

ChartControls::ChartControls(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  auto* label = new QLabel(tr("&Smoothing"));
  label->setProperty("muted", true);
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName("train.smoothing");
  slider_->setAccessibleName(tr("Smoothing"));
  slider_->setToolTip(
      tr("Share of the past in each drawn value; the values themselves stay faintly behind (arrow keys)."));
  slider_->setRange(0, kMostSmoothing);
  slider_->setMinimumWidth(60);
  number_ = new QDoubleSpinBox;
  number_->setObjectName("train.smoothingNumber");
  number_->setAccessibleName(tr("Smoothing as a number"));
  number_->setToolTip(tr("Share of the past in each drawn value, 0 to 0.99."));
  number_->setRange(0.0, kMostSmoothing / 100.0);
  number_->setSingleStep(0.05);
  label->setBuddy(slider_);
  outliers_ = new QCheckBox(tr("Skip &outliers"));
  outliers_->setObjectName("train.outliers");
  outliers_->setAccessibleName(tr("Leave outliers out of the axes"));
  outliers_->setToolTip(
      tr("The axes hold all but the outermost 2 % of the values at either end; nothing is removed (Space)."));
  logarithmic_ = new QCheckBox(tr("Lo&g"));
  logarithmic_->setObjectName("train.logarithmic");
  logarithmic_->setAccessibleName(tr("Logarithmic values"));
  logarithmic_->setToolTip(tr("Draws all values over their logarithm; those that are not positive leave a gap (Space)."));
  row->addWidget(label);
  row->addWidget(slider_, 1);
  row->addWidget(number_);
  row->addWidget(outliers_);
  row->addWidget(logarithmic_);
  connect(slider_, &QSlider::valueChanged, this, [this](int hundredths) { setSmoothing(hundredths / 100.0); });
  connect(number_, &QDoubleSpinBox::valueChanged, this, &ChartControls::setSmoothing);
  connect(outliers_, &QCheckBox::toggled, this, &ChartControls::changed);
  connect(logarithmic_, &QCheckBox::toggled, this, &ChartControls::changed);
}

double ChartControls::smoothing() const { return number_->value(); }

void ChartControls::setSmoothing(double weight) {
  const QSignalBlocker quietSlider(slider_), quietNumber(number_);
  number_->setValue(weight);
  slider_->setValue(int(std::lround(number_->value() * 100.0)));
  Q_EMIT changed();
}

bool ChartControls::leavesOutliersOut() const { return outliers_->isChecked(); }
bool ChartControls::isLogarithmic() const { return logarithmic_->isChecked(); }

QJsonObject ChartControls::state() const {
  return {{"smoothing", smoothing()}, {"skipOutliers", leavesOutliersOut()}, {"logarithmic", isLogarithmic()}};
}

void ChartControls::restore(const QJsonObject& state) {
  setSmoothing(std::clamp(state.value("smoothing").toDouble(), 0.0, kMostSmoothing / 100.0));
  outliers_->setChecked(state.value("skipOutliers").toBool());
  logarithmic_->setChecked(state.value("logarithmic").toBool());
}

}  // namespace lix::app
