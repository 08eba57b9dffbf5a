#pragma once
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <concepts>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "store/moved.h"
#include "store/workspace.h"

namespace lix::store {

/// Removes a folder at the end of its life.
class FolderRemover {
 public:
  FolderRemover() = default;
  explicit FolderRemover(std::filesystem::path path) : path_(std::move(path)) {}
  FolderRemover(FolderRemover&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  FolderRemover& operator=(FolderRemover&&) = delete;
  ~FolderRemover();

 private:
  std::filesystem::path path_;
};

/// One open database. Private to the room: the only place, with its .cpp, that knows SQLite's errors.
class Connection {
 public:
  struct Place {
    std::filesystem::path folder;    ///< of the workspace, canonical
    std::filesystem::path database;  ///< the file as people know it, for messages
    bool readOnly = false;
    Journal journal = Journal::WriteAhead;
  };
  /// `name` is a path or URI for SQLite. Throws SQLite::Exception.
  Connection(Place place, const std::string& name, int flags, FolderRemover copy = {});

  const Place& place() const { return place_; }
  SQLite::Database& database() { return database_; }
  /// Whether SQLite has no open transaction; it ends one by itself on some errors (disk full).
  bool isIdle();
  int depth = 0;  ///< how many Transactions are open

  /// Paths as the database keeps them (relative where inside the workspace), and back.
  std::string stored(const std::filesystem::path& path) const;
  std::filesystem::path restored(const std::string& text) const;
  /// What was written down whole (pictures, JSON) where the workspace lay before, as it is now.
  const Moved& moved() const { return moved_; }
  void setMoved(Moved moved) { moved_ = std::move(moved); }

 private:
  Place place_;
  Moved moved_;
  FolderRemover copy_;  ///< the temporary copy that is open; outlives database_
  SQLite::Database database_;
};

/// The version of the schema that the database has now: of one opened for reading it may be older than this program's.
int schemaVersionOf(Connection& connection);

/// What SQLite's code means for that database file, as one sentence with the remedy.
Error translate(const std::filesystem::path& database, const SQLite::Exception& exception);

/// Runs `work()`, which returns a Result, and turns SQLite's exceptions into its error.
template <class Work>
auto guarded(const std::filesystem::path& database, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const SQLite::Exception& exception) {
    return std::unexpected(translate(database, exception));
  }
}

template <class Work>
auto reading(Connection& connection, Work&& work) -> decltype(work()) {
  return guarded(connection.place().database, std::forward<Work>(work));
}

/// Runs `work()` as one transaction that is committed where it succeeds.
template <class Work>
auto writing(Connection& connection, Work&& work) -> decltype(work()) {
  LIX_TRY(Transaction transaction, Transaction::begin(connection));
  auto result = reading(connection, std::forward<Work>(work));
  if (result) {
    LIX_CHECK(transaction.commit());
  }
  return result;
}

/// Bytes that are no text, for a parameter; text() reads them back.
struct Blob {
  const std::string& bytes;
};

/// One statement with its parameters bound in order and its columns read in order.
class Query {
 public:
  Query(Connection& connection, const std::string& sql) : statement_(connection.database(), sql) {}

  template <class... Values>
  Query& with(const Values&... values) {
    statement_.reset();
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  void bind(int index, std::integral auto value) { statement_.bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, double value) { statement_.bind(index, value); }  // not a number becomes NULL
  void bind(int index, std::string_view value) { statement_.bind(index, std::string(value)); }
  void bind(int index, const Blob& value) {
    statement_.bind(index, value.bytes.data(), static_cast<int>(value.bytes.size()));
  }
  void bind(int index, std::optional<long long> value) { value ? bind(index, *value) : statement_.bind(index); }

  /// Steps to the next row, if there is one, and to its first column.
  bool next() {
    column_ = 0;
    return statement_.executeStep();
  }
  /// For statements without rows; returns how many rows changed.
  int run() { return statement_.exec(); }

  std::string text() { return statement_.getColumn(column_++).getString(); }
  long long integer() { return statement_.getColumn(column_++).getInt64(); }
  double real();  ///< NULL is not a number
  std::optional<long long> optionalInteger();

 private:
  SQLite::Statement statement_;
  int column_ = 0;
};

}  // namespace lix::store
