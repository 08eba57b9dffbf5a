#include "store/run_store.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "store/run_row.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 7> kStatusNames = {"queued", "running",   "paused",     "done",
                                                          "failed", "cancelled", "interrupted"};
constexpr std::array<std::string_view, 6> kRequestNames = {"none", "pause", "resume", "stop", "cancel", "keep"};

RunStatus statusOf(std::string_view name) {
  const auto found = std::find(kStatusNames.begin(), kStatusNames.end(), name);
  return found == kStatusNames.end() ? RunStatus::Failed : static_cast<RunStatus>(found - kStatusNames.begin());
}

/// "<recipe>-0001": one more than the greatest such number, so that names tell the order; the recipe may be a path.
std::string nextName(Connection& connection, const std::string& recipe) {
  std::string base = fs::path(recipe).stem().string();
  std::replace_if(
      base.begin(), base.end(), [](unsigned char c) { return std::isalnum(c) == 0 && c != '_' && c != '.'; }, '-');
  base = base.empty() ? "run" : base;
  long long last = 0;
  Query query(connection, "SELECT name FROM runs WHERE substr(name, 1, ?) = ?");
  const std::string prefix = base + "-";
  for (query.with(prefix.size(), prefix); query.next();) {
    last = std::max(last, toInteger(query.text().substr(prefix.size())).value_or(0));
  }
  std::array<char, 24> number{};
  std::snprintf(number.data(), number.size(), "%04lld", last + 1);
  return prefix + number.data();
}

std::unexpected<Error> takenName(std::string_view name) {
  return fail(ErrorCode::BadInput,
              cat("The workspace has a run '", name, "' already (perhaps in the trash). Choose another name."));
}

bool isTaken(Connection& connection, std::string_view name) {
  return Query(connection, "SELECT 1 FROM runs WHERE name = ?").with(name).next();
}

void insertRun(Connection& connection, const RunRow& row) {
  Query(connection,
        "INSERT INTO runs (name, recipe, size, dataset, seed, device, threads, cpu_capability, build, settings, out, "
        "status, message, steps_total, step, "
        "created_at, host, pid, process_start, parent_run, init_checkpoint, tags, notes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .with(row.name, row.recipe, row.size, row.dataset, row.seed, row.device, row.threads, row.cpuCapability,
            row.build, row.settings, connection.stored(row.out), nameOf(row.status), row.message, row.stepsTotal,
            row.step, row.createdAt, row.process.host, row.process.pid, row.process.start, row.parentRun,
            connection.stored(row.initCheckpoint), row.tags, row.notes)
      .run();
}

}  // namespace

std::string_view nameOf(RunStatus status) { return kStatusNames[static_cast<std::size_t>(status)]; }
std::string_view nameOf(RunRequest request) { return kRequestNames[static_cast<std::size_t>(request)]; }

std::optional<RunRequest> runRequestOf(std::string_view name) {
  const auto found = std::find(kRequestNames.begin(), kRequestNames.end(), name);
  return found == kRequestNames.end() ? std::nullopt
                                      : std::optional(static_cast<RunRequest>(found - kRequestNames.begin()));
}

bool isActive(RunStatus status) { return status == RunStatus::Running || status == RunStatus::Paused; }
bool isFinished(RunStatus status) {
  return status == RunStatus::Done || status == RunStatus::Failed || status == RunStatus::Cancelled;
}

std::string runColumns(Connection& connection) {
  return cat("id, name, recipe, size, dataset, seed, device, threads, cpu_capability, build, settings, out, status, ",
             "message, steps_total, step, created_at, coalesce(started_at, ''), coalesce(finished_at, ''), ",
             "coalesce(heartbeat_at, ''), coalesce(trashed_at, ''), host, pid, process_start, parent_run, ",
             "init_checkpoint, tags, notes, ",
             schemaVersionOf(connection) >= kQueueSince
                 ? "CASE WHEN status = 'queued' THEN (SELECT place FROM run_queue WHERE run = runs.id) END"
                 : "NULL");
}

