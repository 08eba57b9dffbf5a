#pragma once
#include <QWidget>
#include <array>
#include <optional>

#include "pages/compare/comparison.h"

class QPushButton;

namespace lix::app {

/// Four cards with the counts of a comparison; one can be pressed, and shows its pictures alone (again: all).
class VerdictCards : public QWidget {
  Q_OBJECT

 public:
  explicit VerdictCards(QWidget* parent = nullptr);

  void setCounts(const VerdictCounts& counts);
  std::optional<Verdict> chosen() const { return chosen_; }
  void setChosen(std::optional<Verdict> verdict);

 Q_SIGNALS:
  void changed();

 private:
  std::array<QPushButton*, kVerdicts> cards_;
  std::optional<Verdict> chosen_;
};

}  // namespace lix::app
