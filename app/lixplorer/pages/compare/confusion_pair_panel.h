#pragma once
#include "figures/heat_figure.h"
#include "pages/compare/compare_panel.h"
#include "pages/compare/of_comparison.h"

namespace lix::app {

class FitArea;

/// The confusions of A, of B, and B less A, in shares of each true class.
struct PairConfusion {
  std::vector<std::size_t> classes;  ///< of the comparison that are shown: those whose confusions differ most
  std::size_t all = 0;               ///< classes that there are
  figures::HeatData heat;            ///< three panels, rows and columns are `classes`
};
inline constexpr std::size_t kMostConfused = 24;
PairConfusion pairConfusion(const Comparison& comparison, std::size_t most = kMostConfused);

/// A click on a cell, or Enter after the arrows, shows its pictures.
class ConfusionPairPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit ConfusionPairPanel(jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override { confusion_.rest(); }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  enum Panel { OfA, OfB, Difference };
  struct Cell {
    int panel = Difference, row = 0, column = 0;
  };
  void show();
  void choose(Cell cell);
  void askPictures(const Cell& cell);
  bool step(int key);
  QString textOf(const Cell& cell) const;
  std::optional<Cell> cellAt(const QPointF& at) const;

  OfComparison<PairConfusion> confusion_;
  widgets::FigureView* view_;
  FitArea* area_;
  QLabel* said_;
  std::shared_ptr<const figures::HeatFigure> figure_;
  std::optional<Cell> cell_;
};

}  // namespace lix::app
