#pragma once

#include "pages/support/support_book.h"
#include "pages/support/support_panel.h"
#include "pages/support/version_comparison.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QToolButton;

namespace lix::app {

/// The saved versions of the open set: save one with a note, go back to it, compare it with another or with the set as it
/// stands, give it another note, delete it.
class VersionPanel : public SupportPanel {
  Q_OBJECT

 public:
  VersionPanel(Desk& desk, SupportBook& book, LiveScores& scores, const PredictionRun& predictions,
               QWidget* parent = nullptr);
  void save();
  void setActive(bool active) override;
  /// The set as it stands has changed, or its scores have come.
  void refresh();
  VersionComparison* comparison() const { return comparison_; }

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void buildList();
  QWidget* buildActions();
  void connectAll();
  void showVersions();
  void showOthers();
  void compare();
  void askNote();
  long long chosen() const;  ///< version, 0 for none

  SupportBook& book_;
  QLineEdit* note_;
  QListWidget* list_;
  QPushButton *save_, *back_;
  QToolButton *rename_, *remove_;
  QComboBox* other_;
  QLabel* hint_;
  VersionComparison* comparison_;
  QString saved_;  ///< the note of the version that is being kept
  bool active_ = false;
};

}  // namespace lix::app
