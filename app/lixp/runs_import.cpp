#include "lixp/runs_import.h"

#include <limits>

#include "base/file.h"
#include "base/text.h"
#include "lixp/workspace_access.h"
#include "nn/checkpoint/checkpoint.h"
#include "nn/ops/tensor.h"
#include "store/checkpoint_store.h"
#include "store/metric_store.h"
#include "store/run_store.h"
#include "study/train/train.h"

namespace lix::app {
namespace {
using nlohmann::json;
namespace fs = std::filesystem;

struct Lines {
  std::vector<store::MetricPoint> points;
  std::size_t unreadable = 0;
};

bool addLine(const std::string& line, std::vector<store::MetricPoint>& points) {
  const json entry = json::parse(line, nullptr, false);
  if (!entry.is_object() || !entry.contains("step") || !entry["step"].is_number_integer()) {
    return false;
  }
  if (!entry.contains("series")) {
    return true;  // tells of a checkpoint
  }
  if (!entry["series"].is_object()) {
    return false;
  }
  for (const auto& [name, value] : entry["series"].items()) {
    // JSON has no word for a number that is none: it was written as null.
    points.push_back({entry["step"].get<long long>(), name,
                      value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN()});
  }
  return true;
}

Result<Lines> readLines(const fs::path& file) {
  LIX_TRY(const std::string text, readFile(file));
  Lines lines;
  for (const std::string& line : split(text, '\n')) {
    if (!trim(line).empty() && !addLine(line, lines.points)) {
      ++lines.unreadable;
    }
  }
  if (lines.points.empty()) {
    return fail(ErrorCode::BadInput,
                cat(file.string(),
                    " holds no series of a run; a run without a workspace writes one JSON object a step there."));
  }
  return lines;
}

}  // namespace

Result<Output> importRun(const Session& session, const fs::path& given) {
  fs::path folder = fs::absolute(given).lexically_normal();
  if (!folder.has_filename()) {  // "run/" is "run"
    folder = folder.parent_path();
  }
  LIX_TRY(const nn::Checkpoint checkpoint, nn::loadCheckpoint(folder));
  LIX_TRY(const study::TrainState state, study::readTrainState(folder));
  LIX_TRY(const Lines lines, readLines(folder.string() + ".metrics.jsonl"));
  LIX_TRY(const store::Workspace workspace, openWorkspace(session, store::OpenMode::Create));
  const store::RunStore runs(workspace);
  if (const auto there = runs.findByOut(folder)) {
    return fail(ErrorCode::BadInput, cat(folder.string(), " is the checkpoint of the run '", there->name,
                                         "' already; put that into the trash and empty it to import anew."));
  }
  LIX_TRY(auto transaction, store::Transaction::begin(workspace));
  const auto& s = state.settings;
  LIX_TRY(const store::RunRow row, runs.add({.recipe = s.recipe,
                                             .size = s.size,
                                             .dataset = s.data,
                                             .seed = static_cast<long long>(s.seed),
                                             .settings = study::toJson(s),
                                             .out = folder,
                                             .stepsTotal = s.steps,
                                             .initCheckpoint = s.init,
                                             .notes = "imported"}));
  LIX_CHECK(runs.start(row.id, store::ProcessIdentity(),
                       {.device = "", .cpuCapability = state.cpuCapability, .build = "", .threads = state.threads},
                       state.step));
  LIX_CHECK(store::MetricStore(workspace).append(row.id, lines.points));
  LIX_CHECK(store::MetricStore(workspace).forgetAfter(row.id, state.step));
  LIX_CHECK(store::CheckpointStore(workspace).record({.run = row.id,
                                                      .step = state.step,
                                                      .path = folder,
                                                      .weightsHash = checkpoint.weightsHash.text(),
                                                      .recipe = checkpoint.recipe}));
  const bool whole = state.step >= s.steps;
  LIX_CHECK(runs.setStatus(row.id, whole ? store::RunStatus::Done : store::RunStatus::Interrupted,
                           whole ? "" : "Imported before its last step."));
  LIX_CHECK(transaction.commit());
  return Output{{{"run", row.name},
                 {"step", state.step},
                 {"steps", s.steps},
                 {"points", lines.points.size()},
                 {"unreadable_lines", lines.unreadable}},
                cat("Imported ", folder.string(), " as ", row.name, ", step ", state.step, " of ", s.steps, ", ",
                    lines.points.size(), " points",
                    lines.unreadable > 0 ? cat("; ", lines.unreadable, " lines could not be read") : "", "\n")};
}

}  // namespace lix::app
