#pragma once
#include <QJsonObject>
#include <QWidget>
#include <string>
#include <vector>

#include "base/param.h"
#include "nn/recipe.h"
#include "study/train/settings.h"

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace lix::widgets {
class ParamForm;
}

namespace lix::app {

class CheckpointBox;
class DatasetBox;
class Desk;
class WarningList;

/// What a new run is asked to be: recipe, data, start and numbers. Says at once what its numbers cannot do.
class TrainForm : public QWidget {
  Q_OBJECT

 public:
  explicit TrainForm(Desk& desk, QWidget* parent = nullptr);

  /// Refused where its numbers cannot be a run's; the obstacle says so too.
  Result<study::TrainSettings> settings() const;
  /// What keeps a run from being started, "" for nothing.
  QString obstacle() const;
  /// What its numbers cannot do, as it is shown.
  const QStringList& warnings() const;
  void setData(const std::string& name);
  /// Chooses the checkpoint's own recipe, and says so, where the chosen one trains other towers.
  void setStart(const std::filesystem::path& checkpoint);
  void setRecipe(const std::string& id);
  /// All that a run was asked to be.
  void setSettings(const study::TrainSettings& settings);
  /// The settings as they stand, also where they cannot be a run's.
  study::TrainSettings draft() const { return settings().value_or(chosen()); }

  QJsonObject state() const;
  void restore(const QJsonObject& state);

 Q_SIGNALS:
  void changed();
  /// The keyboard came to a number's field: its name, and what it means, in which range, with its unit and source.
  void fieldEntered(const QString& title, const QString& help);

 private:
  void build();
  void onRecipe();
  void onStart();
  void onCanary();
  /// The fields that mean something to the recipe, the start and the canary; what was set stays, also out of sight.
  void rebuild();
  void refresh();
  void tellField(const QWidget* field);
  QComboBox* choice(const char* name, const QString& tip);
  void buildTowers(QVBoxLayout* column);
  void buildCanary(QVBoxLayout* column);
  const nn::Recipe& recipe() const;
  /// The settings but for the numbers.
  study::TrainSettings chosen() const;
  /// A start must have the recipe's kind of towers; which they are its own recipe tells.
  bool fits(const std::string& recipe) const;

  Desk& desk_;
  const std::vector<nn::Recipe> recipes_;
  QComboBox *recipeBox_, *sizeBox_, *towersBox_, *canaryBest_;
  QWidget *towersRow_, *canaryBestRow_;
  QLabel *recipeHelp_, *startNote_, *sizeNote_;
  WarningList* warnings_;
  DatasetBox *data_, *canary_;
  CheckpointBox* start_;
  widgets::ParamForm* params_;
  std::vector<Param> shown_;
  QString corrected_;  ///< that a number out of range was brought in, until the next change
  ParamValues wanted_;  ///< what was set, also of fields that do not apply now
};

}  // namespace lix::app
