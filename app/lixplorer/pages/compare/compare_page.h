#pragma once
#include <map>
#include <memory>

#include "desk/relay.h"
#include "frame/page.h"
#include "pages/compare/comparison_run.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class CheckpointBox;
class DatasetBox;
class EmptyState;
class PictureModel;
class PicturePanel;
class PicturePreview;
class VerdictCards;

/// Two checkpoints on the same pictures: who is right where, and why.
class ComparePage : public Page {
  Q_OBJECT

 public:
  explicit ComparePage(Desk& desk, QWidget* parent = nullptr);

  void addActions(widgets::ActionTable& table) override;
  bool accepts(const Payload& payload) const override { return !payload.paths.empty() || !payload.pictures.empty(); }
  /// A dropped checkpoint folder (or its model.safetensors) becomes B; pictures of a dataset are compared alone, until
  /// all are asked for or another dataset is chosen.
  void receive(const Payload& payload) override;
  /// "checkpoint:/folder" becomes B, "dataset:NAME" is chosen.
  void open(const QString& what) override;
  void shown() override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  void build();
  QWidget* buildChoices();
  QWidget* buildChosen();
  QWidget* buildPictures();
  QWidget* buildResult();
  void connectParts();
  void proposeCheckpoints();
  void takePictures(const std::vector<data::PictureRef>& pictures);
  /// These pictures alone (keys), of `dataset`; none: all of the split.
  void restrictTo(const std::string& dataset, std::vector<std::string> keys);
  /// Forgets the comparison that is shown where either checkpoint has other weights by now.
  void verify();
  void askLabelSets();
  void swap();
  ComparisonOrder order() const;
  /// Why it cannot be compared, in a sentence; "" where it can.
  QString problem() const;
  void onChoice();  ///< shows what is known of the choice
  void start();
  void keep(std::shared_ptr<const Comparison> made);
  void onTasks();
  void showComparison(std::shared_ptr<const Comparison> comparison);
  void showPictures();
  void onSelected();
  void preview(int row);
  void askReading(const ComparedPicture& picture);
  void askCurves();
  void inspect();

  Relay labelRelay_, readingRelay_, curvesRelay_, chosenRelay_, verifyRelay_;
  std::map<ComparisonOrder, std::shared_ptr<const Comparison>> known_;
  std::shared_ptr<const Comparison> shown_;
  std::vector<std::size_t> rows_;  ///< of the grid, positions in shown_->pictures
  QString task_;                   ///< that is comparing now
  bool proposed_ = false;          ///< A and B were chosen once
  std::string wantedLabels_ = "group";
  QString labelProblem_;
  QString wantedB_;  ///< a dropped folder that is being read
  std::string onlyDataset_;
  std::vector<std::string> only_;  ///< keys of the pictures that were handed over; sorted

  CheckpointBox *a_, *b_;
  QToolButton* swap_;
  DatasetBox* dataset_;
  QComboBox *labels_, *split_, *method_, *sort_;
  QSpinBox *shots_, *seed_;
  QPushButton* compare_;
  QLabel *summary_, *notes_, *filtered_, *chosenText_;
  QWidget* chosen_;
  VerdictCards* cards_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  PicturePanel* panel_;
  PicturePreview* preview_;
  EmptyState* empty_;
  QPushButton* emptyButton_;
  QStackedWidget* stack_;
  QSplitter* splitter_;
};

}  // namespace lix::app
