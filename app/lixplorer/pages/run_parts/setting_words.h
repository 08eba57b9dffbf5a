#pragma once
#include <QJsonValue>
#include <QString>
#include <string>
#include <vector>

#include "store/run_store.h"

namespace lix::app {

/// A setting of a run by its key in RunRow::settings, as the Train form calls it: "clip" is "Gradient clipping". Keys
/// that no form knows are split into words.
QString settingTitle(const QString& key);

/// Its value for a reader: "on" and "off", whole numbers without exponent, the folder's name of a checkpoint, and what a
/// number stands for that only says "as usual" ("all cores" for 0 threads).
QString settingWords(const QString& key, const QJsonValue& value);

/// A series as lists name it: "canary.zero_shot" is "Canary: zero shot".
QString seriesTitle(const QString& name);

/// A setting of one run.
struct SettingLine {
  QString key, title;
  QJsonValue value;
};

/// The settings that apply to a run (its recipe, and what it starts from), in the order of the Train form; keys that no
/// form knows follow. Nothing where the settings are no JSON object.
std::vector<SettingLine> settingLines(const store::RunRow& run);

/// "10050100", "0.0001", "1e-12": a whole number in digits, others to six places.
QString plainNumber(double value);

}  // namespace lix::app
