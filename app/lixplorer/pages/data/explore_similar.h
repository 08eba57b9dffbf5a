#pragma once
#include <QString>
#include <functional>
#include <vector>

#include "adapt/nearest.h"
#include "desk/relay.h"
#include "pages/data/explore_panel.h"
#include "pages/data/explore_source.h"

class QLineEdit;
class QPushButton;
class QSpinBox;

namespace lix::app {

/// The pictures of the shown dataset that are nearest to the selected ones (to the mean of their unit vectors), to a
/// caption, or to a picture that is dropped here, into the grid with their cosines.
class ExploreSimilar : public ExplorePanel {
  Q_OBJECT

 public:
  explicit ExploreSimilar(ExploreSource& source);
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

  /// The keyboard's way from the grid (an action of the page).
  void findSelected();
  void findCaption();
  void findPicture(const data::PictureRef& picture);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  /// The vector to look near to, on the interactive lane.
  using Query = std::function<Result<std::vector<float>>(const ExploreVectors&, std::stop_token)>;
  void build();
  void follow();
  void find(const QString& title, Query query);
  void show(const QString& title, const ExploreVectors& vectors, const std::vector<adapt::Neighbour>& found);

  Relay asking_;
  QPushButton *selected_, *find_;
  QLineEdit* caption_;
  QSpinBox* count_;
};

}  // namespace lix::app
