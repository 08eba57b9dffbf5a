#pragma once
#include <QJsonObject>

#include "pages/support/live_scores.h"
#include "pages/support/prediction_run.h"
#include "pages/support/support_document.h"
#include "pages/support/support_panel.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class PictureModel;

/// Pictures without labels, each with the class that the chosen adapter gives it; the least sure come first.
class PredictionPanel : public SupportPanel {
  Q_OBJECT

 public:
  PredictionPanel(Desk& desk, PredictionRun& run, LiveScores& scores, QWidget* parent = nullptr);

  widgets::ImageGrid* grid() const { return grid_; }
  PictureModel* model() const { return model_; }
  /// Pictures that stand in the set are marked with their class.
  void setDocument(const SupportDocument& document);
  /// Asks for a folder and classifies its pictures.
  void choose();
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void build();
  void showAdapters();
  void show();
  void take(const Payload& payload);

  PredictionRun& run_;
  LiveScores& scores_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  QComboBox* adapter_;
  QCheckBox* sorted_;
  QToolButton* clear_;
  QLabel* status_;
  std::shared_ptr<const SupportDocument> document_;
};

}  // namespace lix::app
