#include "pages/run_parts/setting_words.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "study/train/params.h"
#include "study/train/recipe_for.h"

namespace lix::app {
namespace {

struct SettingWords {
  Q_DECLARE_TR_FUNCTIONS(SettingWords)
};

constexpr double kMostWhole = 1e15;  // whole numbers are exact up to here
constexpr const char* kChosen[] = {"recipe", "size", "data", "init"};  // from lists, in the order of the form

QString toQt(const std::string& text) { return QString::fromStdString(text); }

/// learningRate -> learning<between>rate
QString split(const QString& key, QChar between) {
  QString words;
  for (const QChar letter : key) {
    words += letter.isUpper() ? QString(between) + letter.toLower() : QString(letter == '_' ? between : letter);
  }
  return words;
}

QString withCapital(QString words) { return words.isEmpty() ? words : words.replace(0, 1, words[0].toUpper()); }

const study::TrainField* fieldOf(const QString& key) {
  const std::string wanted = split(key, '_').toStdString();
  const auto& fields = study::trainFields();
  const auto found = std::ranges::find_if(fields, [&](const study::TrainField& field) { return field.param.key == wanted; });
  return found == fields.end() ? nullptr : &*found;
}

/// What a field's help says that 0 stands for: "off" of "Joint gradient norm, 0 = off."; "" where it says nothing.
QString wordsOfZero(const study::TrainField& field) {
  const QString help = toQt(field.param.help);
  const qsizetype begin = help.indexOf(QStringLiteral("0 = "));
  if (begin < 0) {
    return {};
  }
  const QString rest = help.mid(begin + 4);
  const auto end = std::ranges::find_if(rest, [](QChar letter) { return QStringLiteral(".,;(").contains(letter); });
  return rest.left(end - rest.begin()).trimmed();
}

/// The recipe that a run was trained by, where its settings make one.
std::optional<nn::Recipe> recipeOf(const store::RunRow& run) {
  const auto settings = study::settingsFromJson(run.settings);
  if (!settings) {
    return std::nullopt;
  }
  auto recipe = study::recipeFor(*settings);
  return recipe ? std::optional(std::move(*recipe)) : std::nullopt;
}

}  // namespace

QString plainNumber(double value) {
  return std::floor(value) == value && std::abs(value) < kMostWhole ? QString::number(qlonglong(value))
                                                                    : QString::number(value, 'g', 6);
}

QString settingTitle(const QString& key) {
  if (key == QStringLiteral("recipe")) {
    return SettingWords::tr("Recipe");
  }
  if (key == QStringLiteral("size")) {
    return SettingWords::tr("Size");
  }
  if (key == QStringLiteral("data")) {
    return SettingWords::tr("Data");
  }
  if (key == QStringLiteral("init")) {
    return SettingWords::tr("Start from");
  }
  const study::TrainField* field = fieldOf(key);
  if (field != nullptr) {
    return toQt(field->param.title);
  }
  return withCapital(split(key, ' '));
}

QString settingWords(const QString& key, const QJsonValue& value) {
  if (value.isBool()) {
    return value.toBool() ? SettingWords::tr("on") : SettingWords::tr("off");
  }
  if (value.isDouble()) {
    const study::TrainField* field = value.toDouble() == 0.0 ? fieldOf(key) : nullptr;
    const QString zero = field != nullptr ? wordsOfZero(*field) : QString();
    return zero.isEmpty() ? plainNumber(value.toDouble()) : zero;
  }
  if (value.isArray() || value.isObject()) {
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
  }
  const QString text = value.toVariant().toString();
  if (key == QStringLiteral("init")) {
    const QString name = toQt(std::filesystem::path(text.toStdString()).filename().string());
    return name.isEmpty() ? text : name;
  }
  return key == QStringLiteral("canaryBest") ? seriesTitle(text) : text;
}

QString seriesTitle(const QString& name) {
  QString words = name;
  words.replace('_', ' ');
  if (const qsizetype dot = words.indexOf('.'); dot > 0) {
    words.replace(dot, 1, QStringLiteral(": "));
  }
  return withCapital(words);
}

std::vector<SettingLine> settingLines(const store::RunRow& run) {
  QJsonObject rest = QJsonDocument::fromJson(QByteArray::fromStdString(run.settings)).object();
  const auto recipe = recipeOf(run);
  const auto start =
      rest.value("init").toString().isEmpty() ? study::TrainStart::Nothing : study::TrainStart::Checkpoint;
  const bool hasCanary = !rest.value("canary").toString().isEmpty();
  std::vector<SettingLine> lines;
  const auto take = [&](const QString& key) {
    if (const auto found = rest.find(key); found != rest.end()) {
      lines.push_back({key, settingTitle(key), found.value()});
      rest.erase(found);
    }
  };
  for (const char* key : kChosen) {
    take(key);
  }
  std::vector<std::pair<const study::TrainField*, QString>> keys;
  for (const QString& key : rest.keys()) {
    if (const study::TrainField* field = fieldOf(key)) {
      keys.emplace_back(field, key);
    }
  }
  std::ranges::sort(keys);  // the fields are one array: the order of the form
  for (const auto& [field, key] : keys) {
    const bool applies = !recipe || field->appliesTo(start, *recipe);
    const bool ofCanary = field->group == study::TrainGroup::Canary && key != QStringLiteral("canary");
    if (applies && (hasCanary || !ofCanary)) {
      take(key);
    }
    rest.remove(key);
  }
  for (const QString& key : rest.keys()) {
    take(key);
  }
  return lines;
}

}  // namespace lix::app
