#pragma once
#include <QJsonObject>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pages/support/live_scores.h"
#include "pages/support/prediction_run.h"
#include "pages/support/support_document.h"
#include "pages/support/support_panel.h"

class QBoxLayout;
class QCheckBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class AdapterBox;
class PictureModel;

/// Pictures without labels, each with the class that the chosen adapter gives it; the least sure come first. Those that a
/// person puts into a class are counted as right or corrected, by what was predicted for them before, however often
/// they are classified. What was classified is remembered with the page and classified again when asked for.
class PredictionPanel : public SupportPanel {
  Q_OBJECT

 public:
  PredictionPanel(Desk& desk, PredictionRun& run, LiveScores& scores, QWidget* parent = nullptr);

  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  /// Pictures that stand in the set are marked with their class. Those that came into it by an edit are judged.
  void setDocument(const SupportDocument& document, LiveScores::Change change);
  /// Asks for a folder and classifies its pictures.
  void choose();
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  /// Predictions to be put into their classes in one step.
  void acceptAsked(const std::vector<std::pair<lix::data::PictureRef, std::string>>& pictures);
  /// Another picture is the current one.
  void pictureChosen(const lix::data::PictureRef& picture);
  void whyAsked();

 protected:
  void take(const Payload& payload) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// Whose the least margin is: nobody's yet, suggested by the predictions, or a person's.
  enum class Margin { Open, Suggested, Touched };
  /// One picture that a person put into a class, in that order.
  struct Judged {
    data::PictureRef picture;
    std::string predicted;
    bool right = false;
  };
  /// A least margin that a person has chosen: it is in the unit that an adapter has with these settings.
  struct ChosenMargin {
    ParamValues settings;
    double margin = 0.0;
  };
  /// Pictures of the grid, by themselves.
  struct Chosen {
    std::optional<data::PictureRef> current;
    std::set<data::PictureRef> selected;
  };
  /// What was classified when the window was closed.
  struct Remembered {
    Payload payload;
    std::size_t count = 0;  ///< pictures that had predictions
    std::vector<Judged> judged;
    QString gone;  ///< why it cannot be classified again, or ""
  };
  static std::map<data::PictureRef, std::string> classesOf(const support::SupportSet& set);
  Chosen chosenPictures() const;
  void keepChosen(const Chosen& chosen);
  ParamValues settingsOfAdapter() const;
  void build();
  QBoxLayout* buildHead();
  QBoxLayout* buildFoot();
  void buildGrid();
  void judge(const SupportDocument& before);
  std::vector<std::pair<data::PictureRef, std::string>> sureOnes() const;
  void suggestMargin();
  void unitChanged();
  std::vector<Judged> judgedHere() const;
  void start(const Payload& payload);
  void startAgain();
  void takeRemembered(const std::vector<std::filesystem::path>& gone);
  QString rememberedText() const;
  void showFoot();
  void show();

  Desk& desk_;
  PredictionRun& run_;
  LiveScores& scores_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  Relay goneRelay_;
  AdapterBox* adapter_;
  QCheckBox* sorted_;
  QToolButton* clear_;
  QLabel *status_, *tally_, *marginLabel_;
  QDoubleSpinBox* margin_;
  QPushButton *why_, *accept_, *again_;
  QBoxLayout *head_ = nullptr, *foot_ = nullptr;
  std::vector<Judged> judged_;  ///< in the open set, of whatever was classified
  std::set<data::PictureRef> accepted_;  ///< many at once: nobody judged them one by one
  Payload asked_;  ///< what is classified
  std::optional<Remembered> remembered_;
  Margin marginBy_ = Margin::Open;
  bool showing_ = false;  ///< the current picture is set by the panel itself
  ParamValues entry_;     ///< settings behind the margins
  std::map<std::string, ChosenMargin> margins_;  ///< by adapter
  std::shared_ptr<const SupportDocument> document_;
};

}  // namespace lix::app
