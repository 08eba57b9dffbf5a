#pragma once
#include <QJsonObject>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <vector>

#include "pages/inspect/inspect_reading.h"

namespace lix::app {

/// What the page looks at, as its panels get it.
struct InspectView {
  std::filesystem::path checkpoint, other;  ///< empty: none; `other` is the second checkpoint to compare with
  std::vector<LoadedPicture> pictures;      ///< of the page
  int picture = -1;                         ///< the current one among them, -1: none
  int caption = -1;                         ///< the current one among those of the page, -1: none
  std::shared_ptr<const ReadAnswer> answer;       ///< null while nothing is read
  std::shared_ptr<const ReadAnswer> otherAnswer;  ///< of `other` on the same pictures and captions, or null
  int inAnswer = -1;         ///< the current picture among the answers' pictures, -1: it is not read yet
  int captionInAnswer = -1;  ///< the current caption among the answers' captions, -1: it is not read yet
};

/// One way of looking at it, in a dock of its own. Gets every change while a person can see it, and what it missed when
/// it comes to the front.
class InspectPanel : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;

  virtual void look(const InspectView& view) = 0;
  /// It is behind another panel, closed, or the page is hidden: live work may rest.
  virtual void rest() {}
  /// What is said while there is nothing to show.
  virtual void setEmptyText(const QString& text) { (void)text; }
  /// What was chosen here, kept in the workspace; restore() takes any older or damaged one without complaint.
  virtual QJsonObject state() const { return {}; }
  virtual void restore(const QJsonObject& state) { (void)state; }

 Q_SIGNALS:
  /// The model is to be asked with other settings (of evaluation only).
  void settingsAsked(const lix::study::InspectSettings& settings);
  /// A picture of the page, a caption of the answer: make it the current one.
  void pictureAsked(int row);
  void captionAsked(int inAnswer);
  /// What is kept has changed.
  void stateChanged();
};

}  // namespace lix::app
