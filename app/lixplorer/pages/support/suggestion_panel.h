#pragma once
#include <QJsonObject>
#include <memory>
#include <set>
#include <string>

#include "pages/support/prediction_run.h"
#include "pages/support/suggestion_run.h"
#include "pages/support/support_document.h"
#include "pages/support/support_panel.h"

class QBoxLayout;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class DatasetBox;
class PictureModel;

/// Pictures of a pool that are worth adding to a class, the best first; Return adds them, "Not this one" hides them.
class SuggestionPanel : public SupportPanel {
  Q_OBJECT

 public:
  SuggestionPanel(Desk& desk, LiveScores& scores, const PredictionRun& predictions, QWidget* parent = nullptr);

  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  SuggestionRun& run() { return run_; }
  /// The set as it stands; it is ranked anew at setScored().
  void setDocument(const SupportDocument& document);
  /// The features of the set as it stands are known: suggestions for it cost little now.
  void setScored();
  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void addAsked(const std::vector<lix::data::PictureRef>& pictures, int classIndex);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void take(const Payload& payload) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void buildControls();
  void buildGrid();
  void usePool();
  void ask();
  void add();
  bool canAdd() const;
  void showButtons();
  void hideSelected();
  void takeDocument();
  void showClasses();
  void show();
  QString sentence() const;

  Desk& desk_;
  LiveScores& scores_;
  const PredictionRun& predictions_;
  SuggestionRun run_;
  DatasetBox* pool_;
  QComboBox *class_, *by_;
  QLineEdit* caption_;
  QPushButton *read_, *add_, *not_;
  QLabel* status_;
  QBoxLayout* head_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  SupportDocument document_;
  std::set<data::PictureRef> known_, hidden_;  ///< pictures of the document; those that a person does not want
  bool active_ = false, poolChosen_ = false;
  bool stale_ = false;  ///< the document has changed while nobody looked
};

}  // namespace lix::app
