#include "base/contracts.h"
#include "base/text.h"
#include "store/connection.h"

namespace lix::store {

Result<Transaction> Transaction::begin(const Workspace& workspace) { return begin(workspace.connection()); }

Result<Transaction> Transaction::begin(Connection& connection) {
  if (connection.place().readOnly) {
    return fail(ErrorCode::Unsupported, cat("The workspace ", connection.place().folder.string(),
                                            " is open for reading only; open it for writing to change it."));
  }
  return guarded(connection.place().database, [&]() -> Result<Transaction> {
    const int level = connection.depth;
    if (level > 0 && connection.isIdle()) {
      return fail(ErrorCode::Io,
                  "An earlier change of the same transaction failed, so nothing more can be added to it; begin again.");
    }
    connection.database().exec(level == 0 ? std::string("BEGIN IMMEDIATE") : cat("SAVEPOINT lix", level));
    ++connection.depth;
    return Transaction(connection, level);
  });
}

Transaction::~Transaction() {
  if (connection_ == nullptr) {
    return;
  }
  LIX_REQUIRE(connection_->depth == level_ + 1);  // transactions end in the reverse order of their beginnings
  connection_->depth = level_;
  if (!connection_->isIdle()) {
    const std::string undo =
        level_ == 0 ? std::string("ROLLBACK") : cat("ROLLBACK TO lix", level_, "; RELEASE lix", level_);
    connection_->database().tryExec(undo);
  }
}

Result<void> Transaction::commit() {
  LIX_REQUIRE(connection_ != nullptr && connection_->depth == level_ + 1);
  return guarded(connection_->place().database, [&]() -> Result<void> {
    connection_->database().exec(level_ == 0 ? std::string("COMMIT") : cat("RELEASE lix", level_));
    connection_->depth = level_;
    connection_ = nullptr;
    return {};
  });
}

}  // namespace lix::store
