#pragma once
#include <QObject>
#include <QTimer>
#include <map>
#include <optional>
#include <vector>

#include "desk/relay.h"
#include "shared/run_series.h"
#include "store/metric_store.h"
#include "store/run_search.h"

namespace lix::app {

class Desk;

/// Watches the runs of the workspace, whoever started them: rows twice a second, and the series of followed runs as they
/// grow. Never waits on the window's thread.
class RunWatch : public QObject {
  Q_OBJECT

 public:
  explicit RunWatch(Desk& desk);

  /// Newest first, trashed ones left out.
  const std::vector<store::RunRow>& runs() const { return runs_; }
  std::optional<store::RunRow> run(long long id) const;
  bool isActive(const store::RunRow& run) const;
  /// Whether its process runs on this machine.
  bool isHere(const store::RunRow& run) const;
  /// By the steps since its start or resumption; negative where nothing can be said yet.
  double secondsLeft(const store::RunRow& run) const;
  /// Reads now instead of at the next tick.
  void refresh();

  /// Series of a run are read, and kept up to date while it is followed.
  void follow(long long id);
  void unfollow(long long id);
  /// Of a followed run, as far as read.
  const std::vector<Series>& series(long long id) const;

  /// Pause, resume, stop, cancel. A failure is told in the message panel.
  void request(long long id, store::RunRequest request);

 Q_SIGNALS:
  void changed();                 ///< rows
  void seriesChanged(qlonglong id);
  void ended(qlonglong id);       ///< a run that was active is not any more

 private:
  struct Followed {
    int followers = 0;
    long long lastStep = -1;
    std::vector<Series> series;
  };
  /// How fast a run goes, seen from here.
  struct Pace {
    long long step = 0;
    qint64 ms = 0;
  };
  void poll();
  void take(store::RunChanges changes);
  void noteChange(const store::RunRow& row, const store::RunRow* before, std::vector<long long>& endedNow);
  void takePart(long long id, long long after, store::MetricStore::Part part);

  Desk& desk_;
  QTimer timer_;
  Relay relay_;
  QString trouble_;
  std::map<long long, Pace> paces_;
  bool known_ = false;  // whether the rows were read at all
  long long mark_ = 0;  // of the changes that were read last
  std::vector<store::RunRow> runs_;
  std::map<long long, Followed> followed_;
};

}  // namespace lix::app
