#pragma once
#include <QFrame>
#include <QLabel>
#include <QPoint>
#include <optional>

#include "figures/curves_figure.h"
#include "pages/curves/reach.h"

class QComboBox;

namespace lix::app {

/// "8 shots here are 32 there": two curves and a number of shots to choose, and the answer.
class ReachBar : public QFrame {
  Q_OBJECT

 public:
  explicit ReachBar(QWidget* parent = nullptr);

  /// Keeps what was chosen where it is still there.
  void setCurves(const figures::CurvesData& curves);

  /// Which curves (panel, series) and how many shots are asked for.
  struct Question {
    QPoint curve, other;
    double shots = 0.0;
    bool operator==(const Question&) const = default;
  };
  std::optional<Question> question() const;
  /// How sure the answer is, below it.
  void setInterval(const QString& sentence) { interval_->setText(sentence); }

 Q_SIGNALS:
  /// Another question was answered: how sure that is takes longer.
  void asked();

 private:
  void refillShots();
  void answer();
  /// The first curve of another checkpoint than the chosen one, else the second curve.
  int otherModel() const;
  const figures::CurveSeries* chosen(const QComboBox& box) const;
  figures::CurvesData curves_;
  QComboBox *shots_, *curve_, *other_;
  QLabel *answer_, *interval_;
};

}  // namespace lix::app
