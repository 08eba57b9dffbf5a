#include "lixp/train_publisher.h"

#include <utility>

#include "base/text.h"
#include "lixp/train_canary.h"
#include "nn/checkpoint/weights_hash.h"
#include "store/checkpoint_store.h"
#include "study/train/process_memory.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using store::RunStatus;

constexpr std::ptrdiff_t kMostPointsKept = 1'000'000;  // while the workspace cannot be written

}  // namespace

Publisher::Publisher(const Session& session, const store::Workspace& workspace, store::RunRow run)
    : session_(session), workspace_(workspace), run_(std::move(run)), progress_(session.progress()) {
  step_ = static_cast<int>(run_.step);
}

void Publisher::add(int step, const std::map<std::string, double>& series) {
  for (const auto& [name, value] : series) {
    points_.push_back({step, name, value});
    last_[name] = value;
  }
}

void Publisher::stepped(int step, const std::map<std::string, double>& series) {
  add(step, series);
  if (series.contains("canary.zero_shot")) {
    canary_ = canaryLine(series);
  }
  if (const auto best = series.find("canary.best_step"); best != series.end() && best->second == step) {
    record(step, study::bestFolder(run_.out));
  }
  if (const auto now = Clock::now(); now - flushed_ >= std::chrono::seconds(1)) {
    if (step > 0) {
      add(step, study::memorySeries());
    }
    flush(step);
    flushed_ = now;
  }
  progress_(cat(run_.name, "  ", stepLine(step, series), canary_.empty() ? "" : "  ", canary_), step, run_.stepsTotal);
  step_ = step;
}

void Publisher::lookForRequest() {
  const auto now = Clock::now();
  if (now - asked_ < std::chrono::milliseconds(250)) {
    return;
  }
  asked_ = now;
  const store::RunStore runs(workspace_);
  // An unreadable request (another program writes) is read again a moment later.
  answer_ = runs.request(run_.id).value_or(answer_);
  keeps_ = runs.takeKeep(run_.id).value_or(false);
  if (const bool paused = answer_ == store::RunRequest::Pause; paused != paused_) {
    paused_ = paused;
    keep(runs.setStatus(run_.id, paused ? RunStatus::Paused : RunStatus::Running));
  }
  if (paused_) {
    keep(runs.heartbeat(run_.id, step_));
  }
}

study::TrainRequest Publisher::request() {
  if (interrupted()) {
    return study::TrainRequest::Stop;
  }
  lookForRequest();
  if (std::exchange(keeps_, false)) {
    return study::TrainRequest::Keep;
  }
  switch (answer_) {
    case store::RunRequest::Pause:
      return study::TrainRequest::Pause;
    case store::RunRequest::Stop:
      return study::TrainRequest::Stop;
    case store::RunRequest::Cancel:
      return study::TrainRequest::Cancel;
    default:
      return study::TrainRequest::None;
  }
}

void Publisher::kept(int step, const fs::path& folder) {
  record(step, folder);
  session_.note(cat("Step ", step, " is kept at ", folder.string(), "."));
}

void Publisher::notice(const std::string& sentence) {
  notices_.push_back(sentence);
  session_.note(sentence);
  // For who watches the run: the newest stands in its row until it ends.
  (void)store::RunStore(workspace_).setStatus(run_.id, paused_ ? RunStatus::Paused : RunStatus::Running, sentence);
}

void Publisher::flush(int step) {
  const auto appended = store::MetricStore(workspace_).append(run_.id, points_);
  keep(appended);
  keep(store::RunStore(workspace_).heartbeat(run_.id, step));
  if (appended) {
    points_.clear();
  } else if (std::ssize(points_) > kMostPointsKept) {  // they are tried again with the next ones, but not without end
    points_.erase(points_.begin(), points_.end() - kMostPointsKept);
  }
}

void Publisher::record(int step, const fs::path& folder) {
  if (const auto hash = nn::weightsHash(folder)) {
    keep(store::CheckpointStore(workspace_).record(
        {.run = run_.id, .step = step, .path = folder, .weightsHash = *hash, .recipe = run_.recipe}));
  }
}

std::string Publisher::complaint(const Error& error) {
  return cat("The workspace could not be written (", error.message, "); the run goes on.");
}

}  // namespace lix::app
