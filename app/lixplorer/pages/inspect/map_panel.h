#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "desk/relay.h"
#include "figure_view/figure_view.h"
#include "pages/inspect/inspect_panel.h"
#include "pages/inspect/map_overlay.h"
#include "pages/inspect/pointing_reading.h"

class QBoxLayout;
class QCheckBox;
class QComboBox;
class QLabel;
class QListView;
class QPushButton;
class QSlider;
class QSpinBox;
class QSplitter;
class QTabWidget;

namespace lix::app {

class Desk;
class MapThumbs;
class QuietLine;

/// What is drawn over the picture: a caption's map, what is left of it without the mean of all captions' maps or without
/// another caption's, or the map of one checkpoint minus that of the other.
enum class MapOf { Map, LessMean, LessCaption, Models };

/// Where the captions look: the current one's map large over the picture, beside it that of the checkpoint to compare
/// with, the others small below; on a dataset that knows what its captions speak of, that as an outline with a pointing
/// score, and pointing over its test split as a task.
class MapPanel : public InspectPanel {
  Q_OBJECT

 public:
  explicit MapPanel(Desk& desk, QWidget* parent = nullptr);
  void look(const InspectView& view) override;
  void rest() override;
  void setEmptyText(const QString& text) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  MapOverlay& overlay() { return *overlay_; }
  /// Of the second checkpoint; hidden where there is none.
  MapOverlay& otherOverlay() { return *otherOverlay_; }
  /// One a caption that is shown; empty while they are not known.
  const std::vector<std::optional<KnownPart>>& known() const { return known_; }
  const PointingAnswer* pointing() const { return pointed_.get(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* buildPair();
  QWidget* buildLook();
  QWidget* buildDifference();
  QWidget* buildMaps();
  QWidget* buildTest();
  void connectParts();
  void showNothing();
  void showMaps();
  void showCaption();
  void takeOther(const InspectView& view);
  void fillDifference();
  /// What is shown of what was chosen: the map itself where the rest is not possible.
  MapOf shownOf() const;
  const study::MapReading* map() const;
  const study::MapReading* otherMap() const;
  /// Why a difference is not possible, "" where it is.
  QString whyNot(MapOf of) const;
  std::vector<figures::CaptionMap> mapsOf(const ReadAnswer& answer, std::size_t picture) const;
  void showSides();
  QString titleOf(int caption) const;
  QStringList differences() const;
  void showLines();
  void showOutlineReason();
  void askKnown();
  void askLarge();
  void describe();
  QString pointingText(std::size_t caption) const;
  /// Of the list, which is that of the captions but where one map stands for all.
  int currentMap() const;
  void stepCaption(int by);
  void changeLook();
  void startPointing();
  void onTasks();
  void showPointing();
  PointingQuestion pointingQuestion() const;
  std::shared_ptr<const figures::Figure> figure() const;

  Desk& desk_;
  Relay knowing_, enlarging_;
  std::shared_ptr<const ReadAnswer> answer_, other_;  // other_: of the same picture and captions
  std::size_t otherPicture_ = 0;
  std::vector<figures::CaptionMap> otherMaps_;
  MapOf of_ = MapOf::Map;
  int less_ = 0;  // a caption of the answer
  std::vector<std::string> filled_;  // captions in the box
  std::weak_ptr<const ReadAnswer> rested_;  // what is drawn, while resting
  std::size_t picture_ = 0;
  int caption_ = 0;
  double low_ = 0.0, high_ = 1.0;
  std::vector<std::optional<KnownPart>> known_;
  std::pair<std::string, std::uint64_t> largeOf_;  // weights and pixels
  std::shared_ptr<const imaging::Image> large_;
  QString task_;
  std::shared_ptr<const PointingAnswer> pointed_, drawnPointing_;
  QString emptyText_;
  bool scoresAlone_ = false;  // of the picture there is no map
  bool filling_ = false;

  QLabel *title_, *kind_, *testSaid_;
  QuietLine *said_, *side_, *otherSide_;
  MapOverlay *overlay_, *otherOverlay_;
  QWidget* otherBox_;
  QBoxLayout* pair_;
  QComboBox *what_, *minus_;
  QSlider* opacity_;
  QCheckBox *smooth_, *grey_, *outline_;
  QSplitter* split_;
  QTabWidget* tabs_;
  MapThumbs* thumbs_;
  QListView* list_;
  QPushButton* start_;
  QSpinBox* most_;
  widgets::FigureView* bars_;
};

}  // namespace lix::app
