#pragma once
#include <QFrame>
#include <optional>

#include "figures/curves_figure.h"
#include "pages/curves/reach.h"

class QComboBox;
class QLabel;

namespace lix::app {

/// "8 shots here are 32 there": two curves and a number of shots to choose, and the answer.
class ReachBar : public QFrame {
  Q_OBJECT

 public:
  explicit ReachBar(QWidget* parent = nullptr);

  /// Keeps what was chosen where it is still there.
  void setCurves(const figures::CurvesData& curves);

 private:
  void refillShots();
  void answer();
  /// The first curve of another checkpoint than the chosen one, else the second curve.
  int otherModel() const;
  const figures::CurveSeries* chosen(const QComboBox& box) const;
  figures::CurvesData curves_;
  QComboBox *shots_, *curve_, *other_;
  QLabel* answer_;
};

}  // namespace lix::app
