#pragma once
#include <QDialog>
#include <vector>

#include "nn/recipe.h"
#include "study/train/settings.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QStackedWidget;

namespace lix::app {

class CheckpointBox;
class DatasetBox;
class Desk;

/// Post-training in three steps: what to go on from and by which objective, how long and how gently, and what must not be
/// lost. Comes to settings that are put into the form; nothing is started here.
class PostTrainDialog : public QDialog {
  Q_OBJECT

 public:
  /// What the form has already is kept where it can be.
  PostTrainDialog(Desk& desk, const study::TrainSettings& before, QWidget* parent = nullptr);

  study::TrainSettings settings() const;

 private:
  QWidget* startPage();
  QWidget* lengthPage();
  QWidget* guardPage();
  QWidget* buttons();
  void onStart();
  void refresh();
  void go(int pages);
  /// What keeps the shown page from being left, "" for nothing.
  QString obstacle() const;
  /// Takes the steps that the outlook asks for.
  void takeSteps();
  int enoughSteps(const study::TrainSettings& settings) const;
  nn::Recipe recipe() const;

  Desk& desk_;
  const std::vector<nn::Recipe> recipes_;
  study::TrainSettings settings_;
  QStackedWidget* pages_;
  QLabel *title_, *suggestion_, *outlook_, *rateNote_, *guardNote_, *obstacle_;
  CheckpointBox* start_;
  DatasetBox *data_, *canary_;
  QComboBox* recipeBox_;
  QSpinBox *steps_, *batch_, *every_;
  QDoubleSpinBox* rate_;
  QCheckBox *lockImage_, *lockText_, *best_;
  QRadioButton *warn_, *stop_;
  QPushButton *back_, *next_, *take_;
  int enough_ = 0;  ///< steps with which the context can attend, 0 where these do
};

}  // namespace lix::app
