#pragma once
#include <QPushButton>
#include <vector>

class QMenu;

namespace lix::app {

class Desk;

/// Chooses runs whose curves are drawn over those of the shown one.
class OverlayButton : public QPushButton {
  Q_OBJECT

 public:
  explicit OverlayButton(Desk& desk, QWidget* parent = nullptr);

  /// In the order in which they were chosen; runs that are gone are left out.
  std::vector<long long> chosen() const;
  void choose(std::vector<long long> runs);
  /// The run that is shown itself, which cannot lie over itself.
  void setShown(long long run);

 Q_SIGNALS:
  void changed();

 private:
  void fill();
  void toggle(long long run, bool on);
  void showCount();

  Desk& desk_;
  QMenu* menu_;
  std::vector<long long> chosen_;
  long long shown_ = 0;
};

}  // namespace lix::app