RunRow readRun(const Connection& connection, Query& query) {
  RunRow row;
  row.id = query.integer();
  for (std::string* text : {&row.name, &row.recipe, &row.size, &row.dataset}) {
    *text = query.text();
  }
  row.seed = query.integer();
  row.device = query.text();
  row.threads = static_cast<int>(query.integer());
  for (std::string* text : {&row.cpuCapability, &row.build, &row.settings}) {
    *text = query.text();
  }
  row.settings = connection.moved().json(std::move(row.settings));
  row.out = connection.restored(query.text());
  row.status = statusOf(query.text());
  row.message = query.text();
  row.stepsTotal = query.integer();
  row.step = query.integer();
  for (std::string* text :
       {&row.createdAt, &row.startedAt, &row.finishedAt, &row.heartbeatAt, &row.trashedAt, &row.process.host}) {
    *text = query.text();
  }
  row.process.pid = query.integer();
  row.process.start = query.integer();
  row.parentRun = query.optionalInteger();
  row.initCheckpoint = connection.restored(query.text());
  row.tags = query.text();
  row.notes = query.text();
  row.queuePlace = query.optionalInteger();
  if (isActive(row.status) && livenessOf(row.process) == Liveness::Gone) {
    row.status = RunStatus::Interrupted;
    row.message = interruptedMessage(row.out);
    row.finishedAt = row.heartbeatAt;
  }
  return row;
}

std::unexpected<Error> unknownRun(long long id) {
  return fail(ErrorCode::NotFound, cat("The workspace has no run with id ", id, "; it may have been deleted."));
}

std::string interruptedMessage(const fs::path& out) {
  return cat(
      "The process ended without a word (killed, crashed, or the power was cut). lixp train --resume ",
      out.string(), " goes on from its newest checkpoint, or begins again where it wrote none.");
}

Result<RunRow> loadRun(Connection& connection, long long id) {
  Query query(connection, cat("SELECT ", runColumns(connection), " FROM runs WHERE id = ?"));
  return query.with(id).next() ? Result<RunRow>(readRun(connection, query)) : unknownRun(id);
}

Result<RunRow> RunStore::add(RunRow row) const {
  return writing(*connection_, [&]() -> Result<RunRow> {
    if (row.name.empty()) {
      row.name = nextName(*connection_, row.recipe);
    } else if (isTaken(*connection_, row.name)) {
      return takenName(row.name);
    }
    if (row.out.empty()) {
      row.out = connection_->place().folder / "checkpoints" / row.name;
    }
    row.createdAt = now();
    insertRun(*connection_, row);
    return loadRun(*connection_, connection_->database().getLastInsertRowid());
  });
}

Result<RunRow> RunStore::find(long long id) const {
  return reading(*connection_, [&] { return loadRun(*connection_, id); });
}

Result<RunRow> RunStore::findByName(std::string_view name) const {
  return reading(*connection_, [&]() -> Result<RunRow> {
    Query query(*connection_, cat("SELECT ", runColumns(*connection_), " FROM runs WHERE name = ?"));
    if (!query.with(name).next()) {
      return fail(ErrorCode::NotFound,
                  cat("The workspace has no run '", name, "'. Name one that lixp runs list shows."));
    }
    return readRun(*connection_, query);
  });
}

Result<RunRow> RunStore::findByOut(const fs::path& out) const {
  return reading(*connection_, [&]() -> Result<RunRow> {
    Query query(*connection_, cat("SELECT ", runColumns(*connection_),
                                  " FROM runs WHERE out = ? AND trashed_at IS NULL ORDER BY id DESC LIMIT 1"));
    if (!query.with(connection_->stored(out)).next()) {
      return fail(ErrorCode::NotFound, cat("The workspace has no run that writes to ", out.string(),
                                           ". Name the folder that was its --out."));
    }
    return readRun(*connection_, query);
  });
}

Result<std::vector<RunRow>> RunStore::list(RunsShown shown) const {
  return reading(*connection_, [&]() -> Result<std::vector<RunRow>> {
    const char* which = shown == RunsShown::Present   ? " WHERE trashed_at IS NULL"
                        : shown == RunsShown::Trashed ? " WHERE trashed_at IS NOT NULL"
                                                      : "";
    std::vector<RunRow> rows;
    for (Query query(*connection_, cat("SELECT ", runColumns(*connection_), " FROM runs", which, " ORDER BY id DESC"));
         query.next();) {
      rows.push_back(readRun(*connection_, query));
    }
    return rows;
  });
}

Result<void> RunStore::startQueued(long long id, const ProcessIdentity& process, const Machine& machine) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (!row.queuePlace) {
      return fail(ErrorCode::Busy, cat("The run '", row.name, "' does not wait in the queue any more; it is ",
                                       nameOf(row.status), "."));
    }
    return start(id, process, machine);
  });
}

