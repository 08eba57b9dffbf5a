#pragma once
#include <QFrame>
#include <memory>
#include <vector>

#include "desk/relay.h"
#include "pages/support/duplicates.h"
#include "pages/support/live_scores.h"

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace lix::app {

/// The line above the board. It is always there and of one height, so that nothing moves when it has something to say:
/// that no class is named as the queries are, or else copies, conflicts and pictures that are queries as well. Looks on
/// the lane for what may wait.
class DuplicateBar : public QFrame {
  Q_OBJECT

 public:
  /// `add` is placed at its end.
  DuplicateBar(Desk& desk, LiveScores& scores, QPushButton* add, QWidget* parent = nullptr);

  /// Looks at the set as it stands; what was found before holds until then.
  void look(const support::SupportSet& set);
  /// The set as it stands: what was found in another state can be neither selected nor removed.
  void setSet(const support::SupportSet& set);
  /// That nothing can be measured as the classes are named, with the remedy; "" where that is not so. Naming by label
  /// is offered where it would help.
  void setNaming(const QString& sentence, bool canName);
  void clear();
  /// Of the set that was looked at last; never null.
  std::shared_ptr<const Duplicates> duplicates() const { return found_; }

 Q_SIGNALS:
  void changed();
  void selectAsked(const std::vector<lix::data::PictureRef>& pictures);
  void removeAsked(const std::vector<lix::data::PictureRef>& pictures);
  void namesAsked();

 private:
  void build(QPushButton* add);
  void buildMenu();
  void take(Duplicates found);
  void tell();
  void showButtons();
  QString quietText() const;

  Desk& desk_;
  LiveScores& scores_;
  Relay relay_;
  QLabel* text_;
  QToolButton* icon_;
  QPushButton *select_, *remove_, *name_;
  QMenu* menu_;
  QAction *one_ = nullptr, *queries_ = nullptr, *all_ = nullptr;
  QString naming_;
  bool canName_ = false;
  support::SupportSet set_, seen_;  ///< as it stands, and as it was when found_ was found
  std::shared_ptr<const Duplicates> found_ = std::make_shared<const Duplicates>();
};

}  // namespace lix::app
