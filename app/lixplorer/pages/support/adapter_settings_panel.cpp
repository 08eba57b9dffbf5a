#include "pages/support/adapter_settings_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <vector>

#include "forms/number_field.h"
#include "forms/param_form.h"
#include "frame/page_parts.h"
#include "pages/support/adapter_box.h"

namespace lix::app {
namespace {

constexpr double kPercent = 100.0;
constexpr int kSliderWidth = 30, kFieldWidth = 78;  // for docks of 260 pixels

/// What a slider offers of a setting: its whole range would hide where it matters.
struct Range {
  const char* adapter;
  const char* key;
  double least, most;
  ParamScale scale;
};
constexpr Range kRanges[] = {{"tip-adapter", "alpha", 0.01, 100.0, ParamScale::Log},
                             {"tip-adapter", "beta", 0.01, 100.0, ParamScale::Log},
                             {"knn", "k", 1.0, 100.0, ParamScale::Log},
                             {"knn", "temperature", 0.02, 10.0, ParamScale::Log},
                             {"prototype", "text_weight", 0.0, 1.0, ParamScale::Linear}};
constexpr const char* kAdapters[] = {"tip-adapter", "knn", "prototype"};

std::vector<Param> paramsOf(const adapt::Adapter& adapter) {
  std::vector<Param> params;
  for (const Range& range : kRanges) {
    const auto found = std::ranges::find(adapter.params, range.key, &Param::key);
    if (adapter.id == range.adapter && found != adapter.params.end()) {
      Param param = *found;
      param.min = range.least;
      param.max = range.most;
      param.scale = range.scale;
      params.push_back(std::move(param));
    }
  }
  return params;
}

}  // namespace

AdapterSettingsPanel::AdapterSettingsPanel(LiveScores& scores, QWidget* parent)
    : SupportPanel(parent), scores_(scores), defaults_(new QPushButton(tr("Default"))), note_(new QLabel) {
  build();
  for (auto signal : {&LiveScores::scored, &LiveScores::statusChanged, &LiveScores::planChanged}) {
    connect(&scores_, signal, this, &AdapterSettingsPanel::show);
  }
  connect(defaults_, &QPushButton::clicked, this, &AdapterSettingsPanel::setDefaults);
  show();
}

void AdapterSettingsPanel::build() {
  auto* inside = new QWidget;
  auto* column = new QVBoxLayout(inside);
  column->setContentsMargins(8, 6, 8, 6);
  column->setSpacing(6);
  for (const char* id : kAdapters) {
    const auto adapter = adapt::find(id);
    if (!adapter) {
      continue;
    }
    Part part{new widgets::ParamForm, new QLabel(QString::fromStdString((*adapter)->title)), new QLabel};
    part.title->setProperty("heading", "section");
    part.effect->setObjectName(QString("support.effect.") + id);
    part.form->setObjectName(QString("support.settings.") + id);
    part.form->setAccessibleName(tr("Settings of %1").arg(part.title->text()));
    part.form->setParams(paramsOf(**adapter));
    for (auto* slider : part.form->findChildren<QSlider*>()) {
      slider->setMinimumWidth(kSliderWidth);
    }
    for (auto* field : part.form->findChildren<widgets::NumberField*>()) {
      field->setFixedWidth(kFieldWidth);
    }
    connect(part.form, &widgets::ParamForm::changed, this, &AdapterSettingsPanel::tell);
    auto* head = new QHBoxLayout;
    head->addWidget(part.title);
    head->addStretch(1);
    head->addWidget(part.effect);
    column->addLayout(head);
    column->addWidget(part.form);
    parts_.emplace(id, part);
  }
  note_->setObjectName("support.settingsNote");
  note_->setWordWrap(true);
  column->addWidget(note_);
  defaults_->setObjectName("support.defaults");
  defaults_->setToolTip(tr("Puts every setting back to its default; Tab and Space do it from the keyboard."));
  auto* foot = new QHBoxLayout;
  foot->addStretch(1);
  foot->addWidget(defaults_);
  column->addLayout(foot);
  column->addStretch(1);
  auto* outside = new QVBoxLayout(this);
  outside->setContentsMargins(0, 0, 0, 0);
  outside->addWidget(scrolled(inside));
}

void AdapterSettingsPanel::tell() {
  study::AdapterSettings settings;
  for (const auto& [id, part] : parts_) {
    if (ParamValues changed = part.form->changedValues(); !changed.empty()) {
      settings.emplace(id, std::move(changed));
    }
  }
  scores_.setSettings(settings);
  show();
}

void AdapterSettingsPanel::setAlphaBeta(double alpha, double beta) {
  parts_.at("tip-adapter").form->setValues({{"alpha", alpha}, {"beta", beta}});
}

void AdapterSettingsPanel::setDefaults() {
  for (const auto& [id, part] : parts_) {
    ParamValues values;
    for (const Param& param : (*adapt::find(id))->params) {
      values[param.key] = param.value;
    }
    part.form->setValues(values);
  }
}

void AdapterSettingsPanel::setActive(bool active) {
  active_ = active;
  show();
}

void AdapterSettingsPanel::show() {
  const bool byHand = !scores_.settings().empty();
  defaults_->setEnabled(byHand);
  const bool test = scores_.plan().split == data::Split::Test && !scores_.plan().pictures.empty();
  note_->setText(byHand && test ? tr("Chosen by hand on these queries: not an honest test number. Choose on the "
                                     "validation split, then look at the test split once. Both halves of Surface are counted.")
                                : tr("Moves the accuracy at once; it counts both halves of Surface. Arrow keys move a slider; what is "
                                     "chosen is kept."));
  note_->setProperty("muted", !(byHand && test));
  style()->unpolish(note_);
  style()->polish(note_);
  for (const auto& [id, part] : parts_) {
    const study::AdapterScore* score = scores_.score(id);
    if (score == nullptr || !score->accuracy) {
      part.effect->setText(QStringLiteral("\u2013"));
      part.effect->setToolTip(whyNothing(scores_, id));
      continue;
    }
    const auto difference = scores_.difference(id);
    QString text = QString::number(*score->accuracy * kPercent, 'f', 1) + " %";
    if (difference && *difference != 0.0) {
      text += QString(" (%1%2)").arg(*difference > 0 ? "+" : "\u2212").arg(std::abs(*difference) * kPercent, 0, 'f', 1);
    }
    part.effect->setText(text);
    part.effect->setToolTip(tr("Accuracy with these settings; in brackets against before they were moved."));
  }
}

QJsonObject AdapterSettingsPanel::state() const {
  QJsonObject state;
  for (const auto& [id, part] : parts_) {
    QJsonObject values;
    for (const auto& [key, value] : part.form->changedValues()) {
      values[QString::fromStdString(key)] = std::holds_alternative<double>(value)
                                                ? std::get<double>(value)
                                                : static_cast<double>(std::get<long long>(value));
    }
    state[QString::fromStdString(id)] = values;
  }
  return state;
}

void AdapterSettingsPanel::restore(const QJsonObject& state) {
  for (const auto& [id, part] : parts_) {
    const QJsonObject values = state[QString::fromStdString(id)].toObject();
    ParamValues wanted;
    for (const auto& [key, value] : part.form->values()) {
      const QJsonValue kept = values[QString::fromStdString(key)];
      if (kept.isDouble() && std::holds_alternative<long long>(value)) {
        wanted[key] = static_cast<long long>(std::clamp(kept.toDouble(), 1.0, kPercent));
      } else if (kept.isDouble()) {
        wanted[key] = kept.toDouble();
      }
    }
    part.form->setValues(wanted);
  }
}

}  // namespace lix::app
