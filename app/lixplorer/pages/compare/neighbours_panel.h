#pragma once
#include <array>

#include "pages/compare/compare_panel.h"
#include "pages/compare/of_comparison.h"
#include "study/compare/neighbour_change.h"

class QBoxLayout;
class QSpinBox;

namespace lix::widgets {
class ImageGrid;
}

namespace lix::app {

class Desk;
class PictureModel;

inline constexpr std::size_t kMostOverlapped = 4000;  ///< pictures, evenly spread, over which the mean overlap is taken
/// The mean overlap of the k nearest among the comparison's pictures, or kMostOverlapped of them.
Result<study::NeighbourOverlap> pairOverlap(const PairVectors& vectors, std::size_t k, std::stop_token stop);

/// The nearest pictures of the chosen one by A and by B: what entered, what left, and how alike the lists are over all.
class NeighboursPanel : public ComparePanel {
  Q_OBJECT

 public:
  NeighboursPanel(Desk& desk, jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void ask();
  void askOverlap();
  void clear(const QString& why);
  void show(const study::PictureNeighbours& found);
  void showWords();

  Relay relay_;
  OfComparison<Result<study::NeighbourOverlap>> overlap_;
  QSpinBox* count_;
  QLabel *said_, *whole_;
  QBoxLayout* halves_;
  std::array<widgets::ImageGrid*, 2> grids_{};
  std::array<PictureModel*, 2> models_{};
  std::array<std::vector<std::size_t>, 2> positions_;  ///< of the lists' pictures in the comparison
  std::shared_ptr<const Comparison> comparison_;
  std::optional<std::size_t> picture_;
};

}  // namespace lix::app
