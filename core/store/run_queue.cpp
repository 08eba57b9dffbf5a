// Runs that wait for their turn.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "store/run_row.h"

namespace lix::store {
namespace {

std::unexpected<Error> notWaiting(const RunRow& row) {
  return fail(ErrorCode::BadInput, cat("The run '", row.name, "' does not wait in the queue; it is ",
                                       row.trashedAt.empty() ? nameOf(row.status) : "in the trash", "."));
}

void place(Connection& connection, long long id, long long place) {
  Query(connection, "INSERT OR REPLACE INTO run_queue (run, place) VALUES (?, ?)").with(id, place).run();
}

}  // namespace

Result<void> RunStore::enqueue(long long id) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (row.status != RunStatus::Queued) {
      return fail(ErrorCode::BadInput,
                  cat("The run '", row.name, "' is ", nameOf(row.status), ", so it cannot wait for its turn."));
    }
    Query last(*connection_, "SELECT coalesce(max(place), 0) FROM run_queue");
    last.next();
    place(*connection_, id, last.integer() + 1);
    return {};
  });
}

Result<std::vector<RunRow>> RunStore::queue() const {
  return reading(*connection_, [&]() -> Result<std::vector<RunRow>> {
    std::vector<RunRow> rows;
    if (schemaVersionOf(*connection_) < kQueueSince) {
      return rows;
    }
    for (Query query(*connection_, cat("SELECT ", runColumns(*connection_), " FROM runs WHERE status = 'queued' AND "
                                       "trashed_at IS NULL AND id IN (SELECT run FROM run_queue)"));
         query.next();) {
      rows.push_back(readRun(*connection_, query));
    }
    std::ranges::sort(rows, {}, [](const RunRow& row) { return std::pair(*row.queuePlace, row.id); });
    return rows;
  });
}

Result<void> RunStore::moveInQueue(long long id, int places) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(auto rows, queue());
    const auto found = std::ranges::find(rows, id, &RunRow::id);
    if (found == rows.end()) {
      LIX_TRY(const RunRow row, loadRun(*connection_, id));
      return notWaiting(row);
    }
    const auto from = found - rows.begin();
    const auto to = std::clamp<std::ptrdiff_t>(from + places, 0, std::ssize(rows) - 1);
    RunRow moved = std::move(*found);
    rows.erase(found);
    rows.insert(rows.begin() + to, std::move(moved));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      place(*connection_, rows[i].id, static_cast<long long>(i) + 1);
    }
    return {};
  });
}

Result<void> RunStore::replan(long long id, const RunRow& plan) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (!row.queuePlace || !row.trashedAt.empty()) {
      return notWaiting(row);
    }
    return updateRun(*connection_, id,
                     "recipe = ?, size = ?, dataset = ?, seed = ?, settings = ?, steps_total = ?, init_checkpoint = ?",
                     plan.recipe, plan.size, plan.dataset, plan.seed, plan.settings, plan.stepsTotal,
                     connection_->stored(plan.initCheckpoint));
  });
}

}  // namespace lix::store
