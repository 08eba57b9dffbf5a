#pragma once
#include <QJsonObject>
#include <QWidget>
#include <string>
#include <vector>

#include "nn/recipe.h"
#include "study/train/settings.h"

class QComboBox;
class QLabel;

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

  QJsonObject state() const;
  void restore(const QJsonObject& state);

 Q_SIGNALS:
  void changed();

 private:
  void build();
  void onRecipe();
  void onStart();
  void refresh();
  const nn::Recipe& recipe() const;
  /// The settings but for the numbers.
  study::TrainSettings chosen() const;
  /// A start must have the recipe's kind of towers; which they are its own recipe tells.
  bool fits(const std::string& recipe) const;

  Desk& desk_;
  const std::vector<nn::Recipe> recipes_;
  QComboBox *recipeBox_, *sizeBox_;
  QLabel *recipeHelp_, *startNote_;
  WarningList* warnings_;
  DatasetBox* data_;
  CheckpointBox* start_;
  widgets::ParamForm* params_;
  bool fromCheckpoint_ = false;
};

}  // namespace lix::app
