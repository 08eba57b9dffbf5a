#include "pages/train/run_queue.h"

#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <utility>

#include "desk/desk.h"
#include "desk/run_watch.h"
#include "desk/tasks.h"

namespace lix::app {

RunQueue::RunQueue(Desk& desk) : desk_(desk), relay_(desk.storing()) {
  connect(&desk.runs(), &RunWatch::changed, this, [this] {
    Q_EMIT changed();
    next();
  });
  QTimer::singleShot(0, this, [this] {  // what is known already
    Q_EMIT changed();
    next();
  });
}

std::vector<store::RunRow> RunQueue::waiting() const {
  std::vector<store::RunRow> rows;
  std::ranges::copy_if(desk_.runs().runs(), std::back_inserter(rows),
                       [](const store::RunRow& run) { return run.queuePlace.has_value(); });
  std::ranges::sort(rows, {}, [](const store::RunRow& run) { return std::pair(*run.queuePlace, run.id); });
  return rows;
}

void RunQueue::setHeld(bool held) {
  if (held != held_) {
    held_ = held;
    Q_EMIT changed();
    next();
  }
}

void RunQueue::next() {
  const auto& runs = desk_.runs().runs();
  const bool busy = std::ranges::any_of(
      runs, [this](const store::RunRow& run) { return desk_.runs().isActive(run) && desk_.runs().isHere(run); });
  if (held_ || starting_ || busy || desk_.isReadOnly()) {
    return;
  }
  const auto rows = waiting();
  if (rows.empty()) {
    return;
  }
  starting_ = true;
  desk_.tasks().startTraining({"--queued", QString::fromStdString(rows.front().name)},
                              [this, run = rows.front(), self = QPointer<RunQueue>(this)](bool started) {
                                if (self) {
                                  onStarted(run, started);
                                }
                              });
}

void RunQueue::onStarted(const store::RunRow& run, bool started) {
  if (started) {
    starting_ = false;
    next();  // one that failed at once has ended already
    return;
  }
  // Its row tells whether the run failed, which is its own matter, or whether nothing could be started.
  desk_.ask(
      relay_, [id = run.id](const store::Workspace& workspace) { return store::RunStore(workspace).find(id); },
      [this, run](Result<store::RunRow> row) {
        starting_ = false;
        if (row && row->queuePlace && row->trashedAt.empty()) {
          held_ = true;
          desk_.say(widgets::Severity::Warning, tr("The queue is held, since %1 could not be started; let it go on when "
                                                   "what is wrong is mended.")
                                                    .arg(QString::fromStdString(run.name)));
          Q_EMIT changed();
        } else {
          desk_.runs().refresh();
          next();
        }
      });
}

void RunQueue::write(std::function<Result<void>(const store::RunStore&)> work, std::function<void()> done) {
  desk_.write([work = std::move(work)](const store::Workspace& workspace) { return work(store::RunStore(workspace)); },
              [this, done = std::move(done), self = QPointer<RunQueue>(this)](bool worked) {
                if (self) {
                  if (worked && done) {
                    done();
                  }
                  desk_.runs().refresh();
                }
              });
}

void RunQueue::move(long long run, int places) {
  write([run, places](const store::RunStore& runs) { return runs.moveInQueue(run, places); });
}

void RunQueue::remove(long long run) {
  const auto row = desk_.runs().run(run);
  write([run](const store::RunStore& runs) { return runs.trash(run); },
        [this, row] {
          removed_ = row;
          Q_EMIT changed();
        });
}

void RunQueue::undoRemove() {
  if (const auto row = std::exchange(removed_, std::nullopt)) {
    write([id = row->id](const store::RunStore& runs) { return runs.restore(id); });
    Q_EMIT changed();
  }
}

}  // namespace lix::app
