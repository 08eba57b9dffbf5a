#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"

namespace lix::store {

class Connection;

enum class OpenMode {
  ReadWrite,  ///< an existing workspace that may be written to
  ReadOnly,   ///< an existing one, also on media that cannot be written to; nothing in its folder changes
  Create      ///< as ReadWrite, but makes the workspace where there is none
};

/// How changes are kept safe: a write-ahead log (many readers beside one writer, on one host), a rollback journal
/// (network file systems, whose shared memory cannot be trusted), or not at all (read-only media, opened as immutable
/// or as a copy).
enum class Journal { WriteAhead, Rollback, None };

/// What kind of file system a workspace lies on; Detect asks the kernel (statfs).
enum class FileSystem { Detect, Local, Network };

/// A folder with `workspace.sqlite`, `checkpoints/` and `cache/`: everything that a person made or measured.
/// One Workspace is one connection, used by one thread at a time; open another for another thread. Several programs may
/// use one workspace at the same time: a writer waits up to 10 s for its turn. The schema is documented in
/// migrations/*.sql (and in the file itself: `sqlite3 workspace.sqlite .schema`). One of an older version is brought up
/// to date when it is opened for writing; opened for reading it stays as it is, and what came later is empty. Fails with
/// one sentence where the folder is none, the file is damaged, no database, another program's, or of a newer version, or
/// where it cannot be written to.
class Workspace {
 public:
  static Result<Workspace> open(const std::filesystem::path& folder, OpenMode mode,
                                FileSystem fileSystem = FileSystem::Detect);
  /// Whether a workspace lies in the folder (its database is not looked into).
  static bool isIn(const std::filesystem::path& folder);

  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  ~Workspace();

  const std::filesystem::path& folder() const;
  std::filesystem::path checkpoints() const { return folder() / "checkpoints"; }
  std::filesystem::path cache() const { return folder() / "cache"; }
  bool isReadOnly() const;
  Journal journal() const;
  /// Reads the whole database: pages, indices, foreign keys. A failure names the first thing that is wrong.
  Result<void> check() const;

  /// For the stores.
  Connection& connection() const { return *connection_; }

 private:
  explicit Workspace(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

/// Several changes as one: BEGIN IMMEDIATE, rolled back at the end of the scope unless committed. Each change made by a
/// store is a transaction by itself, and joins the one that is open (as a savepoint).
class Transaction {
 public:
  static Result<Transaction> begin(const Workspace& workspace);
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)), level_(other.level_) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// Nothing was changed where this fails (disk full).
  Result<void> commit();

 private:
  Transaction(Connection& connection, int level) : connection_(&connection), level_(level) {}
  Connection* connection_;
  int level_;  ///< 0 for BEGIN IMMEDIATE, otherwise the savepoint's depth
};

/// The newest schema version that this program knows.
int schemaVersion();

/// The moment as the database writes it: UTC, ISO 8601, milliseconds ("2026-01-31T12:00:00.000Z").
std::string now();

}  // namespace lix::store
