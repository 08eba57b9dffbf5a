#pragma once
#include <QObject>
#include <functional>
#include <optional>
#include <vector>

#include "desk/relay.h"
#include "store/run_store.h"

namespace lix::app {

class Desk;

/// Starts the runs that wait in the workspace, one after another: the next when none is trained on this machine any more,
/// however the one before ended. What waits stands in the workspace, so a window that was closed, or crashed, goes on where
/// it was; of two programs only one starts a run (RunStore::startQueued). A program that cannot be started at all holds the
/// queue, so that not every run fails for the same reason.
class RunQueue : public QObject {
  Q_OBJECT

 public:
  explicit RunQueue(Desk& desk);

  /// In their order.
  std::vector<store::RunRow> waiting() const;
  bool isHeld() const { return held_; }
  /// A queue that is held starts nothing.
  void setHeld(bool held);

  void move(long long run, int places);
  /// To the trash; undoRemove() brings the last one back.
  void remove(long long run);
  void undoRemove();
  const std::optional<store::RunRow>& removed() const { return removed_; }

 Q_SIGNALS:
  void changed();

 private:
  void next();
  void onStarted(const store::RunRow& run, bool started);
  void write(std::function<Result<void>(const store::RunStore&)> work, std::function<void()> done = {});

  Desk& desk_;
  Relay relay_;
  bool held_ = false, starting_ = false;
  std::optional<store::RunRow> removed_;
};

}  // namespace lix::app
