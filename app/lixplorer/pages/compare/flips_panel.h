#pragma once
#include <vector>

#include "pages/compare/compare_panel.h"
#include "pages/compare/of_comparison.h"
#include "study/compare/agreement.h"

class QTableWidget;

namespace lix::figures {
class Figure;
}

namespace lix::app {

/// What changes from A to B, class by class.
struct PairFlips {
  std::optional<study::Agreement> agreement;
  std::vector<study::ClassFlips> classes;  ///< of the comparison
};
PairFlips pairFlips(const Comparison& comparison);
/// "A and B say the same of 86.2 % of the pictures (Cohen's kappa 0.82) ..."
QString agreementText(const study::Agreement& agreement);

/// A table of classes: a click or Enter on a row shows the class, on the numbers of what was lost or gained those.
class FlipsPanel : public ComparePanel {
  Q_OBJECT

 public:
  explicit FlipsPanel(jobs::Lane& lane, QWidget* parent = nullptr);

  void look(const CompareView& view) override;
  void rest() override { flips_.rest(); }

 private:
  enum Column { Class, Difference, Low, High, Lost, Gained, Pictures, RightA, RightB, Columns };
  void show();
  void fillRow(int row, std::size_t c);
  void askPictures(int row, int column);
  std::shared_ptr<const figures::Figure> figure() const;

  OfComparison<PairFlips> flips_;
  QLabel* said_;
  QTableWidget* table_;
};

}  // namespace lix::app
