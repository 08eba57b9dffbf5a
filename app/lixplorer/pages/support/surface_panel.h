#pragma once
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "figures/heat_figure.h"
#include "pages/support/live_scores.h"
#include "pages/support/support_panel.h"
#include "study/support/support_surface.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace lix::widgets {
class FigureView;
}

namespace lix::app {

/// Accuracy of Tip-Adapter over alpha and beta: on one half of the queries, and, once a person has unlocked it for the
/// set and these queries, on the other.
class SurfacePanel : public SupportPanel {
  Q_OBJECT

 public:
  SurfacePanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  /// The set that is open. That a test half was seen is remembered for the set, the dataset and the split; another name
  /// at the same opening is the set renamed, which takes what is remembered with it.
  void setName(const std::string& name, int opening);
  /// Names of all sets: what is remembered of one that was among them and is not any more is forgotten.
  void setNames(const std::set<std::string>& names);
  bool isUnlocked() const { return unlocked_.contains(seen()); }
  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void chosen(double alpha, double beta);  ///< by a click, Enter on a cell, or as the best

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// Of what the test half was seen.
  struct Seen {
    std::string set, dataset;
    int split = 0;
    bool operator<(const Seen& other) const {
      return std::tie(set, dataset, split) < std::tie(other.set, other.dataset, other.split);
    }
  };
  Seen seen() const;
  void build();
  void tellOther();
  void unlock();
  void forget();
  void refresh();
  void ask();
  void draw();
  void say(const QString& status);
  bool onKey(int key);
  void moveTo(std::size_t place);
  void choose(std::size_t place);
  /// The place of the grid under a point of the figure.
  std::optional<std::size_t> placeAt(const QPointF& at) const;
  QString words(std::size_t place) const;
  /// The place of the alpha and beta that Settings hold, where they are on the grid.
  std::optional<std::size_t> inForce() const;

  LiveScores& scores_;
  Relay relay_;
  widgets::FigureView* figure_;
  QLabel *other_, *status_, *cursor_, *lock_;
  QPushButton *best_, *unlock_;
  QBoxLayout* halves_ = nullptr;
  std::optional<study::SupportSurface> surface_;
  std::shared_ptr<const ScoredTask> task_;  ///< of the surface; settings do not change it
  figures::HeatData heat_;
  std::size_t place_ = 0;  ///< of the cursor
  std::string name_;
  int opening_ = 0;
  std::set<std::string> names_;
  std::set<Seen> unlocked_;
  bool active_ = false;
  bool stale_ = true;
};

}  // namespace lix::app
