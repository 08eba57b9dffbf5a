#include "store/checkpoint_store.h"

#include <algorithm>

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr const char* kSelect = "SELECT id, run, step, path, weights_hash, recipe, created_at FROM checkpoints";

CheckpointRow readRow(const Connection& connection, Query& query) {
  CheckpointRow row;
  row.id = query.integer();
  row.run = query.optionalInteger();
  row.step = query.integer();
  row.path = connection.restored(query.text());
  row.weightsHash = query.text();
  row.recipe = query.text();
  row.createdAt = query.text();
  return row;
}

}  // namespace

Result<long long> CheckpointStore::record(const CheckpointRow& row) const {
  return writing(*connection_, [&]() -> Result<long long> {
    Query query(*connection_,
                "INSERT INTO checkpoints (run, step, path, weights_hash, recipe, created_at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (path) DO UPDATE SET run = excluded.run, step = excluded.step, weights_hash = "
                "excluded.weights_hash, "
                "recipe = excluded.recipe, created_at = excluded.created_at RETURNING id");
    query.with(row.run, row.step, connection_->stored(row.path), row.weightsHash, row.recipe, now()).next();
    const long long id = query.integer();
    query.next();  // to its end, or the statement would hold the transaction open
    return id;
  });
}

Result<CheckpointRow> CheckpointStore::find(const std::filesystem::path& path) const {
  return reading(*connection_, [&]() -> Result<CheckpointRow> {
    Query query(*connection_, cat(kSelect, " WHERE path = ?"));
    if (query.with(connection_->stored(path)).next()) {
      return readRow(*connection_, query);
    }
    if (!connection_->moved().isEmpty()) {  // opened for reading, so that its row still says where it lay
      LIX_TRY(const auto rows, list());
      const auto found = std::ranges::find(rows, path, &CheckpointRow::path);
      if (found != rows.end()) {
        return *found;
      }
    }
    return fail(ErrorCode::NotFound, cat("The workspace knows no checkpoint in ", path.string(), "."));
  });
}

Result<void> CheckpointStore::forget(const std::filesystem::path& path) const {
  return writing(*connection_, [&]() -> Result<void> {
    const int gone = Query(*connection_, "DELETE FROM checkpoints WHERE path = ?").with(connection_->stored(path)).run();
    return gone == 1 ? Result<void>()
                     : fail(ErrorCode::NotFound, cat("The workspace knows no checkpoint in ", path.string(), "."));
  });
}

Result<std::vector<CheckpointRow>> CheckpointStore::list(std::optional<long long> run) const {
  return reading(*connection_, [&]() -> Result<std::vector<CheckpointRow>> {
    Query query(*connection_, cat(kSelect, " WHERE ?1 IS NULL OR run = ?1 ORDER BY run, step, id"));
    std::vector<CheckpointRow> rows;
    for (query.with(run); query.next();) {
      rows.push_back(readRow(*connection_, query));
    }
    return rows;
  });
}

}  // namespace lix::store
