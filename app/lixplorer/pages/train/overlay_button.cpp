#include "pages/train/overlay_button.h"

#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <algorithm>

#include "desk/desk.h"
#include "desk/run_watch.h"
#include "pages/run_parts/run_text.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostListed = 40;  // what fits on a screen; older ones by the Runs page
constexpr std::size_t kMostOver = 8;     // as many colours as there are

/// Stays open while runs are chosen, so that eight of them are one trip.
class ChoosingMenu : public QMenu {
 public:
  using QMenu::QMenu;

 protected:
  void mouseReleaseEvent(QMouseEvent* event) override {
    if (!choose(actionAt(event->position().toPoint()))) {
      QMenu::mouseReleaseEvent(event);
    }
  }
  void keyPressEvent(QKeyEvent* event) override {
    const bool asks = event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!asks || !choose(activeAction())) {
      QMenu::keyPressEvent(event);
    }
  }

 private:
  static bool choose(QAction* action) {
    const bool stays = action != nullptr && action->isEnabled() && action->isCheckable();
    if (stays) {
      action->trigger();
    }
    return stays;
  }
};

}  // namespace

OverlayButton::OverlayButton(Desk& desk, QWidget* parent) : QPushButton(parent), desk_(desk) {
  setObjectName("train.overlay");
  setAccessibleName(tr("Overlay other runs"));
  setToolTip(tr("Draws the curves of other runs over these, each run in its own colour (Space, then arrow keys)."));
  menu_ = new ChoosingMenu(this);
  menu_->setObjectName("train.overlayMenu");
  setMenu(menu_);
  connect(menu_, &QMenu::aboutToShow, this, &OverlayButton::fill);
  showCount();
}

std::vector<long long> OverlayButton::chosen() const {
  std::vector<long long> runs;
  std::ranges::copy_if(chosen_, std::back_inserter(runs),
                       [this](long long id) { return id != shown_ && desk_.runs().run(id).has_value(); });
  return runs;
}

void OverlayButton::choose(std::vector<long long> runs) {
  chosen_.clear();
  for (const long long id : runs) {
    if (std::ranges::find(chosen_, id) == chosen_.end() && chosen_.size() < kMostOver) {
      chosen_.push_back(id);
    }
  }
  showCount();
  Q_EMIT changed();
}

void OverlayButton::setShown(long long run) {
  shown_ = run;
  showCount();
}

void OverlayButton::showCount() {
  const auto count = chosen().size();
  setText(count == 0 ? tr("Overlay") : tr("Overlay (%1)").arg(count));
}

void OverlayButton::toggle(long long run, bool on) {
  auto runs = chosen_;
  std::erase(runs, run);
  if (on) {
    runs.push_back(run);
    if (runs.size() > kMostOver) {
      runs.erase(runs.begin());  // the one that was chosen first gives way
    }
  }
  choose(std::move(runs));
}

void OverlayButton::fill() {
  menu_->clear();
  QAction* none = menu_->addAction(tr("Take all away"), this, [this] { choose({}); });
  none->setEnabled(!chosen().empty());
  menu_->addSeparator();
  std::size_t listed = 0;
  for (const store::RunRow& run : desk_.runs().runs()) {
    const bool on = std::ranges::find(chosen_, run.id) != chosen_.end();
    if (run.id == shown_ || (run.step == 0 && !on) || (listed >= kMostListed && !on)) {
      continue;
    }
    ++listed;
    // No mark of its status: a tick here says that it lies over the curves.
    QAction* action = menu_->addAction(tr("%1 (%2)").arg(QString::fromStdString(run.name).replace('&', "&&"), statusText(run)));
    action->setCheckable(true);
    action->setChecked(on);
    action->setData(qlonglong(run.id));
    connect(action, &QAction::toggled, this, [this, none, id = run.id](bool checked) {
      toggle(id, checked);
      none->setEnabled(!chosen().empty());
    });
  }
  if (listed == 0) {
    menu_->addAction(tr("No other run has curves yet"))->setEnabled(false);
  }
}

}  // namespace lix::app
