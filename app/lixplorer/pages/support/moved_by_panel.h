#pragma once
#include <QJsonObject>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QLabel;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class AdapterBox;
class PictureModel;

inline constexpr std::size_t kMostLeftOut = 2'000;  ///< pictures of a set: each is left out once

/// Why a picture is predicted as it is: the support pictures whose leaving out changes the lead of the predicted class,
/// each with its share, for and against.
class MovedByPanel : public SupportPanel {
  Q_OBJECT

 public:
  MovedByPanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  /// Another set, of whose predecessor nothing stays to be seen, or the same after an edit.
  void setSet(const support::SupportSet& set, LiveScores::Change change);
  /// The features of the set as it stands are known.
  void setScored();
  /// Takes that adapter where it can answer quickly enough to be asked once a picture.
  void setAdapter(const std::string& adapter);
  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 public Q_SLOTS:
  /// The picture to ask about; at once where the panel is in front, else when it comes there.
  void explain(const lix::data::PictureRef& picture);

 Q_SIGNALS:
  /// A click on a support picture.
  void selectAsked(const std::vector<lix::data::PictureRef>& pictures);

 private:
  struct Answer {
    struct Row {
      data::PictureRef picture;
      std::string className;
      float change = 0.f;
    };
    std::string adapterTitle, predicted, second;
    float lead = 0.f;
    std::string inClass;    ///< where the asked picture itself stands in the set; empty: nowhere
    std::vector<Row> rows;  ///< the strongest first; those that change something
    std::size_t alone = 0;  ///< pictures that are the only one of their class
    std::size_t still = 0;  ///< pictures that change nothing
  };
  struct Question;
  static Result<Answer> answer(const Question& asked, const std::stop_token& stop);
  void build();
  void ask();
  void say(const QString& sentence);
  void show(const Answer& answer);

  Desk& desk_;
  LiveScores& scores_;
  Relay relay_;
  AdapterBox* adapter_;
  QLabel* status_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  support::SupportSet set_;
  std::optional<data::PictureRef> picture_;
  bool active_ = false;
  bool stale_ = true;  ///< what is shown is not of the set, picture and adapter as they stand
};

}  // namespace lix::app
