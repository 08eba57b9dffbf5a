#include <unistd.h>

#include <chrono>

#include "base/file.h"
#include "base/text.h"
#include "lixp/train_canary.h"
#include "lixp/train_run.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/checkpoint/weights_hash.h"
#include "nn/ops/tensor.h"
#include "nn/recipe.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "study/prepare/prepare.h"
#include "study/train/recipe_for.h"
#include "study/train/run.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using store::RunStatus;

constexpr std::ptrdiff_t kMostPointsKept = 1'000'000;  // while the workspace cannot be written

/// Publishes a run to the workspace in small batches, and reads what is asked of it.
class Publisher : public study::TrainObserver {
 public:
  Publisher(const Session& session, const store::Workspace& workspace, store::RunRow run)
      : session_(session), workspace_(workspace), run_(std::move(run)), progress_(session.progress()) {
    step_ = static_cast<int>(run_.step);
  }

  /// The checkpoint that the run goes on from.
  void beginAt(int step) { step_ = step; }

  void stepped(int step, const std::map<std::string, double>& series) override {
    for (const auto& [name, value] : series) {
      points_.push_back({step, name, value});
    }
    for (const auto& [name, value] : series) {
      last_[name] = value;
    }
    if (series.contains("canary.zero_shot")) {
      canary_ = canaryLine(series);
    }
    if (const auto best = series.find("canary.best_step"); best != series.end() && best->second == step) {
      record(step, study::bestFolder(run_.out));
    }
    if (const auto now = Clock::now(); now - flushed_ >= std::chrono::seconds(1)) {
      flush(step);
      flushed_ = now;
    }
    progress_(cat(run_.name, "  ", stepLine(step, series), canary_.empty() ? "" : "  ", canary_), step, run_.stepsTotal);
    step_ = step;
  }

  study::TrainRequest request() override {
    if (interrupted()) {
      return study::TrainRequest::Stop;
    }
    if (const auto now = Clock::now(); now - asked_ >= std::chrono::milliseconds(250)) {
      asked_ = now;
      // An unreadable request (another program writes) is read again a moment later.
      answer_ = store::RunStore(workspace_).request(run_.id).value_or(answer_);
      const bool paused = answer_ == store::RunRequest::Pause;
      if (paused != paused_) {
        paused_ = paused;
        keep(store::RunStore(workspace_).setStatus(run_.id, paused ? RunStatus::Paused : RunStatus::Running));
      }
      if (paused) {
        keep(store::RunStore(workspace_).heartbeat(run_.id, step_));
      }
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

  /// Before, not after: a kill between the two would lose the points of steps that a resumed run does not repeat.
  void saving(int step) override { flush(step); }

  void saved(int step, const fs::path& folder) override { record(step, folder); }

  void notice(const std::string& sentence) override {
    notices_.push_back(sentence);
    session_.note(sentence);
    // For who watches the run: the newest stands in its row until it ends.
    (void)store::RunStore(workspace_).setStatus(run_.id, paused_ ? RunStatus::Paused : RunStatus::Running, sentence);
  }

  void flush(int step) {
    const auto appended = store::MetricStore(workspace_).append(run_.id, points_);
    keep(appended);
    keep(store::RunStore(workspace_).heartbeat(run_.id, step));
    if (appended) {
      points_.clear();
    } else if (std::ssize(points_) > kMostPointsKept) {  // they are tried again with the next ones, but not without end
      points_.erase(points_.begin(), points_.end() - kMostPointsKept);
    }
  }

  const std::map<std::string, double>& last() const { return last_; }
  const std::vector<std::string>& notices() const { return notices_; }
  int step() const { return step_; }

 private:
  void record(int step, const fs::path& folder) {
    if (const auto hash = nn::weightsHash(folder)) {
      keep(store::CheckpointStore(workspace_).record(
          {.run = run_.id, .step = step, .path = folder, .weightsHash = *hash, .recipe = run_.recipe}));
    }
  }

  /// A run goes on when the database cannot be written for a moment; that is said once.
  template <class T>
  void keep(const Result<T>& result) {
    if (!result && !complained_) {
      complained_ = true;
      notice(cat("The workspace could not be written (", result.error().message, "); the run goes on."));
    }
  }

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
  bool paused_ = false, complained_ = false;
  int step_ = 0;
};

bool isLive(RunStatus status) { return status == RunStatus::Running || status == RunStatus::Paused; }

bool isPack(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "pack.json", ignored) || study::isFeatureFile(folder);
}

/// What can be known to be wrong of a new run before anything is made for it.
Result<void> checkOrder(const Session& session, const TrainOrder& order) {
  const study::TrainSettings& settings = order.settings;
  if (settings.data.empty()) {
    return fail(ErrorCode::BadInput, "Say what to train on: --data NAME (emoji and scenes are built in).");
  }
  LIX_CHECK(settings.validate());
  LIX_TRY(const nn::Recipe recipe, study::recipeFor(settings));
  if (recipe.towers == nn::Towers::Heads && !study::isFeatureFile(settings.data)) {
    return fail(ErrorCode::BadInput, cat("Heads learn on a file of features, and '", settings.data, "' is none; make one with: lixp data "
                                         "features ", settings.data, " --from CHECKPOINT --out FILE.safetensors"));
  }
  if (settings.init.empty() && recipe.towers != nn::Towers::Heads) {  // the features decide the sizes of heads
    LIX_TRY(const nn::ModelConfig config, nn::presetConfig(settings.size, study::architecture(settings, recipe)));
    LIX_CHECK(stateNeed(session, settings, recipe, config));
  } else if (!settings.init.empty()) {
    LIX_TRY(const nn::Checkpoint init, nn::loadCheckpoint(settings.init));
    LIX_CHECK(stateNeed(session, settings, recipe, init.model.config));
  }
  if (order.out.empty()) {
    return {};
  }
  LIX_CHECK(checkOut(order.out));
  return settings.canaryBest.empty() ? Result<void>() : checkOut(study::bestFolder(placeOf(order.out)));
}

/// A killed process leaves the folder that it was filling beside the checkpoint; only this run writes there.
void clearLeftovers(const fs::path& out) {
  std::error_code ignored;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator at(out.parent_path(), ignored), end; !ignored && at != end; at.increment(ignored)) {
    const std::string name = at->path().filename().string();
    const std::string before = cat(".", out.filename().string(), "."), after = ".part";
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after)) {
      continue;
    }
    const std::string process = name.substr(before.size(), name.size() - before.size() - after.size());
    if (process.find_first_not_of("0123456789") == std::string::npos) {  // ".run.v2.7.part" belongs to the run "run.v2"
      leftovers.push_back(at->path());
    }
  }
  for (const fs::path& leftover : leftovers) {
    detail::removeQuietly(leftover);
  }
}

