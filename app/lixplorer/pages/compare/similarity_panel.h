#pragma once
#include "figures/plot_figure.h"
#include "pages/compare/compare_panel.h"
#include "pages/compare/of_comparison.h"

namespace lix::app {

class FitArea;

/// Histograms of the cosine with the true class and with the best other one, by A and by B on the same axis.
struct PairSimilarity {
  figures::PlotData plot;
  std::array<double, 2> overlap{};  ///< of either model's two histograms
  std::array<double, 2> margin{};   ///< mean of true less best other
};
/// Nothing where neither model has its cosines.
std::optional<PairSimilarity> pairSimilarity(const Comparison& comparison);

class SimilarityPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit SimilarityPanel(jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override { made_.rest(); }

 private:
  void show();

  OfComparison<std::optional<PairSimilarity>> made_;
  QLabel* said_;
  widgets::FigureView* view_;
  FitArea* area_;
  std::optional<std::size_t> picture_;
};

}  // namespace lix::app
