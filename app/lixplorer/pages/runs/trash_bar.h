#pragma once
#include <QWidget>
#include <filesystem>
#include <vector>

#include "desk/relay.h"

class QLabel;
class QPushButton;

namespace lix::app {

class Desk;

/// Foot of the trash: how much lies in it, restore, and emptying it for good, which is asked once in place.
class TrashBar : public QWidget {
  Q_OBJECT

 public:
  explicit TrashBar(Desk& desk, QWidget* parent = nullptr);

  /// Checkpoint folders of the trashed runs; they are measured in the background.
  void setFolders(const std::vector<std::filesystem::path>& folders);
  void setSelected(int runs);
  void askToEmpty();

 Q_SIGNALS:
  void restoreAsked();
  void emptied();

 private:
  void update();
  void empty();
  QString sizeText() const;

  Desk& desk_;
  Relay measuring_;
  std::vector<std::filesystem::path> folders_;
  double bytes_ = -1.0;  ///< negative: not known yet
  int selected_ = 0;
  bool asking_ = false, busy_ = false;
  QLabel* words_;
  QPushButton *restore_, *empty_, *confirm_, *keep_;
};

}  // namespace lix::app