/// The dataset, packed and tokenised as the model needs it.
Result<study::TrainData> dataFor(const Session& session, const store::Workspace& workspace, const study::TrainSettings& settings,
                                 const std::optional<nn::Checkpoint>& init, const fs::path& tokenizerFolder) {
  if (isPack(settings.data)) {
    return study::openTrainData(settings.data);
  }
  LIX_TRY(const data::Dataset dataset, openDataset(&workspace, settings.data));
  std::shared_ptr<const nn::Tokenizer> tokenizer;
  nn::ModelConfig config;
  if (init) {
    config = init->model.config;
    LIX_TRY(tokenizer, nn::loadTokenizer(tokenizerFolder));
  } else {
    LIX_TRY(const nn::Recipe recipe, study::recipeFor(settings));
    LIX_TRY(config, nn::presetConfig(settings.size, study::architecture(settings, recipe)));
  }
  return study::prepareTrainData(dataset, study::prepareSettingsFor(config), tokenizer, workspace.cache() / "packs", session.progress());
}

/// Finds or makes the run's row. For --resume the settings are those of the training state, or of the row where a kill came
/// before the first checkpoint.
Result<store::RunRow> rowFor(const store::Workspace& workspace, TrainOrder& order) {
  const store::RunStore runs(workspace);
  const auto added = [&](const fs::path& out) {
    const study::TrainSettings& settings = order.settings;
    return runs.add({.recipe = settings.recipe, .size = settings.size, .dataset = settings.data,
                     .seed = static_cast<long long>(settings.seed), .settings = study::toJson(settings), .out = out,
                     .stepsTotal = settings.steps, .initCheckpoint = settings.init.empty() ? fs::path() : placeOf(settings.init)});
  };
  if (order.resume.empty()) {
    if (!isPack(order.settings.data)) {
      LIX_CHECK(findDataset(&workspace, order.settings.data));
    }
    if (order.out.empty()) {
      return added({});
    }
    if (const auto other = runs.findByOut(placeOf(order.out)); other && isLive(other->status)) {
      return fail(ErrorCode::Busy, cat("The run '", other->name, "' is writing to ", order.out.string(), "; choose another --out."));
    }
    return added(placeOf(order.out));
  }
  auto row = runs.findByOut(placeOf(order.resume));
  if (isCheckpoint(order.resume)) {
    LIX_TRY(const study::TrainState state, study::readTrainState(order.resume));
    LIX_TRY(order.settings, agree(state.settings, order));
  } else if (row) {
    LIX_TRY(const auto kept, study::settingsFromJson(row->settings));
    LIX_TRY(order.settings, agree(kept, order));
  } else {
    return fail(ErrorCode::NotFound, cat("No run of this workspace has its checkpoint at ", order.resume.string(), "."));
  }
  return row ? row : added(placeOf(order.resume));
}

