#pragma once
#include <functional>
#include <string>
#include <vector>

#include "desk/relay.h"
#include "pages/data/explore_panel.h"
#include "pages/data/explore_source.h"
#include "study/explore/groups.h"

class QComboBox;
class QDoubleSpinBox;
class QListWidget;
class QPushButton;
class QSlider;
class QWidget;

namespace lix::app {

/// Pictures that a person should look at: equal and nearly equal ones, those that are in more than one split, those that
/// lie alone, and those whose label another class would explain better. Each is a list whose rows come into the grid.
class ExploreSuspects : public ExplorePanel {
  Q_OBJECT

 public:
  enum class Kind { Equal, Near, Crossing, Alone, Doubtful };

  explicit ExploreSuspects(ExploreSource& source);
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  QListWidget* list() const { return list_; }
  void setKind(Kind kind);
  void look();

 Q_SIGNALS:
  void listed();

 private:
  /// A row of the list: pictures of the shown dataset, with a note each.
  struct Row {
    QString text;
    std::vector<std::uint32_t> samples;
    std::vector<QString> notes;
  };
  struct Listing {
    QString title, sentence;
    std::vector<Row> rows;
  };
  using Make = std::function<Result<Listing>(std::stop_token)>;
  Kind kind() const;
  void build();
  void buildControls();
  QWidget* buildLimit();
  void follow();
  void list(Make make);
  void show(Listing listing);
  void showRows(const std::vector<int>& rows);
  static Listing listGroups(const ExploreVectors& vectors, Kind kind, const std::vector<study::Group>& groups, float least);
  static Listing listAlone(const ExploreVectors& vectors, const study::NeighbourGraph& graph);
  static Result<Listing> listDoubtful(const ExploreVectors& vectors, std::size_t labelSet, const std::stop_token& stop);

  Relay asking_;
  Listing listing_;
  ExploreSource::Vectors listedOf_;
  QComboBox *kind_, *labels_;
  QPushButton *look_, *all_;
  QWidget* limitBox_;
  QSlider* limit_;
  QDoubleSpinBox* limitField_;
  QListWidget* list_;
  QString wantedLabels_;  // also while the dataset that has them is not there
};

}  // namespace lix::app
