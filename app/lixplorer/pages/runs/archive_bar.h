#pragma once
#include <QWidget>

class QLabel;
class QPushButton;

namespace lix::app {

/// Foot of the archive: how many runs lie in it, and the way back to the others.
class ArchiveBar : public QWidget {
  Q_OBJECT

 public:
  explicit ArchiveBar(bool changeable, QWidget* parent = nullptr);

  void setCounts(int runs, int selected);

 Q_SIGNALS:
  void restoreAsked();

 private:
  bool changeable_;
  QLabel* words_;
  QPushButton* restore_;
};

}  // namespace lix::app
