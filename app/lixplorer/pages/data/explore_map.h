#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "pages/data/explore_panel.h"
#include "pages/data/explore_source.h"
#include "study/explore/projection.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace lix::widgets {
class ScatterView;
}

namespace lix::app {

class HoverCard;

/// The shown dataset as a plane: the two directions of its vectors' largest variance. A lasso takes pictures into the
/// grid, the grid's selection is ringed in the map.
class ExploreMap : public ExplorePanel {
  Q_OBJECT

 public:
  explicit ExploreMap(ExploreSource& source);
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  widgets::ScatterView* view() const { return view_; }
  /// Null before the first.
  std::shared_ptr<const study::Projection> projection() const { return plane_; }
  void make();

 Q_SIGNALS:
  void made();

 private:
  using Plane = std::shared_ptr<const study::Projection>;
  void build();
  void buildControls();
  void follow();
  void fillColours();
  void show(const ExploreSource::Vectors& vectors, const Plane& plane);
  void colour();
  void mark();
  void take(const std::vector<std::uint32_t>& points);
  void point();
  QString describe(std::uint32_t point) const;

  ExploreSource::Vectors vectors_;
  Plane plane_;
  std::shared_ptr<const Collection> colourOf_;
  QString wantedColour_;  // its words, also while the dataset that has it is not there
  QPushButton *make_, *lasso_, *all_;
  QComboBox* colour_;
  widgets::ScatterView* view_;
  HoverCard* card_;
};

}  // namespace lix::app
