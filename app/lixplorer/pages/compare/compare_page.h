#pragma once
#include <QTimer>
#include <list>
#include <map>
#include <memory>

#include "desk/relay.h"
#include "frame/page.h"
#include "jobs/lane.h"
#include "pages/compare/compare_panel.h"
#include "pages/compare/compare_presets.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace lix::widgets {
class DockArea;
class ImageGrid;
}

namespace lix::app {

class CheckpointBox;
class CurvesPairPanel;
class DatasetBox;
class EmptyState;
class MapPairPanel;
class PictureFilterBar;
class PictureModel;
class PicturePreview;
class VerdictCards;

/// Two checkpoints on the same pictures: who is right where in a grid that can be narrowed, and why, in panels around it.
class ComparePage : public Page {
  Q_OBJECT

 public:
  explicit ComparePage(Desk& desk, QWidget* parent = nullptr);
  ~ComparePage() override;

  void addActions(widgets::ActionTable& table) override;
  bool accepts(const Payload& payload) const override { return !payload.paths.empty() || !payload.pictures.empty(); }
  /// A dropped checkpoint folder (or its model.safetensors) becomes B; pictures of a dataset are compared alone, until
  /// all are asked for or another dataset is chosen.
  void receive(const Payload& payload) override;
  /// "checkpoint:/folder" becomes B, "dataset:NAME" is chosen.
  void open(const QString& what) override;
  void shown() override;
  widgets::DockArea* docks() const override { return docks_; }
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 private:
  // Where things stand (compare_layout.cpp).
  void build();
  QWidget* buildChoices();
  QWidget* buildChosen();
  QWidget* buildPictures();
  QWidget* buildFoot();
  QWidget* buildNarrowing();
  QWidget* buildResult();
  void buildPanels();
  void addPanel(const QString& id, const QString& title, ComparePanel* panel);
  void arrangePanels();
  void connectParts();
  void connectPictures();

  void proposeCheckpoints();
  void usePreset(const ComparePreset& preset);
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
  std::shared_ptr<const Comparison> known(const ComparisonOrder& order);
  void onTasks();

  // What is known of the choice (compare_result.cpp).
  void showComparison(std::shared_ptr<const Comparison> comparison);
  void setFilter(const PictureFilter& filter);
  void showPictures();
  /// Says what class boxes and words leave of the pictures of the pressed card, or of all.
  void showNarrowing();
  void choosePicture(std::size_t position);
  void onSelected();
  void preview(int row);
  CompareView view() const;
  /// Tells the panels that can be seen, and reads the picture for those that want it.
  void lookAll();
  void askReading();
  void askCurves();
  void inspect();
  /// All pictures of the grid, in its order.
  void handOver(PageId page);
  void askForFile();

  Relay labelRelay_, readingRelay_, curvesRelay_, chosenRelay_, verifyRelay_;
  jobs::Lane slow_{"comparing"};  ///< what panels make of a comparison
  std::list<std::shared_ptr<const Comparison>> known_;  ///< the one that was shown last at the end
  std::shared_ptr<const Comparison> shown_;
  PictureFilter filter_;
  std::vector<std::size_t> rows_;  ///< of the grid, positions in shown_->pictures
  std::optional<std::size_t> picture_;
  std::shared_ptr<const PairReading> reading_;  ///< of picture_
  QString readingProblem_, typedCaptions_;
  QTimer lookLater_;
  QString wantedPanel_;    ///< of a preset, until there is something to look at
  QString task_;           ///< that is comparing now
  bool proposed_ = false;  ///< A and B were chosen once
  std::string wantedLabels_ = "group";
  QString labelProblem_;
  QString wantedB_;  ///< a dropped folder that is being read
  std::string onlyDataset_;
  std::vector<std::string> only_;  ///< keys of the pictures that were handed over; sorted

  CheckpointBox *a_, *b_;
  QToolButton *swap_, *presets_;
  DatasetBox* dataset_;
  QComboBox *labels_, *split_, *method_, *sort_, *most_;
  QSpinBox *shots_, *seed_;
  QPushButton *compare_, *inspect_, *wider_;
  QLabel *summary_, *notes_, *filtered_, *narrowed_, *chosenText_, *title_, *said_;
  QWidget *chosen_, *narrowing_;
  VerdictCards* cards_;
  PictureFilterBar* filters_;
  widgets::ImageGrid* grid_;
  PictureModel* model_;
  PicturePreview* preview_;
  EmptyState* empty_;
  QPushButton* emptyButton_;
  QStackedWidget* stack_;
  widgets::DockArea* docks_ = nullptr;
  std::map<QString, ComparePanel*> panels_;  ///< by the ids of their docks
  MapPairPanel* maps_ = nullptr;
  CurvesPairPanel* curves_ = nullptr;
};

}  // namespace lix::app
