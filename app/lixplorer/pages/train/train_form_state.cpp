// What was chosen in the form, as the workspace keeps it, and a run's settings put into it.
#include <QComboBox>
#include <algorithm>

#include "forms/param_form.h"
#include "frame/choices.h"
#include "pages/train/train_form.h"
#include "study/train/params.h"

namespace lix::app {
namespace {

QString toQt(const std::string& text) { return QString::fromStdString(text); }

QJsonValue toJson(const ParamValue& value) {
  return std::visit(
      [](const auto& one) -> QJsonValue {
        using T = std::remove_cvref_t<decltype(one)>;
        if constexpr (std::is_same_v<T, std::string>) {
          return toQt(one);
        } else if constexpr (std::is_same_v<T, long long>) {
          return double(one);
        } else {
          return one;
        }
      },
      value);
}

/// The values of known keys whose types fit and that lie in range.
ParamValues fromJson(const QJsonObject& object, const std::vector<Param>& params) {
  ParamValues values;
  for (const Param& param : params) {
    const QJsonValue given = object.value(toQt(param.key));
    ParamValue value;
    if (std::holds_alternative<bool>(param.value) && given.isBool()) {
      value = given.toBool();
    } else if (std::holds_alternative<long long>(param.value) && given.isDouble()) {
      value = static_cast<long long>(given.toDouble());
    } else if (std::holds_alternative<double>(param.value) && given.isDouble()) {
      value = given.toDouble();
    } else {
      continue;
    }
    if (study::withParams({}, {{param.key, value}})) {
      values.emplace(param.key, value);
    }
  }
  return values;
}

}  // namespace

QJsonObject TrainForm::state() const {
  QJsonObject values;
  for (const auto& [key, value] : params_->changedValues()) {
    values.insert(toQt(key), toJson(value));
  }
  return {{"recipe", toQt(recipe().id)},
          {"data", toQt(data_->name())},
          {"start", toQt(start_->folder().string())},
          {"size", sizeBox_->currentText()},
          {"towers", towersBox_->currentData().toString()},
          {"canary", toQt(canary_->name())},
          {"canaryBest", canaryBest_->currentData().toString()},
          {"values", values}};
}

void TrainForm::restore(const QJsonObject& state) {
  wanted_ = fromJson(state.value("values").toObject(), study::trainParams());
  params_->setParams({});  // what is set now gives way
  shown_.clear();
  rebuild();
  if (const int at = recipeBox_->findData(state.value("recipe").toString()); at >= 0) {
    recipeBox_->setCurrentIndex(at);
  }
  if (const QString name = state.value("data").toString(); !name.isEmpty()) {
    data_->setName(name.toStdString());
  }
  if (const QString folder = state.value("start").toString(); !folder.isEmpty()) {
    start_->setFolder(folder.toStdString());
  }
  if (const int at = sizeBox_->findText(state.value("size").toString()); at >= 0) {
    sizeBox_->setCurrentIndex(at);
  }
  for (const auto& [box, key] : {std::pair(towersBox_, "towers"), std::pair(canaryBest_, "canaryBest")}) {
    box->setCurrentIndex(std::max(0, box->findData(state.value(key).toString())));
  }
  canary_->setName(state.value("canary").toString().toStdString());
  onRecipe();
}

void TrainForm::setSettings(const study::TrainSettings& settings) {
  const auto start = settings.init.empty() ? study::TrainStart::Nothing : study::TrainStart::Checkpoint;
  QJsonObject values;
  const ParamValues all = study::paramValues(settings);
  for (const Param& param : study::trainParams(start)) {
    if (all.at(param.key) != param.value) {
      values.insert(toQt(param.key), toJson(all.at(param.key)));
    }
  }
  restore({{"recipe", toQt(settings.recipe)},
           {"data", toQt(settings.data)},
           {"start", toQt(settings.init)},
           {"size", toQt(settings.size)},
           {"towers", toQt(settings.towers)},
           {"canary", toQt(settings.canary)},
           {"canaryBest", toQt(settings.canaryBest)},
           {"values", values}});
  if (settings.init.empty()) {  // restore() takes a missing choice for one that is not known
    start_->setFolder({});
  }
}

}  // namespace lix::app
