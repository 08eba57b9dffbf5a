#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "lixp/train_run.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "study/train/train.h"

namespace lix::app {

/// Publishes a run to the workspace in small batches, with the memory of its process once a second, and reads what is
/// asked of it.
class Publisher : public study::TrainObserver {
 public:
  Publisher(const Session& session, const store::Workspace& workspace, store::RunRow run);

  /// The checkpoint that the run goes on from.
  void beginAt(int step) { step_ = step; }

  void stepped(int step, const std::map<std::string, double>& series) override;
  study::TrainRequest request() override;
  /// Before, not after: a kill between the two would lose the points of steps that a resumed run does not repeat.
  void saving(int step) override { flush(step); }
  void saved(int step, const std::filesystem::path& folder) override { record(step, folder); }
  void kept(int step, const std::filesystem::path& folder) override;
  void notice(const std::string& sentence) override;
  void flush(int step);

  const std::map<std::string, double>& last() const { return last_; }
  const std::vector<std::string>& notices() const { return notices_; }
  int step() const { return step_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// Reads what is asked, four times a second at most.
  void lookForRequest();
  void record(int step, const std::filesystem::path& folder);
  void add(int step, const std::map<std::string, double>& series);
  /// A run goes on when the database cannot be written for a moment; that is said once.
  template <class T>
  void keep(const Result<T>& result) {
    if (!result && !complained_) {
      complained_ = true;
      notice(complaint(result.error()));
    }
  }
  static std::string complaint(const Error& error);

  const Session& session_;
  const store::Workspace& workspace_;
  store::RunRow run_;
  Progress progress_;
  std::vector<store::MetricPoint> points_;
  std::map<std::string, double> last_;
  std::string canary_;  ///< the newest reading
  std::vector<std::string> notices_;
  Clock::time_point flushed_{}, asked_{};
  store::RunRequest answer_ = store::RunRequest::None;
  bool paused_ = false, complained_ = false, keeps_ = false;
  int step_ = 0;
};

}  // namespace lix::app
