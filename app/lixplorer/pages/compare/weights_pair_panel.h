#pragma once
#include <array>

#include "figures/heat_figure.h"
#include "pages/compare/compare_panel.h"

namespace lix::app {

class CaptionLine;

/// B's mixture weights less A's, a panel a caption that both read; nothing where they have no heads and tokens in common.
std::optional<figures::HeatData> weightsDifference(const figures::WeightsData& a, const figures::WeightsData& b);

/// How the captions mix the tokens of the chosen picture under either model, on one scale of colours, and B less A where
/// both are Llips of the same heads and tokens.
class WeightsPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit WeightsPairPanel(QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  bool wantsReading() const override { return true; }

 private:
  void show(const CompareView& view);

  CaptionLine* captions_;
  QLabel* said_;
  std::array<widgets::FigureView*, 2> weights_{};
  widgets::FigureView* difference_;
  std::shared_ptr<const PairReading> reading_;
};

}  // namespace lix::app
