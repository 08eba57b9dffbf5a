#include "pages/train/overlay_button.h"

#include <QMenu>
#include <algorithm>

#include "desk/desk.h"
#include "desk/run_watch.h"
#include "pages/run_parts/run_text.h"
#include "theme/theme.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostListed = 40;  // what fits on a screen; older ones by the Runs page
constexpr std::size_t kMostOver = 8;     // as many colours as there are

}  // namespace

OverlayButton::OverlayButton(Desk& desk, QWidget* parent) : QPushButton(parent), desk_(desk) {
  setObjectName("train.overlay");
  setAccessibleName(tr("Overlay other runs"));
  setToolTip(tr("Draws the curves of other runs over these, each run in its own colour (Space, then arrow keys)."));
  menu_ = new QMenu(this);
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
  const auto theme = widgets::themeOf(palette());
  QAction* none = menu_->addAction(tr("No other runs"), this, [this] { choose({}); });
  none->setEnabled(!chosen().empty());
  menu_->addSeparator();
  std::size_t listed = 0;
  for (const store::RunRow& run : desk_.runs().runs()) {
    const bool on = std::ranges::find(chosen_, run.id) != chosen_.end();
    if (run.id == shown_ || (run.step == 0 && !on) || (listed >= kMostListed && !on)) {
      continue;
    }
    ++listed;
    QAction* action = menu_->addAction(statusPixmap(run.status, theme, 16), QString::fromStdString(run.name).replace('&', "&&"));
    action->setCheckable(true);
    action->setChecked(on);
    action->setData(qlonglong(run.id));
    connect(action, &QAction::toggled, this, [this, id = run.id](bool checked) { toggle(id, checked); });
  }
  if (listed == 0) {
    menu_->addAction(tr("No other run has curves yet"))->setEnabled(false);
  }
}

}  // namespace lix::app
