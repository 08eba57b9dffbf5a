// The ends of runs: the trash, and processes that ended without a word.
#include <algorithm>

#include "base/text.h"
#include "store/run_row.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

/// Whether `inner` is `outer` or lies below it. Both are absolute and normal.
bool isWithin(const fs::path& inner, const fs::path& outer) {
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::vector<fs::path> readPaths(Connection& connection, const std::string& sql) {
  std::vector<fs::path> paths;
  for (Query query(connection, sql); query.next();) {
    if (fs::path path = connection.restored(query.text()); !path.empty()) {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

/// Folders of the trashed runs that hold nothing which stays, and lie in nothing which stays; outermost ones only.
std::vector<fs::path> foldersToRemove(Connection& connection) {
  const auto trashed =
      readPaths(connection,
                "SELECT out FROM runs WHERE trashed_at IS NOT NULL UNION "
                "SELECT path FROM checkpoints JOIN runs ON runs.id = run WHERE trashed_at IS NOT NULL ORDER BY 1");
  auto kept = readPaths(connection,
                        "SELECT out FROM runs WHERE trashed_at IS NULL UNION "
                        "SELECT init_checkpoint FROM runs WHERE trashed_at IS NULL AND status IN ('queued', 'running', "
                        "'paused', 'interrupted') UNION "
                        "SELECT path FROM checkpoints LEFT JOIN runs ON runs.id = run WHERE trashed_at IS NULL");
  const fs::path& workspace = connection.place().folder;
  std::vector<fs::path> folders;
  for (const fs::path& path : trashed) {
    const bool holdsWorkspace = isWithin(workspace / "checkpoints", path) || isWithin(workspace / "cache", path);
    const bool needed = std::any_of(kept.begin(), kept.end(), [&](const fs::path& other) {
      return isWithin(other, path) || isWithin(path, other);
    });
    const bool covered =
        std::any_of(folders.begin(), folders.end(), [&](const fs::path& other) { return isWithin(path, other); });
    if (!holdsWorkspace && !needed && !covered) {
      folders.push_back(path);
    }
  }
  return folders;
}

}  // namespace

Result<void> RunStore::trash(long long id) const {
  return writing(*connection_, [&]() -> Result<void> {
    LIX_TRY(const RunRow row, loadRun(*connection_, id));
    if (isActive(row.status)) {
      return fail(ErrorCode::Busy,
                  cat("The run '", row.name, "' is ", nameOf(row.status), ". Stop it before moving it to the trash."));
    }
    return updateRun(*connection_, id, "trashed_at = coalesce(trashed_at, ?)", now());
  });
}

Result<void> RunStore::restore(long long id) const { return updateRun(*connection_, id, "trashed_at = NULL"); }

Result<std::vector<fs::path>> RunStore::emptyTrash() const {
  return writing(*connection_, [&]() -> Result<std::vector<fs::path>> {
    auto folders = foldersToRemove(*connection_);
    connection_->database().exec(
        "DELETE FROM runs WHERE trashed_at IS NOT NULL");  // the rest goes with them (ON DELETE CASCADE)
    return folders;
  });
}

Result<std::vector<long long>> refreshLiveness(const Workspace& workspace) {
  Connection& connection = workspace.connection();
  std::vector<long long> gone;
  if (workspace.isReadOnly()) {
    return gone;
  }
  // Looked at without the lock first: as a rule nothing is to be changed.
  LIX_CHECK(reading(connection, [&]() -> Result<void> {
    for (Query query(connection, cat("SELECT ", runColumns(connection), " FROM runs WHERE status IN ('running', 'paused')"));
         query.next();) {
      if (const RunRow row = readRun(connection, query); row.status == RunStatus::Interrupted) {
        gone.push_back(row.id);
      }
    }
    return {};
  }));
  if (gone.empty()) {
    return gone;
  }
  return writing(connection, [&]() -> Result<std::vector<long long>> {
    std::vector<long long> marked;
    for (const long long id : gone) {
      const auto row = loadRun(connection, id);  // again, under the lock: it may have been resumed meanwhile
      if (row && row->status == RunStatus::Interrupted) {
        LIX_CHECK(updateRun(connection, id,
                            "status = 'interrupted', message = ?, finished_at = coalesce(finished_at, heartbeat_at)",
                            row->message));
        marked.push_back(id);
      }
    }
    return marked;
  });
}

}  // namespace lix::store
