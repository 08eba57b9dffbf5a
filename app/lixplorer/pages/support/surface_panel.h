#pragma once
#include <set>
#include <string>

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
/// set, on the other.
class SurfacePanel : public SupportPanel {
  Q_OBJECT

 public:
  SurfacePanel(Desk& desk, LiveScores& scores, QWidget* parent = nullptr);

  /// The set that is open: whether its test half is unlocked is remembered by name.
  void setName(const std::string& name);
  bool isUnlocked() const { return unlocked_.contains(name_); }
  void setActive(bool active) override;
  QJsonObject state() const override;
  void restore(const QJsonObject& state) override;

 Q_SIGNALS:
  void chosen(double alpha, double beta);  ///< by a click, Enter on a cell, or as the best

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
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

  LiveScores& scores_;
  Relay relay_;
  widgets::FigureView* figure_;
  QLabel *status_, *cursor_, *lock_;
  QPushButton *best_, *unlock_;
  QBoxLayout* halves_ = nullptr;
  std::optional<study::SupportSurface> surface_;
  figures::HeatData heat_;
  std::size_t place_ = 0;  ///< of the cursor
  std::string name_;
  std::set<std::string> unlocked_;
  bool active_ = false;
  bool stale_ = true;
};

}  // namespace lix::app
