#pragma once
#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"

class QLabel;
class QSplitter;

namespace lix::figures {
class Figure;
}
namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class AdapterBox;
class ConfusionModel;
class ConfusionTable;
class PictureModel;

/// Which classes an adapter takes for which, and the query pictures behind each number.
class ConfusionPanel : public SupportPanel {
  Q_OBJECT

 public:
  ConfusionPanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void previewAsked(lix::widgets::ImageGrid* grid, lix::app::PictureModel* model, int row);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void connectAll();
  void show();
  void showCell();
  /// What is copied and saved; null for nothing.
  std::shared_ptr<const figures::Figure> figure() const;

  LiveScores& scores_;
  AdapterBox* adapter_;
  ConfusionModel* counts_;
  ConfusionTable* table_;
  PictureModel* pictures_;
  widgets::ImageGrid* grid_;
  QLabel *empty_, *cell_;
  QSplitter* halves_;
  bool active_ = false;
};

}  // namespace lix::app