Result<study::TrainEnd> runToTheEnd(const Session& session, const store::Workspace& workspace, const TrainOrder& order, const store::RunRow& row,
                                    Publisher& publisher) {
  const bool again = isCheckpoint(row.out);
  std::optional<nn::Checkpoint> init;
  const fs::path from = again ? row.out : fs::path(order.settings.init);
  if (!from.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(from));
  }
  LIX_TRY(const study::TrainData data, dataFor(session, workspace, order.settings, init, from));
  noteSkipped(session, data.pack);
  int step = 0;
  if (again) {
    LIX_TRY(const study::TrainState state, study::readTrainState(row.out));
    step = state.step;
  }
  publisher.beginAt(step);
  LIX_CHECK(store::MetricStore(workspace).forgetAfter(row.id, step));
  const auto canary = canaryFor(session, workspace, order.settings, data, init, from);
  if (!canary && !again) {
    return std::unexpected(canary.error());
  }
  if (!canary) {  // its dataset may be gone, but the run is worth going on with
    publisher.notice(canary.error().message);
  }
  study::Canary* const asked = canary ? canary->get() : nullptr;
  return again ? study::resume(data, row.out, publisher, asked, askedMicroBatch(order))
               : study::train(order.settings, data, init, row.out, publisher, asked);
}

/// Without a row: the workspace gets nothing but the packed data.
Result<Output> tryRun(const Session& session, const store::Workspace& workspace, const TrainOrder& order) {
  std::optional<nn::Checkpoint> init;
  if (!order.settings.init.empty()) {
    LIX_TRY(init, nn::loadCheckpoint(order.settings.init));
  }
  LIX_TRY(const study::TrainData data, dataFor(session, workspace, order.settings, init, order.settings.init));
  noteSkipped(session, data.pack);
  (void)!::nice(10);  // as the run itself
  return dryRunOutput(session, order.settings, data, init);
}

}  // namespace

Result<fs::path> ladderFolder(const Session& session, const std::string& recipe) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  return workspace.checkpoints() / recipe;
}

RunNumbers numbersOf(const Session& session, const fs::path& out) {
  const auto workspace = openWorkspace(session, store::OpenMode::ReadOnly);
  if (!workspace) {
    return {};
  }
  const auto row = store::RunStore(*workspace).findByOut(out);
  if (!row) {
    return {};
  }
  const auto values = [&](const char* name) {
    std::vector<double> all;
    for (const store::MetricPoint& point : store::MetricStore(*workspace).series(row->id, name).value_or(std::vector<store::MetricPoint>())) {
      all.push_back(point.value);
    }
    return all;
  };
  return summary(values("loss"), values("images_per_second"));
}

Result<Output> trainRun(const Session& session, TrainOrder order) {
  LIX_TRY(const std::string device, deviceFor(order.device));
  completePaths(order.settings);
  if (order.resume.empty()) {
    LIX_CHECK(checkOrder(session, order));
    lowerRateForPostTraining(session, order);
  }
  const bool mayMake = order.resume.empty() || isCheckpoint(order.resume);
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, mayMake ? store::OpenMode::Create : store::OpenMode::ReadWrite));
  if (order.resume.empty()) {
    LIX_CHECK(checkCanary(workspace, order.settings));
  }
  if (order.dryRun) {
    return tryRun(session, workspace, order);
  }
  LIX_CHECK(store::refreshLiveness(workspace));
  LIX_TRY(const store::RunRow row, rowFor(workspace, order));
  const store::RunStore runs(workspace);
  int threads = study::threadsFor(order.settings.threads);
  if (isCheckpoint(row.out)) {  // it goes on with those that it began with
    LIX_TRY(const study::TrainState state, study::readTrainState(row.out));
    threads = state.threads;
  }
  LIX_CHECK(runs.start(row.id, store::ownProcess(),
                       {.device = device, .cpuCapability = study::cpuCapability(), .build = LIX_VERSION, .threads = threads}, row.step));
  clearLeftovers(row.out);
  clearLeftovers(study::bestFolder(row.out));
  static const int kNiceness = ::nice(10);  // once: the window and everything else on the machine go first
  (void)kNiceness;
  Publisher publisher(session, workspace, row);
  const auto end = runToTheEnd(session, workspace, order, row, publisher);
  publisher.flush(publisher.step());
  if (!end) {
    // Where this cannot be written (disk full), what ended the run still is what a person must read.
    (void)runs.setStatus(row.id, end.error().code == ErrorCode::Cancelled ? RunStatus::Interrupted : RunStatus::Failed, end.error().message);
    return std::unexpected(end.error());
  }
  LIX_CHECK(runs.setStatus(row.id, *end == study::TrainEnd::Done        ? RunStatus::Done
                                   : *end == study::TrainEnd::Cancelled ? RunStatus::Cancelled
                                                                        : RunStatus::Interrupted,
                           *end == study::TrainEnd::Stopped ? cat("Stopped; continue with --resume ", row.out.string(), ".") : ""));
  Output output = trainOutput(order.settings, *end, row.out, publisher.last(), publisher.notices());
  if (!order.settings.canary.empty()) {
    addCanary(workspace, row.id, order.settings.canary, output);
  }
  return output;
}

}  // namespace lix::app
