#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "lixp/train_canary.h"
#include "lixp/train_publisher.h"
#include "lixp/train_ranks.h"
#include "lixp/train_workspace.h"
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
using store::RunStatus;

bool isLive(RunStatus status) { return status == RunStatus::Running || status == RunStatus::Paused; }

bool isPack(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "pack.json", ignored) || study::isFeatureFile(folder);
}

/// Data, numbers and recipe.
Result<nn::Recipe> recipeOf(const study::TrainSettings& settings) {
  if (settings.data.empty()) {
    return fail(ErrorCode::BadInput, "Say what to train on: --data NAME (emoji and scenes are built in).");
  }
  LIX_CHECK(settings.validate());
  LIX_TRY(nn::Recipe recipe, study::recipeFor(settings));
  if (recipe.towers == nn::Towers::Heads && !study::isFeatureFile(settings.data)) {
    return fail(ErrorCode::BadInput, cat("Heads learn on a file of features, and '", settings.data, "' is none; make one with: lixp data "
                                         "features ", settings.data, " --from CHECKPOINT --out FILE.safetensors"));
  }
  return recipe;
}

Result<void> checkPlaces(const TrainOrder& order) {
  if (order.out.empty()) {
    return {};
  }
  LIX_CHECK(checkOut(order.out));
  return order.settings.canaryBest.empty() ? Result<void>() : checkOut(study::bestFolder(placeOf(order.out)));
}

/// What can be known to be wrong of a new run before anything is made for it.
Result<void> checkOrder(const Session& session, const TrainOrder& order) {
  const study::TrainSettings& settings = order.settings;
  LIX_TRY(const nn::Recipe recipe, recipeOf(settings));
  if (settings.init.empty() && recipe.towers != nn::Towers::Heads) {  // the features decide the sizes of heads
    LIX_TRY(const nn::ModelConfig config, nn::presetConfig(settings.size, study::architecture(settings, recipe)));
    LIX_CHECK(stateNeed(session, settings, recipe, config));
  } else if (!settings.init.empty()) {
    LIX_TRY(const nn::Checkpoint init, nn::loadCheckpoint(settings.init));
    LIX_CHECK(stateNeed(session, settings, recipe, init.model.config));
  }
  return checkPlaces(order);
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

/// Finds or makes the run's row. For --resume the settings are those of the training state, or of the row where a kill came
/// before the first checkpoint.
Result<store::RunRow> rowFor(const store::Workspace& workspace, TrainOrder& order) {
  const store::RunStore runs(workspace);
  const auto added = [&](const fs::path& out) {
    return runs.add(plannedRow(order.settings, out));
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
  if (again) {
    LIX_CHECK(store::MetricStore(workspace).append(row.id, std::vector{store::MetricPoint{step, "resumed", 1.0}}));
  }
  const auto canary = canaryFor(session, workspace, order.settings, data, init, from);
  if (!canary && !again) {
    return std::unexpected(canary.error());
  }
  if (!canary) {  // its dataset may be gone, but the run is worth going on with
    publisher.notice(canary.error().message);
  }
  study::Canary* const asked = canary ? canary->get() : nullptr;
  Ranks* const ranks = order.ranks.get();
  LIX_CHECK(beginTogether(ranks, {order.settings, row.out, again, askedMicroBatch(order)}));
  return again ? study::resume(data, row.out, publisher, asked, askedMicroBatch(order), ranks)
               : study::train(order.settings, data, init, row.out, publisher, asked, ranks);
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

/// Takes the run over and carries it to its end; its row tells how that was.
Result<Output> carryOut(const Session& session, const store::Workspace& workspace, const TrainOrder& order,
                        const store::RunRow& row) {
  const store::RunStore runs(workspace);
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

store::RunStore::Machine machineFor(const std::string& device, int threads) {
  return {.device = device, .cpuCapability = study::cpuCapability(), .build = LIX_VERSION, .threads = threads};
}

/// A run that waited for its turn. What is wrong with it is told by its row from here on.
Result<Output> startQueued(const Session& session, TrainOrder order, const std::string& device) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadWrite));
  LIX_CHECK(store::refreshLiveness(workspace));
  LIX_TRY(const store::RunRow row, takeQueued(workspace, machineFor(device, study::threadsFor(0)), order));
  const auto checked = [&]() -> Result<void> {
    LIX_TRY(order.settings, study::settingsFromJson(row.settings));
    order.out = row.out;
    LIX_CHECK(checkAsked(workspace, order));
    return checkOrder(session, order);
  }();
  if (!checked) {
    (void)store::RunStore(workspace).setStatus(row.id, RunStatus::Failed, checked.error().message);
    return std::unexpected(checked.error());
  }
  return carryOut(session, workspace, order, row);
}

}  // namespace

Result<void> checkAsked(const store::Workspace& workspace, const TrainOrder& order) {
  LIX_CHECK(recipeOf(order.settings));
  LIX_CHECK(checkCanary(workspace, order.settings));
  if (!isPack(order.settings.data)) {
    LIX_CHECK(findDataset(&workspace, order.settings.data));
  }
  return checkPlaces(order);
}

store::RunRow plannedRow(const study::TrainSettings& settings, const fs::path& out) {
  return {.recipe = settings.recipe, .size = settings.size, .dataset = settings.data,
          .seed = static_cast<long long>(settings.seed), .settings = study::toJson(settings), .out = out,
          .stepsTotal = settings.steps, .initCheckpoint = settings.init.empty() ? fs::path() : placeOf(settings.init)};
}

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

Result<study::TrainData> preparedData(const Session& session, const study::TrainSettings& settings,
                                      const std::optional<nn::Checkpoint>& init, const fs::path& tokenizerFolder) {
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::ReadOnly));
  return dataFor(session, workspace, settings, init, tokenizerFolder);
}

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
  if (!order.queued.empty()) {
    return startQueued(session, std::move(order), device);
  }
  completePaths(order.settings);
  if (order.queue || !order.requeue.empty()) {
    lowerRateForPostTraining(session, order);
    return queueRun(session, order);
  }
  if (!order.preview.empty()) {
    LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
    return previewRun(session, workspace, order);
  }
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
  int threads = study::threadsFor(order.settings.threads);
  if (isCheckpoint(row.out)) {  // it goes on with those that it began with
    LIX_TRY(const study::TrainState state, study::readTrainState(row.out));
    threads = state.threads;
  }
  LIX_CHECK(store::RunStore(workspace).start(row.id, store::ownProcess(), machineFor(device, threads), row.step));
  return carryOut(session, workspace, order, row);
}

}  // namespace lix::app
