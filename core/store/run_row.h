#pragma once
#include "store/connection.h"
#include "store/run_store.h"

namespace lix::store {

/// The columns of `runs` in the order of readRun. Private to the room. A workspace of before the queue, read only, has
/// no places.
std::string runColumns(Connection& connection);
/// The schema version that has the queue and the steps to keep.
inline constexpr int kQueueSince = 4;

/// One row; a running or paused one whose process is gone comes back as interrupted.
RunRow readRun(const Connection& connection, Query& query);

bool isActive(RunStatus status);    ///< running or paused
bool isFinished(RunStatus status);  ///< done, failed or cancelled: nothing is left to continue

std::unexpected<Error> unknownRun(long long id);
/// The row, or unknownRun. Throws SQLite::Exception.
Result<RunRow> loadRun(Connection& connection, long long id);
/// Binds `values` and then the id to `UPDATE runs SET <assignments> WHERE id = ?`; unknownRun where there is none.
template <class... Values>
Result<void> updateRun(Connection& connection, long long id, const std::string& assignments, const Values&... values) {
  return writing(connection, [&]() -> Result<void> {
    const int changed = Query(connection, "UPDATE runs SET " + assignments + " WHERE id = ?").with(values..., id).run();
    return changed == 1 ? Result<void>() : unknownRun(id);
  });
}

/// Why an interrupted run ended, and how it goes on.
std::string interruptedMessage(const std::filesystem::path& out);

}  // namespace lix::store
