#include "pages/runs/run_history.h"

#include <QPointer>
#include <memory>
#include <utility>

#include "desk/desk.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostSteps = 100;

}  // namespace

void RunHistory::make(RunChange change) {
  if (!change.runs.empty()) {
    act(std::move(change), Way::Make);
  }
}

void RunHistory::undo() {
  if (canUndo() && !busy_) {
    act(changes_[place_ - 1], Way::TakeBack);
  }
}

void RunHistory::redo() {
  if (canRedo() && !busy_) {
    act(changes_[place_], Way::Again);
  }
}

void RunHistory::forget() {
  changes_.clear();
  place_ = 0;
  Q_EMIT changed({});
}

void RunHistory::act(RunChange change, Way way) {
  const auto changed = std::make_shared<std::vector<std::pair<long long, QString>>>();
  busy_ = way != Way::Make;
  const auto work = [runs = change.runs, act = way == Way::TakeBack ? change.takeBack : change.make,
                     changed](const store::Workspace& workspace) -> Result<void> {
    Result<void> problem;
    for (const auto& run : runs) {
      if (auto made = act(workspace, run.first); made) {
        changed->push_back(run);
      } else if (problem) {
        problem = std::move(made);
      }
    }
    return problem;
  };
  desk_.write(work, [self = QPointer<RunHistory>(this), change = std::move(change), way, changed](bool) mutable {
    if (self) {
      change.runs = *changed;
      self->done(change, way);
    }
  });
}

void RunHistory::done(const RunChange& change, Way way) {
  busy_ = false;
  if (way == Way::Make && !change.runs.empty()) {
    changes_.resize(place_);
    changes_.push_back(change);
    if (changes_.size() > kMostSteps) {
      changes_.erase(changes_.begin());
    }
    place_ = changes_.size();
  } else if (way == Way::TakeBack && canUndo()) {
    --place_;  // also where nothing could be taken back: the same would fail again
  } else if (way == Way::Again && canRedo()) {
    ++place_;
  }
  takenBack_ = way == Way::TakeBack;
  const QString what = change.runs.size() == 1 ? change.runs.front().second : tr("%1 runs").arg(change.runs.size());
  Q_EMIT changed(change.runs.empty() ? QString() : (takenBack_ ? change.takenBack : change.made).arg(what));
}

}  // namespace lix::app
