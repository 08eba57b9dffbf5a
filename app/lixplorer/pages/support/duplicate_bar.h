#pragma once
#include <QFrame>
#include <memory>
#include <vector>

#include "desk/relay.h"
#include "pages/support/duplicates.h"
#include "pages/support/live_scores.h"

class QLabel;
class QPushButton;

namespace lix::app {

/// One line above the board about copies, conflicts and pictures that are queries as well; hidden where there are none.
/// Looks on the lane for what may wait, after the scores.
class DuplicateBar : public QFrame {
  Q_OBJECT

 public:
  DuplicateBar(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  /// Looks at the set as it stands; what was found before holds until then.
  void look(const support::SupportSet& set);
  /// The set as it stands: what was found in another state can be neither selected nor removed.
  void setSet(const support::SupportSet& set);
  void clear();
  /// Of the set that was looked at last; never null.
  std::shared_ptr<const Duplicates> duplicates() const { return found_; }

 Q_SIGNALS:
  void changed();
  void selectAsked(const std::vector<lix::data::PictureRef>& pictures);
  void removeAsked(const std::vector<lix::data::PictureRef>& pictures);

 private:
  void take(Duplicates found);
  void showButtons();

  Desk& desk_;
  LiveScores& scores_;
  Relay relay_;
  QLabel* text_;
  QPushButton *select_, *remove_;
  support::SupportSet set_, seen_;  ///< as it stands, and as it was when found_ was found
  std::shared_ptr<const Duplicates> found_ = std::make_shared<const Duplicates>();
};

}  // namespace lix::app