Result<void> RunStore::start(long long id, const ProcessIdentity& process, const Machine& machine,
                             long long step) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (isActive(row.status) && row.process != process) {
      return fail(ErrorCode::Busy,
                  cat("The run '", row.name, "' is being trained already, by process ", row.process.pid, " on ",
                      row.process.host, ". Stop that one first (lixp runs control), or wait for it."));
    }
    if (!row.trashedAt.empty()) {
      return fail(ErrorCode::BadInput, cat("The run '", row.name, "' lies in the trash. Restore it to continue it."));
    }
    const std::string moment = now();
    for (const char* of : {"run_control", "run_queue", "keep_requests"}) {
      Query(*connection_, cat("DELETE FROM ", of, " WHERE run = ?")).with(id).run();
    }
    return updateRun(*connection_, id,
                     "status = 'running', message = '', started_at = coalesce(started_at, ?), finished_at = NULL, "
                     "heartbeat_at = ?, host = ?, pid = ?, "
                     "process_start = ?, device = ?, threads = ?, cpu_capability = ?, build = ?, step = ?",
                     moment, moment, process.host, process.pid, process.start, machine.device, machine.threads,
                     machine.cpuCapability, machine.build, step);
  });
}

Result<void> RunStore::heartbeat(long long id, long long step) const {
  return updateRun(*connection_, id, "step = ?, heartbeat_at = ?", step, now());
}

Result<void> RunStore::setStatus(long long id, RunStatus status, std::string_view message) const {
  const bool over = isFinished(status) || status == RunStatus::Interrupted;
  const std::string moment = now();
  return updateRun(*connection_, id, "status = ?, message = ?, heartbeat_at = ?, finished_at = nullif(?, '')",
                   nameOf(status), message, moment, over ? std::string_view(moment) : std::string_view());
}

Result<void> RunStore::setPlan(long long id, long long stepsTotal, std::string_view settings) const {
  return updateRun(*connection_, id, "steps_total = ?, settings = ?", stepsTotal, settings);
}

Result<void> RunStore::rename(long long id, std::string_view name) const {
  return writing(*connection_, [&]() -> Result<void> {
    if (Query(*connection_, "SELECT 1 FROM runs WHERE name = ? AND id <> ?").with(name, id).next()) {
      return takenName(name);
    }
    return updateRun(*connection_, id, "name = ?", name);
  });
}

Result<void> RunStore::annotate(long long id, std::string_view tags, std::string_view notes) const {
  return updateRun(*connection_, id, "tags = ?, notes = ?", tags, notes);
}

Result<void> RunStore::setRequest(long long id, RunRequest request) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (!isActive(row.status) && row.status != RunStatus::Queued && request != RunRequest::None) {
      return fail(ErrorCode::BadInput, cat("The run '", row.name, "' is ", nameOf(row.status),
                                           ", so it cannot be asked to ", nameOf(request), "."));
    }
    if (request == RunRequest::Keep) {
      Query(*connection_, "INSERT OR REPLACE INTO keep_requests (run, requested_at) VALUES (?, ?)").with(id, now()).run();
      return {};
    }
    Query(*connection_, "INSERT OR REPLACE INTO run_control (run, request, requested_at) VALUES (?, ?, ?)")
        .with(id, nameOf(request), now())
        .run();
    return {};
  });
}

Result<RunRequest> RunStore::request(long long id) const {
  return reading(*connection_, [&]() -> Result<RunRequest> {
    Query query(*connection_, "SELECT request FROM run_control WHERE run = ?");
    return query.with(id).next() ? runRequestOf(query.text()).value_or(RunRequest::None) : RunRequest::None;
  });
}

Result<bool> RunStore::takeKeep(long long id) const {
  LIX_TRY(const bool asked, reading(*connection_, [&]() -> Result<bool> {
            return Query(*connection_, "SELECT 1 FROM keep_requests WHERE run = ?").with(id).next();
          }));
  if (!asked) {  // as a rule: nothing is written
    return false;
  }
  return writing(*connection_, [&]() -> Result<bool> {
    return Query(*connection_, "DELETE FROM keep_requests WHERE run = ?").with(id).run() == 1;
  });
}

}  // namespace lix::store
