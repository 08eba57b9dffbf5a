#pragma once
#include "figures/plot_figure.h"
#include "figures/table_figure.h"
#include "pages/compare/compare_panel.h"
#include "pages/compare/of_comparison.h"

class QBoxLayout;

namespace lix::app {

class FitArea;

/// How evenly either model uses its dimensions over the compared pictures, and what it has learned as temperatures.
struct PairSpectrum {
  figures::PlotData plot;    ///< singular values of the covariance, as shares of the largest
  figures::TableData table;  ///< temperatures and sizes of A and B, and B / A
  std::array<std::string, 2> problem;  ///< why a model has no spectrum
};
PairSpectrum pairSpectrum(const Comparison& comparison);

class SpectrumPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit SpectrumPairPanel(jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override { made_.rest(); }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void show();

  OfComparison<PairSpectrum> made_;
  QLabel* said_;
  widgets::FigureView *plot_, *table_;
  QBoxLayout* halves_;
  std::array<FitArea*, 2> areas_{};  ///< of the table and the plot
};

}  // namespace lix::app
